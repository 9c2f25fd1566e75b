//! Where everything is on this machine, and what a system starts with.

pub mod events;
pub mod lane;
pub mod run_state;
pub mod seed;
pub mod workspace;
