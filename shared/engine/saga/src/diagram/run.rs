//! One run of a saga, as far as a picture shows it.

use thiserror::Error;

use crate::{Definition, Input, Position, Refusal, State, react, start};

/// What became of one command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Its reply is awaited.
    Sent,
    /// It took effect.
    Succeeded,
    /// A business rule forbade it.
    Refused,
    /// It stayed silent to the end.
    Unknown,
}

/// The way that a run of a saga took, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    taken: Vec<(Position, Outcome)>,
    position: Position,
}

/// An outcome that the definition does not allow where it is said to have happened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{saga} does not allow that {handler} is {outcome:?} where it awaits {awaited}")]
pub struct Stray {
    saga: String,
    handler: String,
    outcome: Outcome,
    awaited: &'static str,
}

impl Run {
    /// Follows the outcomes of a run's commands, in the order in which they were sent.
    ///
    /// # Errors
    /// An outcome that the definition does not allow at that point.
    pub fn follow<'a>(
        definition: &Definition,
        outcomes: impl IntoIterator<Item = (&'a str, Outcome)>,
    ) -> Result<Self, Stray> {
        let mut run = Self { taken: Vec::new(), position: start(definition).state.position };
        for (handler, outcome) in outcomes {
            let awaited = standing_at(run.position, definition).awaited(definition).map(|command| command.handler);
            let stray = || Stray {
                saga: format!("{} of version {}", definition.name, definition.version),
                handler: handler.to_owned(),
                outcome,
                awaited: awaited.unwrap_or("nothing"),
            };
            if awaited != Some(handler) {
                return Err(stray());
            }
            if outcome != Outcome::Sent {
                let next = after(definition, run.position, outcome).ok_or_else(stray)?;
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
        self.position == position && !matches!(position, Position::Completed | Position::Compensated)
    }

    /// Whether the run has left this position behind, or ended there.
    pub(super) fn has_passed(&self, position: Position) -> bool {
        self.taken.iter().any(|(passed, _)| *passed == position) || self.position == position
    }

    pub(super) fn has_taken(&self, position: Position, outcome: Outcome) -> bool {
        self.taken.contains(&(position, outcome))
    }
}

/// Where the machine goes on after this outcome; `None` where it forbids the outcome or only repeats the command.
pub(super) fn after(definition: &Definition, position: Position, outcome: Outcome) -> Option<Position> {
    let state = standing_at(position, definition);
    let handler = state.awaited(definition)?.handler;
    let input = match outcome {
        Outcome::Sent => return None,
        Outcome::Succeeded => Input::Succeeded(handler),
        Outcome::Refused => Input::Refused(handler, Refusal::new("REFUSED", "refused")),
        Outcome::Unknown => Input::Silence,
    };
    let next = react(definition, &state, input).ok()??.state.position;
    (next != position).then_some(next)
}

/// The machine at this position after the last repeat, so that one more silence is the one that counts.
pub(super) fn standing_at(position: Position, definition: &Definition) -> State {
    State { position, repeats: definition.patience.repeats, because: None }
}
