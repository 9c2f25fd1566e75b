//! The adapters, tried against an AWS that gives the answers that it is told to give.
//!
//! The SDK's own replay client is not used: its feature `test-util` lets serde_json keep the order of a map's keys, so
//! the whole workspace would be compiled a second time, and tested with JSON that production does not write.

mod answers;
mod batches;
mod clock;
mod executions;
mod history;
mod network;
mod outbound;
mod pages;
mod retries;
mod saves;
mod transactions;
mod world;
