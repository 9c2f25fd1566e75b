//! The cooks have the last word: the only refusal is that cooking has started.

use contracts::Reason;
use contracts::kitchen::v1;
use messaging::Refusal;
use messaging::{Context, Failure, Key, Reply, Step};

use super::{parse_order_id, returned, save_with};
use crate::domain::{CancelError, Ticket, Transition};

/// CancelTicket: takes an approved ticket back, unless cooking has started.
pub struct CancelTicket;

impl Step for CancelTicket {
    type Command = v1::CancelTicket;
    type Aggregate = Ticket;

    fn key(&self, command: &v1::CancelTicket) -> Result<Key, Failure> {
        parse_order_id(&command.order_id).map(|id| id.to_string())
    }

    fn decide(
        &self,
        state: Option<&Ticket>,
        _command: &v1::CancelTicket,
        context: &Context<'_>,
    ) -> Result<Reply<Ticket, Refusal>, Failure> {
        let Some(ticket) = state else {
            // Only approved orders are canceled, so there was a ticket, and of those that expire a canceled ticket is not
            // canceled again after so long. It was cooked, and nothing can bring it back: the answer needs no record.
            return Ok(Reply::Already(Err(cooking_has_started("the ticket was cooked long ago and has expired"))));
        };
        match ticket.cancel(context.now) {
            // The stock goes back only now that the cooks have let go of it.
            Ok(Transition::Changed(canceled)) => Ok(save_with(canceled, Ok(()), returned(ticket.items()))),
            Ok(Transition::Already) => Ok(Reply::Already(Ok(()))),
            // Saved, because the saga acts on the refusal: a repeat must be refused as well, however the ticket changes.
            Err(error @ CancelError::CookingHasStarted) => {
                Ok(Reply::save(ticket.clone(), Err(cooking_has_started(error.to_string()))))
            }
            Err(CancelError::Illegal(error)) => Err(Failure::set_aside(error)),
        }
    }
}

fn cooking_has_started(message: impl Into<String>) -> Refusal {
    Refusal::new(Reason::CookingHasStarted, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TicketStatus::{Approved, Canceled, CreatePending, Preparing, Rejected};
    use crate::fixture::{ORDER, moving, set_aside, ticket, with_context};

    fn decide(state: Option<&Ticket>) -> Result<Reply<Ticket, Refusal>, Failure> {
        let command = v1::CancelTicket { order_id: ORDER.to_string(), ..Default::default() };
        with_context(command.clone(), |context| CancelTicket.decide(state, &command, context))
    }

    #[test]
    fn an_approved_ticket_returns_its_stock() {
        assert_eq!(decide(Some(&ticket(Approved))), Ok(moving(ticket(Canceled), 1)));
    }

    #[test]
    fn what_is_being_cooked_is_not_taken_back_and_returns_nothing() {
        let refusal = Refusal::new("COOKING_HAS_STARTED", "cooking has started");
        assert_eq!(decide(Some(&ticket(Preparing))), Ok(Reply::save(ticket(Preparing), Err(refusal))));
    }

    #[test]
    fn a_canceled_ticket_returns_nothing_again() {
        assert_eq!(decide(Some(&ticket(Canceled))), Ok(Reply::Already(Ok(()))));
    }

    #[test]
    fn a_ticket_that_has_expired_was_cooked_and_no_repeat_hears_otherwise() {
        let refusal = Refusal::new("COOKING_HAS_STARTED", "the ticket was cooked long ago and has expired");
        assert_eq!(decide(None), Ok(Reply::Already(Err(refusal))));
    }

    #[test]
    fn what_was_never_approved_is_never_canceled() {
        for status in [CreatePending, Rejected] {
            let said = format!("cancel does not fit a ticket that is {status}");
            assert_eq!(decide(Some(&ticket(status))), set_aside(&said));
        }
    }

    #[test]
    fn the_ticket_is_the_orders_and_a_command_without_an_order_names_none() {
        let command = v1::CancelTicket { order_id: ORDER.to_string().to_uppercase(), ..Default::default() };
        assert_eq!(CancelTicket.key(&command), Ok(ORDER.to_string()));
        assert!(matches!(CancelTicket.key(&v1::CancelTicket::default()), Err(Failure::SetAside(_))));
    }
}
