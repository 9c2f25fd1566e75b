//! The machine: a pure function of a saga's state and what just happened.
//!
//! The graph says where an outcome leads; the machine adds how long it waits, how often it repeats, and why it goes
//! back.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{CommandSpec, Definition, Outcome, Position, Refusal};

/// After this many repeats a command that is never given up raises an alarm.
const ALARM_AFTER: u32 = 4;

/// A saga between two messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How far it has come.
    pub position: Position,
    /// How often the awaited command has been repeated.
    pub repeats: u32,
    /// Why it goes back, once it does.
    pub because: Option<Refusal>,
}

impl State {
    /// Whether nothing more will happen.
    pub fn is_over(&self) -> bool {
        self.position.is_over()
    }

    /// The command whose reply is awaited.
    pub fn awaited(&self, definition: &Definition) -> Option<CommandSpec> {
        definition.command_at(self.position)
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input<'a> {
    /// The command with this handler took effect.
    Succeeded(&'a str),
    /// The command with this handler was refused.
    Refused(&'a str, Refusal),
    /// No reply came in time.
    Silence,
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// The saga from now on.
    pub state: State,
    /// The command to send, with how long to wait for its reply; `None` when the saga is over.
    pub send: Option<(CommandSpec, Duration)>,
    /// Whether a person should look: the saga repeats a command that it can never give up.
    pub alarm: bool,
}

/// A reply that breaks the saga's contract.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{handler} must not be refused at this point of the saga, but was: {reason}")]
pub struct Violation {
    /// The command that was refused.
    pub handler: String,
    /// The refusal's reason.
    pub reason: String,
}

/// The saga's beginning.
pub fn start(definition: &Definition) -> Reaction {
    move_to(definition, Position::FIRST, None)
}

/// The reaction to `input`, or `None` when the input no longer matters: a late or repeated reply.
///
/// # Errors
/// A refusal of a command that cannot be refused; the saga stays where it is.
pub fn react(definition: &Definition, state: &State, input: Input<'_>) -> Result<Option<Reaction>, Violation> {
    let Some(awaited) = state.awaited(definition) else { return Ok(None) };
    let after = |outcome| definition.after(state.position, outcome);
    let next = match input {
        Input::Succeeded(handler) | Input::Refused(handler, _) if handler != awaited.handler => None,
        Input::Succeeded(_) => after(Outcome::Succeeded).map(|next| (next, state.because.clone())),
        Input::Refused(handler, refusal) => match after(Outcome::Refused) {
            Some(next) => Some((next, Some(refusal))),
            None => return Err(Violation { handler: handler.to_owned(), reason: refusal.reason }),
        },
        Input::Silence => match after(Outcome::Unknown).filter(|_| state.repeats >= definition.patience.repeats) {
            Some(next) => Some((next, Some(Refusal::no_answer(awaited.participant)))),
            None => return Ok(Some(repeat(definition, state, awaited))),
        },
    };
    Ok(next.map(|(position, because)| move_to(definition, position, because)))
}

fn repeat(definition: &Definition, state: &State, awaited: CommandSpec) -> Reaction {
    let repeats = state.repeats.saturating_add(1);
    let state = State { repeats, ..state.clone() };
    let alarm = definition.is_stuck(state.position, repeats);
    Reaction { state, send: Some((awaited, definition.patience.wait(repeats))), alarm }
}

fn move_to(definition: &Definition, position: Position, because: Option<Refusal>) -> Reaction {
    let state = State { position, repeats: 0, because };
    let send = state.awaited(definition).map(|command| (command, definition.patience.wait(0)));
    Reaction { state, send, alarm: false }
}

impl Definition {
    /// Whether a person should look: the command awaited at `position` can never be given up, and was repeated often.
    pub fn is_stuck(&self, position: Position, repeats: u32) -> bool {
        let gives_up = self.after(position, Outcome::Unknown).is_some();
        !position.is_over() && !gives_up && repeats >= ALARM_AFTER
    }
}

#[cfg(test)]
pub(crate) mod tests;
