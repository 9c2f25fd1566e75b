//! Whole sagas in memory: the services as they are, on a bus, tables and a clock that a test controls.
#![allow(
    clippy::indexing_slicing,
    reason = "JSON documents are read by name, which gives null where there is nothing; nothing here is deployed"
)]

mod stories;
mod world;
