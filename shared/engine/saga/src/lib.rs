//! Sagas as typed values: a builder that accepts only a sound order of steps, and the machine that runs a saga.
//!
//! Read [`saga()`] first; its example is a whole saga. What was written down is a [`Definition`], plain data. `graph.rs` says
//! where each [`Outcome`] of each command leads ([`Definition::after`]), and no other place says it again. [`react`] is the
//! machine that the Rust lane runs: the graph, with patience and repeats added to it. [`asl`] renders the same graph as a
//! state machine of Step Functions, [`diagram`] as a picture.
//!
//! Nothing here is async, reads a clock, draws a random number or names a service of AWS other than Step Functions: time and
//! identities come in as arguments, commands and waits go out as values.

pub mod asl;
mod builder;
mod command;
mod definition;
pub mod diagram;
mod graph;
mod machine;
mod waiting;

pub use builder::{AfterPivot, BeforePivot, Builder, Opening, Phase, Saga, saga};
pub use command::{Command, CommandOf, NO_ANSWER, Refusal};
pub use definition::{Class, CommandSpec, Definition, Patience, StepSpec, Wording};
pub use graph::{Outcome, Position};
pub use machine::{Input, Reaction, State, Violation, react, start};
pub use waiting::Waiting;
