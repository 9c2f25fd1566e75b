//! One run of a saga, as far as a picture shows it.

use thiserror::Error;

use crate::{Definition, Outcome, Position};

/// The way that a run of a saga took, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    taken: Vec<(Position, Outcome)>,
    position: Position,
}

/// An outcome that the definition does not allow where it is said to have happened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{saga} does not allow that {handler} is {outcome} where it awaits {awaited}")]
pub struct Stray {
    saga: String,
    handler: String,
    outcome: String,
    awaited: &'static str,
}

impl Run {
    /// Follows the commands of a run in the order in which they were sent, each with its outcome, if it has an outcome yet.
    ///
    /// # Errors
    /// A command or an outcome that the definition does not allow at that point.
    pub fn follow<'a>(
        definition: &Definition,
        sent: impl IntoIterator<Item = (&'a str, Option<Outcome>)>,
    ) -> Result<Self, Stray> {
        let mut run = Self { taken: Vec::new(), position: Position::FIRST };
        for (handler, outcome) in sent {
            let awaited = definition.command_at(run.position).map(|command| command.handler);
            let stray = || Stray {
                saga: format!("{} of version {}", definition.name, definition.version),
                handler: handler.to_owned(),
                outcome: outcome.map_or_else(|| "Sent".to_owned(), |outcome| format!("{outcome:?}")),
                awaited: awaited.unwrap_or("nothing"),
            };
            if awaited != Some(handler) {
                return Err(stray());
            }
            if let Some(outcome) = outcome {
                let next = definition.after(run.position, outcome).ok_or_else(stray)?;
                run.taken.push((run.position, outcome));
                run.position = next;
            }
        }
        Ok(run)
    }

    /// Where the run stands.
    pub fn position(&self) -> Position {
        self.position
    }

    pub(super) fn awaits(&self, position: Position) -> bool {
        self.position == position && !position.is_over()
    }

    /// Whether the run has left this position behind, or ended there.
    pub(super) fn has_passed(&self, position: Position) -> bool {
        self.taken.iter().any(|(passed, _)| *passed == position) || self.position == position
    }

    pub(super) fn has_taken(&self, position: Position, outcome: Outcome) -> bool {
        self.taken.contains(&(position, outcome))
    }
}
