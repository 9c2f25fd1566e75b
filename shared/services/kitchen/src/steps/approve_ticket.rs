//! Only an approved ticket can be started, so nothing is cooked before this command comes.

use std::convert::Infallible;

use contracts::kitchen::v1;
use messaging::{Context, Failure, Key, Reply, Step};

use super::{existing, parse_order_id};
use crate::domain::{Ticket, Transition};

/// ApproveTicket: releases a reserved ticket to the cooks.
pub struct ApproveTicket;

impl Step for ApproveTicket {
    type Command = v1::ApproveTicket;
    type Aggregate = Ticket;

    fn key(&self, command: &v1::ApproveTicket) -> Result<Key, Failure> {
        parse_order_id(&command.order_id).map(|id| id.to_string())
    }

    fn decide(
        &self,
        state: Option<&Ticket>,
        _command: &v1::ApproveTicket,
        _context: &Context<'_>,
    ) -> Result<Reply<Ticket, Infallible>, Failure> {
        match existing(state)?.approve().map_err(Failure::set_aside)? {
            Transition::Changed(ticket) => Ok(Reply::save(ticket, Ok(()))),
            Transition::Already => Ok(Reply::Already(Ok(()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TicketStatus::{Approved, Canceled, CreatePending, Preparing, Rejected};
    use crate::fixture::{ORDER, set_aside, ticket, with_context};

    fn decide(state: Option<&Ticket>) -> Result<Reply<Ticket, Infallible>, Failure> {
        let command = v1::ApproveTicket { order_id: ORDER.to_string(), ..Default::default() };
        with_context(command.clone(), |context| ApproveTicket.decide(state, &command, context))
    }

    #[test]
    fn a_reserved_ticket_is_released_and_keeps_its_stock() {
        assert_eq!(decide(Some(&ticket(CreatePending))), Ok(Reply::save(ticket(Approved), Ok(()))));
    }

    #[test]
    fn a_late_repeat_changes_nothing() {
        for status in [Approved, Preparing, Canceled] {
            assert_eq!(decide(Some(&ticket(status))), Ok(Reply::Already(Ok(()))), "{status}");
        }
    }

    #[test]
    fn what_holds_no_stock_is_never_released() {
        assert_eq!(decide(None), set_aside("there is no such ticket"));
        assert_eq!(decide(Some(&ticket(Rejected))), set_aside("approve does not fit a ticket that is REJECTED"));
    }

    #[test]
    fn the_ticket_is_the_orders_and_a_command_without_an_order_names_none() {
        let command = v1::ApproveTicket { order_id: ORDER.to_string().to_uppercase(), ..Default::default() };
        assert_eq!(ApproveTicket.key(&command), Ok(ORDER.to_string()));
        assert!(matches!(ApproveTicket.key(&v1::ApproveTicket::default()), Err(Failure::SetAside(_))));
    }
}
