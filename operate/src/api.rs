//! The API's callers: what they send, which token they bring, and how long they wait.

pub(crate) mod client;
pub(crate) mod deadline;
pub(crate) mod door;
pub(crate) mod journal;
pub(crate) mod token;
