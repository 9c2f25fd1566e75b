//! Where everything is on this machine, and what a system starts with.

pub(crate) mod card;
pub(crate) mod events;
pub(crate) mod lane;
pub(crate) mod run_state;
pub(crate) mod seed;
pub(crate) mod story;
pub(crate) mod workspace;
