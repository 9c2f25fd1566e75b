//! What the kitchen's staff call, and of the stock what customers see, one RPC per file.

mod list_stock;
mod list_tickets;
mod set_stock;
mod start_ticket;

pub use list_stock::ListStock;
pub use list_tickets::ListTickets;
pub use set_stock::SetStock;
pub use start_ticket::StartTicket;

use buffa_types::google::protobuf::Timestamp;
use contracts::Reason;
use contracts::kitchen_api::v1;
use rpc::RpcError;
use uuid::Uuid;

use crate::domain::{Item, Ticket, TicketStatus};

/// The identity of the ticket, which is its order's.
fn parse_order_id(order_id: &str) -> Result<Uuid, RpcError> {
    Uuid::parse_str(order_id).map_err(|_| RpcError::invalid("order_id", "must be a UUID of 36 characters"))
}

fn no_ticket(order_id: &str) -> RpcError {
    let message = format!("there is no ticket of the order {}: start one that ListTickets shows", order_id);
    RpcError::refused(Reason::TicketNotFound, message).about("order_id", order_id)
}

/// The ticket as the API shows it.
fn shown(ticket: &Ticket) -> v1::Ticket {
    let created_at = ticket.created_at();
    let item = |item: &Item| v1::ticket::Item {
        product_id: item.product.to_string(),
        // A quantity is at most a thousand.
        quantity: i32::try_from(item.quantity.get()).unwrap_or(i32::MAX),
        ..Default::default()
    };
    let nanos = i32::try_from(created_at.nanosecond()).unwrap_or_default();
    v1::Ticket {
        order_id: ticket.order_id().to_string(),
        status: shown_status(ticket.status()).into(),
        items: ticket.items().iter().map(item).collect(),
        created_at: Timestamp::from_unix(created_at.unix_timestamp(), nanos).into(),
        ..Default::default()
    }
}

fn shown_status(status: TicketStatus) -> v1::TicketStatus {
    match status {
        TicketStatus::CreatePending => v1::TicketStatus::CreatePending,
        TicketStatus::Approved => v1::TicketStatus::Approved,
        TicketStatus::Preparing => v1::TicketStatus::Preparing,
        TicketStatus::Rejected => v1::TicketStatus::Rejected,
        TicketStatus::Canceled => v1::TicketStatus::Canceled,
    }
}
