//! Whole sagas in memory: the services as they are, on a bus, tables and a clock that a test controls.
#![allow(
    clippy::indexing_slicing,
    reason = "JSON documents are read by name, which gives null where there is nothing; nothing here is deployed"
)]

mod audit;
mod deeds;
mod menu;
mod outages;
mod plan;
mod provider;
mod races;
mod reasons;
mod redrive;
mod refusals;
mod seeds;
mod services;
mod stories;
mod times;
mod waking;
mod wording;
mod world;

use anyhow::Result;

/// Runs a test's future to its end on this thread alone, so that it always runs the same way.
fn block_on<T>(test: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(test)
}
