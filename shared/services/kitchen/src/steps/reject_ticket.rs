//! An undo may overtake its command: here it leaves a tombstone that the command will find.

use std::convert::Infallible;

use contracts::kitchen::v1;
use messaging::{Context, Failure, Key, Reply, Step};

use super::{parse_order_id, returned, save_with};
use crate::domain::{Ticket, Transition};

/// RejectTicket: undoes CreateTicket, whether it has arrived or not.
pub struct RejectTicket;

impl Step for RejectTicket {
    type Command = v1::RejectTicket;
    type Aggregate = Ticket;

    fn key(&self, command: &v1::RejectTicket) -> Result<Key, Failure> {
        parse_order_id(&command.order_id).map(|id| id.to_string())
    }

    fn decide(
        &self,
        state: Option<&Ticket>,
        command: &v1::RejectTicket,
        context: &Context<'_>,
    ) -> Result<Reply<Ticket, Infallible>, Failure> {
        let Some(ticket) = state else {
            // The undo overtook CreateTicket, which without this mark would reserve stock that nobody returns.
            let tombstone = Ticket::tombstone(parse_order_id(&command.order_id)?, context.now);
            return Ok(Reply::save(tombstone, Ok(())));
        };
        match ticket.reject(context.now).map_err(Failure::set_aside)? {
            Transition::Changed(rejected) => Ok(save_with(rejected, Ok(()), returned(ticket.items()))),
            Transition::Already => Ok(Reply::Already(Ok(()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TicketStatus::{Approved, Canceled, CreatePending, Preparing, Rejected};
    use crate::fixture::{NOW, ORDER, moving, set_aside, ticket, with_context};

    fn decide(state: Option<&Ticket>) -> Result<Reply<Ticket, Infallible>, Failure> {
        let command = v1::RejectTicket { order_id: ORDER.to_string(), ..Default::default() };
        with_context(command.clone(), |context| RejectTicket.decide(state, &command, context))
    }

    #[test]
    fn a_reserved_ticket_returns_its_stock() {
        assert_eq!(decide(Some(&ticket(CreatePending))), Ok(moving(ticket(Rejected), 1)));
    }

    #[test]
    fn an_undo_that_comes_first_leaves_a_tombstone_and_returns_nothing() {
        assert_eq!(decide(None), Ok(Reply::save(Ticket::tombstone(ORDER, NOW), Ok(()))));
    }

    #[test]
    fn a_rejected_ticket_returns_nothing_again() {
        for rejected in [ticket(Rejected), Ticket::tombstone(ORDER, NOW)] {
            assert_eq!(decide(Some(&rejected)), Ok(Reply::Already(Ok(()))));
        }
    }

    #[test]
    fn what_has_passed_the_pivot_is_never_undone() {
        for status in [Approved, Preparing, Canceled] {
            let said = format!("reject does not fit a ticket that is {status}");
            assert_eq!(decide(Some(&ticket(status))), set_aside(&said));
        }
    }

    #[test]
    fn the_ticket_is_the_orders_and_a_command_without_an_order_names_none() {
        let command = v1::RejectTicket { order_id: ORDER.to_string().to_uppercase(), ..Default::default() };
        assert_eq!(RejectTicket.key(&command), Ok(ORDER.to_string()));
        assert!(matches!(RejectTicket.key(&v1::RejectTicket::default()), Err(Failure::SetAside(_))));
    }
}
