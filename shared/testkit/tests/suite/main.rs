//! The ports in memory keep the contract, and the loop of `messaging` keeps its promises on them.
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

mod bus;
mod conflicts;
mod contract;
mod counters;
mod crashes;
mod effects;
mod faults;
mod orchestrator;
mod poison;
mod repeats;
mod saga_fixture;
mod silence;
mod step_functions;
mod tally;
mod versions;
