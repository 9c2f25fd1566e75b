//! The loop keeps its promises, over the ports in memory.
#![allow(
    clippy::indexing_slicing,
    reason = "JSON documents are read by name, which gives null where there is nothing; nothing here is deployed"
)]
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

mod conflicts;
mod counters;
mod crashes;
mod effect_steps;
mod effects;
mod hops;
mod poison;
mod relay;
mod repeats;
