//! The ports in memory, with fault injection; a bus that runs whole sagas on a virtual clock; the logs of the code
//! under test; and the contract that every adapter of the ports keeps.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test support: a broken expectation ends the test"
)]

pub mod builders;
mod bus;
pub mod contract;
mod faults;
mod logs;
mod memory;
mod properties;
pub mod sagas;

pub use bus::{Bus, Client, Consumer, DeadLetter, Delivery, Dice, Posted, Schedule, Worker, queue_url};
pub use faults::{Faults, Operation};
pub use logs::Logs;
pub use memory::{
    MemoryDatabase, MemoryExecutions, MemoryIndex, MemoryOutbound, MemoryStore, Published, Sent, SetAside, Told,
};
pub use properties::properties;
