//! Sagas as typed values: a builder that only accepts a sound order of steps, and the machine that runs one.
//!
//! Nothing here is async, reads a clock, draws a random number or names AWS: time and identities come in as arguments,
//! commands and deadlines go out as values.

pub mod asl;
mod builder;
mod command;
mod definition;
pub mod diagram;
mod graph;
mod machine;

pub use builder::{AfterPivot, BeforePivot, Builder, Opening, Phase, Saga, saga};
pub use command::{Command, CommandOf, NO_ANSWER, Refusal};
pub use definition::{Class, CommandSpec, Definition, Patience, StepSpec, Wording};
pub use graph::{Outcome, Position};
pub use machine::{Input, Reaction, State, Violation, react, start};
