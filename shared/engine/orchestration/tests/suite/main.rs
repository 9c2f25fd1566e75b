//! Sagas end as they must, in either lane, over the ports in memory.
#![allow(
    clippy::indexing_slicing,
    reason = "JSON documents are read by name, which gives null where there is nothing; nothing here is deployed"
)]
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

mod alarms;
mod catalog;
mod endings;
mod hops;
mod orchestrator;
mod progress;
mod secrets;
mod silence;
mod step_functions;
mod times;
mod versions;
mod waking;
