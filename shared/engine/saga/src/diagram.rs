//! Pictures of a saga: all that may happen, and on request what did happen in one run.
//!
//! Where an outcome leads is asked of the machine, so a picture cannot say anything else than what the machine does.

mod chart;
mod dot;
mod mermaid;
mod run;
#[cfg(test)]
mod tests;

pub use dot::dot;
pub use mermaid::mermaid;
pub use run::{Outcome, Run, Stray};
