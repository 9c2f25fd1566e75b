//! A counter that is short refuses the write; `refused` turns that into the saga's refusal and saves it.

use contracts::kitchen::v1;
use messaging::Refusal;
use messaging::{Context, CounterRefused, Failure, Key, Reply, Step};
use uuid::Uuid;

use super::{parse_order_id, save_with, taken};
use crate::domain::{Items, Ticket, TicketError};

/// CreateTicket: reserves stock for an order, in one write with the ticket.
pub struct CreateTicket;

struct Input {
    order_id: Uuid,
    items: Items,
}

impl TryFrom<&v1::CreateTicket> for Input {
    type Error = Failure;

    fn try_from(command: &v1::CreateTicket) -> Result<Self, Failure> {
        let items = command.items.iter().map(|item| (item.product_id.as_str(), item.quantity));
        let items = Items::parse(items).map_err(Failure::set_aside)?;
        Ok(Self { order_id: parse_order_id(&command.order_id)?, items })
    }
}

impl Step for CreateTicket {
    type Command = v1::CreateTicket;
    type Aggregate = Ticket;

    fn key(&self, command: &v1::CreateTicket) -> Result<Key, Failure> {
        parse_order_id(&command.order_id).map(|id| id.to_string())
    }

    fn decide(
        &self,
        state: Option<&Ticket>,
        command: &v1::CreateTicket,
        context: &Context<'_>,
    ) -> Result<Reply<Ticket, Refusal>, Failure> {
        let Input { order_id, items } = Input::try_from(command)?;
        let Some(ticket) = state else {
            let counters = taken(items.as_slice());
            return Ok(save_with(Ticket::reserve(order_id, items, context.now), Ok(()), counters));
        };
        match ticket.create_again(&items) {
            Ok(()) => Ok(Reply::Already(Ok(()))),
            // A rejected ticket stays rejected, so the answer needs no record of its own.
            Err(error @ TicketError::Rejected) => {
                Ok(Reply::Already(Err(Refusal::new("TICKET_REJECTED", error.to_string()))))
            }
            Err(error @ TicketError::OtherItems(_)) => Err(Failure::set_aside(error)),
        }
    }

    fn refused(
        &self,
        command: &v1::CreateTicket,
        refused: CounterRefused,
        context: &Context<'_>,
    ) -> Result<(Ticket, Refusal), Failure> {
        let Input { order_id, items } = Input::try_from(command)?;
        let refusal = match refused {
            CounterRefused::Short(product) => {
                Refusal::new("OUT_OF_STOCK", format!("there is not enough {product} left"))
            }
            CounterRefused::Missing(product) => {
                Refusal::new("UNKNOWN_PRODUCT", format!("the kitchen does not make {product}"))
            }
        };
        Ok((Ticket::refuse(order_id, items, context.now), refusal))
    }
}

#[cfg(test)]
mod tests;
