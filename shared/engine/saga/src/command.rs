//! What a saga needs to know of a command.

use serde::{Deserialize, Serialize};

/// A request to one participant, and whether the participant may refuse it.
pub trait Command {
    /// The function that handles the command, such as `reserve-goods`.
    const HANDLER: &'static str;
    /// The service that owns the handler, such as `warehouse`.
    const PARTICIPANT: &'static str;
    /// [`Refusal`] when a business rule can forbid the command, [`std::convert::Infallible`] when no rule can.
    type Refusal;
}

/// How one saga words a command from its data.
pub trait CommandOf<D>: Command + Sized {
    /// How the command tells the refusal that it follows from; `None` for a command that does not tell why it is sent.
    const WHY: Option<fn(Self, &Refusal) -> Self> = None;

    /// Builds the command.
    fn of(data: &D) -> Self;
}

/// The reason of a command that was given up because no reply came.
pub const NO_ANSWER: &str = "NO_ANSWER";

/// Why a participant said no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The reason in UPPER_SNAKE_CASE, such as `SOLD_OUT`.
    pub reason: String,
    /// The reason in words, for a person.
    pub message: String,
}

impl Refusal {
    /// A refusal with its reason and its wording.
    pub fn new(reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self { reason: reason.into(), message: message.into() }
    }

    /// The refusal that stands for the silence of a participant, so that the way back treats both alike.
    pub fn no_answer(participant: &str) -> Self {
        Self::new(NO_ANSWER, format!("{participant} did not answer in time"))
    }
}

impl From<std::convert::Infallible> for Refusal {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
