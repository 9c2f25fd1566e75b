//! CancelTicket: takes an approved ticket back, unless cooking has started.

use contracts::Refusal;
use contracts::kitchen::v1 as wire;
use messaging::{Context, Failure, Key, Reply, Step};

use super::{existing, parse_order_id, returned, save_with};
use crate::domain::{CancelError, Ticket, Transition};

/// CancelTicket: takes an approved ticket back, unless cooking has started.
pub struct CancelTicket;

impl Step for CancelTicket {
    type Command = wire::CancelTicket;
    type Aggregate = Ticket;

    fn key(&self, command: &wire::CancelTicket) -> Result<Key, Failure> {
        parse_order_id(&command.order_id).map(|id| id.to_string())
    }

    fn decide(
        &self,
        state: Option<&Ticket>,
        _command: &wire::CancelTicket,
        _context: &Context<'_>,
    ) -> Result<Reply<Ticket, Refusal>, Failure> {
        let ticket = existing(state)?;
        match ticket.cancel() {
            // The stock goes back only now that the cooks have let go of it.
            Ok(Transition::Changed(canceled)) => Ok(save_with(canceled, Ok(()), returned(ticket.items()))),
            Ok(Transition::Already) => Ok(Reply::Already(Ok(()))),
            // Saved, because the saga acts on the refusal: whatever tickets learn to do later, a repeat hears the same.
            Err(error @ CancelError::CookingHasStarted) => {
                Ok(Reply::save(ticket.clone(), Err(Refusal::new("COOKING_HAS_STARTED", error.to_string()))))
            }
            Err(CancelError::Illegal(error)) => Err(Failure::set_aside(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TicketStatus::{Approved, Canceled, CreatePending, Preparing, Rejected};
    use crate::fixture::{ORDER, moved, ticket, with_context};

    fn decide(state: Option<&Ticket>) -> Result<Reply<Ticket, Refusal>, Failure> {
        let command = wire::CancelTicket { order_id: ORDER.to_string(), ..Default::default() };
        with_context(command.clone(), |context| CancelTicket.decide(state, &command, context))
    }

    #[test]
    fn an_approved_ticket_returns_its_stock() {
        let outcome = decide(Some(&ticket(Approved)));
        let Ok(Reply::Save { state, answer: Ok(()), counters, .. }) = outcome else { panic!("not saved") };
        assert_eq!(state, ticket(Canceled));
        assert_eq!(moved(&counters), [("margherita", 2), ("cola", 1)]);
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
    fn what_was_never_approved_is_never_canceled() {
        for state in [None, Some(&ticket(CreatePending)), Some(&ticket(Rejected))] {
            assert!(matches!(decide(state), Err(Failure::SetAside(_))), "{state:?}");
        }
    }

    #[test]
    fn a_command_without_an_order_names_no_ticket() {
        assert!(matches!(CancelTicket.key(&wire::CancelTicket::default()), Err(Failure::SetAside(_))));
    }
}
