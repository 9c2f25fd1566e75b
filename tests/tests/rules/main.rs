//! What the checkout promises before anything runs: the rules of the house, and that all that is derived is fresh and sound.
#![allow(
    clippy::indexing_slicing,
    reason = "JSON documents are read by name, which gives null where there is nothing; nothing here is deployed"
)]

mod auth0;
mod client;
mod commands;
mod console;
mod contracts;
mod engine;
mod events;
mod packages;
mod paths;
mod policy;
mod prices;
mod release;
mod sagas;
mod state_machines;
mod template;
mod tidy;
mod workflows;
