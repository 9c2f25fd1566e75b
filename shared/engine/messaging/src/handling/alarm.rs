//! Alarms: lines of the log that a deployment counts.

use uuid::Uuid;

/// A message or an event was set aside: somebody has to look at it.
pub const SET_ASIDE: &str = "set-aside";
/// A message is left for redelivery. That is no news unless it lasts.
pub const LEFT: &str = "left-for-redelivery";

/// Something about a saga that an operator has to look at. It is part of a decision and is raised once the
/// decision is saved. A function that dies in between misses the alarm; the command's next repeat raises it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// The word, in the log's field `alarm`, by which a deployment counts these alarms.
    pub name: &'static str,
    /// What has happened, for a person.
    pub text: &'static str,
    /// The saga's identity.
    pub saga_id: Uuid,
    /// The saga's name.
    pub saga: String,
    /// How often the saga's command was repeated.
    pub repeats: u32,
}

impl Alarm {
    /// Writes the alarm into the log.
    pub(super) fn raise(&self) {
        let Self { name, text, saga_id, saga, repeats } = self;
        tracing::error!(alarm = name, %saga_id, saga, repeats, "{text}");
    }
}
