//! The ports in memory keep the contract, and the bus, the faults and the logs are what they say they are.
#![allow(
    clippy::indexing_slicing,
    reason = "JSON documents are read by name, which gives null where there is nothing; nothing here is deployed"
)]
#![allow(clippy::expect_used, clippy::panic, reason = "tests")]

mod bus;
mod contract;
mod faults;
mod logs;
