//! The Billing service: authorizations of cards, the payment gateway behind a port, and the steps that sagas ask for.
//!
//! The gateway's effects are outside our tables: a step performs them under an idempotency key that the order gives
//! it, and reverses them when a cancellation has come first.

pub mod domain;
pub mod gateway;
pub mod steps;
mod stored;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod loop_tests;
#[cfg(test)] extern crate self as testkit;
#[cfg(test)] #[allow(warnings)] #[path = "/tmp/tk/faults.rs"] mod tk_faults;
#[cfg(test)] #[allow(warnings)] #[path = "/tmp/tk/memory/mod.rs"] mod tk_memory;
#[cfg(test)] pub use tk_faults::{Faults, Operation};
#[cfg(test)] pub use tk_memory::{MemoryDatabase, MemoryIndex, MemoryOutbound, MemoryStore, Published, Sent, SetAside};
