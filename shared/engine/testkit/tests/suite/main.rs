//! The ports in memory keep the contract, and the loop of `messaging` keeps its promises on them.
#![allow(
    clippy::indexing_slicing,
    reason = "JSON documents are read by name, which gives null where there is nothing; nothing here is deployed"
)]
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

mod alarms;
mod bus;
mod conflicts;
mod contract;
mod counters;
mod crashes;
mod effect_steps;
mod effects;
mod endings;
mod faults;
mod hops;
mod logs;
mod orchestrator;
mod poison;
mod progress;
mod repeats;
mod saga_fixture;
mod silence;
mod step_functions;
mod tally;
mod times;
mod versions;
