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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use testkit::sagas::version_1;

    use super::*;

    #[test]
    fn each_lane_waits_in_its_own_way() {
        let saga = version_1();
        let of = |lane: Lane, position| {
            let waiting = lane.waiting(saga.definition(), position)?;
            Some((waiting.waits[0], waiting.given_up_after))
        };
        let waits = |seconds, sendings| Some((Duration::from_secs(seconds), sendings));
        assert_eq!(of(Lane::Rust, Position::FIRST), waits(10, Some(4)));
        assert_eq!(of(Lane::StepFunctions, Position::FIRST), waits(37, Some(4)));
        assert_eq!(of(Lane::Rust, Position::UndoingStart), waits(10, None));
        assert_eq!(of(Lane::StepFunctions, Position::UndoingStart), waits(160, None));
        for lane in [Lane::Rust, Lane::StepFunctions] {
            assert_eq!(of(lane, Position::Completed), None, "{lane:?}");
        }
    }
}
