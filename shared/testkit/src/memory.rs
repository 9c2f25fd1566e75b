//! The ports in memory.

mod database;
mod outbound;
mod paging;
mod store;

pub use database::MemoryDatabase;
pub use outbound::{MemoryOutbound, Published, Sent, SetAside};
pub use paging::MemoryIndex;
pub use store::MemoryStore;
