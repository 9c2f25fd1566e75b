//! The adapters, tried against an AWS that gives the answers that it is told to give.
//!
//! The SDK's own replay client is not used: its feature `test-util` makes serde_json keep the order in which a map's
//! keys were inserted, so every test of the workspace would see JSON that production does not write.

mod answers;
mod batches;
mod counts;
mod dropped;
mod executions;
mod history;
mod keys;
mod listings;
mod network;
mod outbound;
mod pages;
mod retries;
mod saves;
mod topic;
mod touches;
mod transactions;
mod world;
