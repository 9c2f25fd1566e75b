//! The places of things on this machine, and the data that a system starts with.

pub(crate) mod events;
pub(crate) mod lane;
pub(crate) mod run_state;
pub(crate) mod workspace;
