//! Pictures of a saga: all that may happen, and on request what did happen in one run.
//!
//! The graph says where an outcome leads, to the machine and to the pictures alike, so a picture shows what the machine
//! does.

mod chart;
mod dot;
mod mermaid;
mod run;

pub use dot::dot;
pub use mermaid::mermaid;
pub use run::{Run, Stray};

#[cfg(test)]
mod tests;
