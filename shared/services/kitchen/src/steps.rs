//! The commands that Kitchen accepts from a saga, one file each.

mod approve_ticket;
mod cancel_ticket;
mod create_ticket;
mod reject_ticket;

pub use approve_ticket::ApproveTicket;
pub use cancel_ticket::CancelTicket;
pub use create_ticket::CreateTicket;
pub use reject_ticket::RejectTicket;

use messaging::{Answer, Counter, Failure, Reply};
use uuid::Uuid;

use crate::domain::{Item, Ticket};
use crate::shard_key;

/// The identity of the ticket, which is its order's.
fn parse_order_id(order_id: &str) -> Result<Uuid, Failure> {
    Uuid::parse_str(order_id).map_err(|error| Failure::set_aside(format!("order_id is not a UUID: {error}")))
}

/// The ticket, which a saga only asks about after it has created it.
fn existing(state: Option<&Ticket>) -> Result<&Ticket, Failure> {
    state.ok_or_else(|| Failure::set_aside("there is no such ticket"))
}

/// What reserving takes from one shard of each product's stock.
fn taken(items: &[Item], shard: u32) -> Vec<Counter> {
    let counter =
        |item: &Item| Counter { key: shard_key(&item.product, shard), delta: -i64::from(item.quantity.get()) };
    items.iter().map(counter).collect()
}

/// What a ticket gives back to each product's stock: to its first shard, which is there whatever the others are by now.
fn returned(items: &[Item]) -> Vec<Counter> {
    let counter = |item: &Item| Counter { key: shard_key(&item.product, 0), delta: item.quantity.get().into() };
    items.iter().map(counter).collect()
}

/// Saves the ticket together with the counters it moves.
fn save_with<R>(ticket: Ticket, answer: Answer<R>, counters: Vec<Counter>) -> Reply<Ticket, R> {
    Reply::Save { state: ticket, answer, events: Vec::new(), counters }
}
