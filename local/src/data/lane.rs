//! The two orchestrators of the sagas.

use std::fmt;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// A lane: a way to orchestrate the sagas. A stack is deployed with exactly one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[value(rename_all = "lower")]
pub enum Lane {
    /// The function orchestrate-saga with a table of its own.
    #[default]
    Rust,
    /// A state machine per saga, with start-saga and resume-saga at its ends.
    StepFunctions,
}

impl Lane {
    /// Both lanes.
    pub const ALL: [Self; 2] = [Self::Rust, Self::StepFunctions];

    /// Its value of the template's parameter `Orchestrator`.
    #[must_use]
    pub fn parameter(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
            Self::StepFunctions => "StepFunctions",
        }
    }

    /// The logical id of the queue that takes replies: the return address of its commands.
    #[must_use]
    pub fn reply_queue(self) -> &'static str {
        match self {
            Self::Rust => "SagaQueue",
            Self::StepFunctions => "ResumeSagaQueue",
        }
    }
}

/// As it is written at the command line and in the names of tests: `rust`, `stepfunctions`.
impl fmt::Display for Lane {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Rust => "rust",
            Self::StepFunctions => "stepfunctions",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_is_read_as_it_is_written() {
        for lane in Lane::ALL {
            assert_eq!(Lane::from_str(&lane.to_string(), false), Ok(lane));
            assert_eq!(serde_json::to_value(lane).unwrap(), lane.to_string());
        }
        assert!(Lane::from_str("express", false).is_err());
    }
}
