//! What a saga needs to know of a command.

use serde::{Deserialize, Serialize};

/// A request to one participant, and whether the participant may refuse it.
pub trait Command {
    /// The function that handles the command, such as `reserve-goods`.
    const HANDLER: &'static str;
    /// The service that owns the handler, such as `shop`.
    const PARTICIPANT: &'static str;
    /// [`Refusal`] when a business rule can forbid the command, [`std::convert::Infallible`] when none can.
    type Refusal;
}

/// How one saga words a command from its data.
pub trait CommandOf<D>: Command + Sized {
    /// Builds the command; `because` is the refusal that a compensation answers.
    fn of(data: &D, because: Option<&Refusal>) -> Self;
}

/// Why a participant said no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The reason in UPPER_SNAKE_CASE, such as `SOLD_OUT`.
    pub reason: String,
    /// The same for a person to read.
    pub message: String,
}

impl Refusal {
    /// A refusal with its reason and its wording.
    pub fn new(reason: impl Into<String>, message: impl Into<String>) -> Self {
        Self { reason: reason.into(), message: message.into() }
    }
}

impl From<std::convert::Infallible> for Refusal {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
