//! The words, in the log's field `alarm`, by which a deployment counts what became of messages.

/// A message or an event was set aside: somebody has to look at it.
pub const SET_ASIDE: &str = "set-aside";
/// A message is left for redelivery. That is no news unless it lasts.
pub const LEFT: &str = "left-for-redelivery";
