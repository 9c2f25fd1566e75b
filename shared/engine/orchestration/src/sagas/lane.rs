//! The two lanes, and how long each waits.

use saga::{Definition, Position, Waiting, asl};
use serde::Deserialize;

/// Which lane runs the sagas, as the template's parameter `Orchestrator` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Lane {
    /// A function orchestrates them.
    Rust,
    /// State machines do.
    StepFunctions,
}

impl Lane {
    /// How long the lane waits for the command at `position`; `None` if no command is awaited there.
    pub fn waiting(self, definition: &Definition, position: Position) -> Option<Waiting> {
        match self {
            Self::Rust => definition.waiting(position),
            Self::StepFunctions => asl::waiting(definition, position),
        }
    }
}
