//! Tickets and stock: pure, and always valid once constructed.

mod item;
mod shards;
mod stock;
mod ticket;

pub use item::{Item, Items, ItemsError, MAX_ITEMS, MAX_QUANTITY, ProductId, ProductIdError, Quantity, QuantityError};
pub use shards::{MAX_SHARDS, Shards, ShardsError, taken_from};
pub use stock::{Available, AvailableError, MAX_AVAILABLE, Stock};
pub use ticket::{CancelError, Illegal, KEPT_FOR, Ticket, TicketError, TicketStatus, Transition};
