//! The machine: a pure function of a saga's state and what just happened.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{CommandSpec, Definition, Refusal};

/// How many sendings of a command that is never given up raise an alarm.
const ALARM_AFTER: u32 = 4;

/// How far a saga has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Waits for the reply of the step with this index.
    Doing(usize),
    /// Waits for the reply of this step's undo.
    Undoing(usize),
    /// Waits for the undo of the transaction that started the saga.
    UndoingStart,
    /// Every step has succeeded.
    Completed,
    /// Everything has been undone.
    Compensated,
}

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
        matches!(self.position, Position::Completed | Position::Compensated)
    }

    /// The command whose reply is awaited.
    pub fn awaited(&self, definition: &Definition) -> Option<CommandSpec> {
        match self.position {
            Position::Doing(step) => definition.steps.get(step).map(|step| step.command),
            Position::Undoing(step) => definition.steps.get(step).and_then(|step| step.undo),
            Position::UndoingStart => Some(definition.undo),
            Position::Completed | Position::Compensated => None,
        }
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
    /// The reason it gave.
    pub reason: String,
}

/// The saga's beginning.
pub fn start(definition: &Definition) -> Reaction {
    move_to(definition, Position::Doing(0), None)
}

/// The reaction to `input`, or `None` when the input no longer matters: a late or repeated reply.
///
/// # Errors
/// A refusal of a command that cannot be refused; the saga stays where it is.
pub fn react(definition: &Definition, state: &State, input: Input<'_>) -> Result<Option<Reaction>, Violation> {
    let Some(awaited) = state.awaited(definition) else { return Ok(None) };
    match input {
        Input::Succeeded(handler) | Input::Refused(handler, _) if handler != awaited.handler => Ok(None),
        Input::Succeeded(_) => Ok(Some(succeed(definition, state))),
        Input::Refused(handler, refusal) => refuse(definition, state, handler, refusal).map(Some),
        Input::Silence => Ok(Some(wait_on(definition, state, awaited))),
    }
}

fn succeed(definition: &Definition, state: &State) -> Reaction {
    let because = state.because.clone();
    match state.position {
        Position::Doing(step) if step + 1 < definition.steps.len() => {
            move_to(definition, Position::Doing(step + 1), because)
        }
        Position::Doing(_) => move_to(definition, Position::Completed, because),
        Position::Undoing(step) => move_to(definition, before(step), because),
        Position::UndoingStart | Position::Completed | Position::Compensated => {
            move_to(definition, Position::Compensated, because)
        }
    }
}

fn refuse(definition: &Definition, state: &State, handler: &str, refusal: Refusal) -> Result<Reaction, Violation> {
    match state.position {
        // After the pivot, and on the way back, the participant has promised not to refuse.
        Position::Doing(step) if !definition.after_pivot(step) => Ok(move_to(definition, before(step), Some(refusal))),
        _ => Err(Violation { handler: handler.to_owned(), reason: refusal.reason }),
    }
}

fn wait_on(definition: &Definition, state: &State, awaited: CommandSpec) -> Reaction {
    let repeats = state.repeats.saturating_add(1);
    if let Position::Doing(step) = state.position
        && repeats > definition.patience.repeats
        && definition.steps.get(step).is_some_and(crate::StepSpec::gives_up)
    {
        let unknown = Refusal::new("NO_ANSWER", format!("{} did not answer in time", awaited.participant));
        return move_to(definition, Position::Undoing(step), Some(unknown));
    }
    let state = State { repeats, ..state.clone() };
    let alarm = definition.is_stuck(state.position, repeats);
    Reaction { state, send: Some((awaited, definition.patience.wait(repeats))), alarm }
}

/// Where the way back goes on after the step with this index.
fn before(step: usize) -> Position {
    step.checked_sub(1).map_or(Position::UndoingStart, Position::Undoing)
}

fn move_to(definition: &Definition, position: Position, because: Option<Refusal>) -> Reaction {
    let state = State { position, repeats: 0, because };
    let send = state.awaited(definition).map(|command| (command, definition.patience.wait(0)));
    Reaction { state, send, alarm: false }
}

impl Definition {
    /// Whether a person should look: the command awaited at `position` can never be given up, and was repeated often.
    pub fn is_stuck(&self, position: Position, repeats: u32) -> bool {
        let gives_up = match position {
            Position::Doing(step) => self.steps.get(step).is_some_and(crate::StepSpec::gives_up),
            Position::Undoing(_) | Position::UndoingStart => false,
            Position::Completed | Position::Compensated => return false,
        };
        !gives_up && repeats >= ALARM_AFTER
    }

    fn after_pivot(&self, step: usize) -> bool {
        self.steps.get(step).is_none_or(|step| step.class == crate::Class::Retriable)
    }
}

#[cfg(test)]
pub(crate) mod tests;
