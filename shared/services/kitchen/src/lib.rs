//! The Kitchen service: tickets and stock, the steps that sagas ask for, and what the kitchen's staff call.
//!
//! A ticket and its stock change in one write: what a ticket reserves is taken from counters beside it, and given back
//! when the ticket is rejected or canceled.

pub mod api;
pub mod deployment;
pub mod domain;
pub mod steps;
mod stored;

pub use stored::{BY_STATUS, STOCK, StoredStock, TICKETS, shard_key};

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
