//! The ports in memory.

mod database;
mod executions;
mod outbound;
mod paging;
mod store;

pub use database::MemoryDatabase;
pub use executions::{MemoryExecutions, Told};
pub use outbound::{MemoryOutbound, Published, Sent, SetAside};
pub use paging::MemoryIndex;
pub use store::MemoryStore;
