//! CreateTicket: reserves stock for an order, in one write with the ticket.

use contracts::Refusal;
use contracts::kitchen::v1 as wire;
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

impl TryFrom<&wire::CreateTicket> for Input {
    type Error = Failure;

    fn try_from(command: &wire::CreateTicket) -> Result<Self, Failure> {
        let items = command.items.iter().map(|item| (item.product_id.as_str(), item.quantity));
        let items = Items::parse(items).map_err(Failure::set_aside)?;
        Ok(Self { order_id: parse_order_id(&command.order_id)?, items })
    }
}

impl Step for CreateTicket {
    type Command = wire::CreateTicket;
    type Aggregate = Ticket;

    fn key(&self, command: &wire::CreateTicket) -> Result<Key, Failure> {
        parse_order_id(&command.order_id).map(|id| id.to_string())
    }

    fn decide(
        &self,
        state: Option<&Ticket>,
        command: &wire::CreateTicket,
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
        command: &wire::CreateTicket,
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
mod tests {
    use super::*;
    use crate::domain::TicketStatus;
    use crate::fixture::{ALL, NOW, create, moved, ticket, with_context};

    fn decide(state: Option<&Ticket>, command: &wire::CreateTicket) -> Result<Reply<Ticket, Refusal>, Failure> {
        with_context(command.clone(), |context| CreateTicket.decide(state, command, context))
    }

    fn set_aside(command: &wire::CreateTicket) -> String {
        match decide(None, command) {
            Err(Failure::SetAside(reason)) => reason,
            other => panic!("not set aside: {other:?}"),
        }
    }

    #[test]
    fn a_new_ticket_takes_its_stock_in_the_same_write() {
        let Ok(Reply::Save { state, answer, events, counters }) = decide(None, &create()) else { panic!("not saved") };
        assert_eq!(state, ticket(TicketStatus::CreatePending));
        assert_eq!((answer, events), (Ok(()), Vec::new()));
        assert_eq!(moved(&counters), [("margherita", -2), ("cola", -1)]);
    }

    #[test]
    fn a_product_listed_twice_moves_its_counter_once() {
        let mut command = create();
        command.items.extend(create().items);
        let Ok(Reply::Save { counters, .. }) = decide(None, &command) else { panic!("not saved") };
        assert_eq!(moved(&counters), [("margherita", -4), ("cola", -2)]);
    }

    #[test]
    fn a_ticket_that_exists_takes_no_stock_again() {
        for status in ALL.into_iter().filter(|status| *status != TicketStatus::Rejected) {
            assert_eq!(decide(Some(&ticket(status)), &create()), Ok(Reply::Already(Ok(()))), "{status}");
        }
    }

    #[test]
    fn the_late_command_is_refused_by_its_tombstone() {
        let id = ticket(TicketStatus::Rejected).order_id();
        for rejected in [ticket(TicketStatus::Rejected), Ticket::tombstone(id, NOW)] {
            let Ok(Reply::Already(Err(refusal))) = decide(Some(&rejected), &create()) else { panic!("not refused") };
            assert_eq!(refusal.reason, "TICKET_REJECTED");
        }
    }

    #[test]
    fn a_ticket_for_something_else_needs_a_person() {
        let mut other = create();
        other.items.pop();
        let outcome = decide(Some(&ticket(TicketStatus::CreatePending)), &other);
        assert!(matches!(outcome, Err(Failure::SetAside(_))), "{outcome:?}");
    }

    #[test]
    fn what_can_never_be_cooked_is_set_aside_with_its_reason() {
        let broken = |change: fn(&mut wire::CreateTicket)| {
            let mut command = create();
            change(&mut command);
            set_aside(&command)
        };
        assert!(broken(|command| command.items.clear()).contains("items is empty"));
        assert!(broken(|command| command.items[0].quantity = 0).contains("margherita: the quantity is 0"));
        assert!(broken(|command| command.items[0].product_id.clear()).contains("no product id"));
        assert!(broken(|command| command.order_id = "7".to_owned()).contains("is not a UUID"));
        assert!(CreateTicket.key(&wire::CreateTicket::default()).is_err());
    }

    #[test]
    fn an_order_has_one_ticket_however_its_id_is_written() {
        let mut command = create();
        let key = CreateTicket.key(&command).expect("a key");
        command.order_id = command.order_id.to_uppercase().replace('-', "");
        assert_eq!(CreateTicket.key(&command), Ok(key));
    }

    #[test]
    fn a_short_counter_refuses_the_order_and_names_the_product() {
        let refused = |refused| with_context(create(), |context| CreateTicket.refused(&create(), refused, context));
        let (state, refusal) = refused(CounterRefused::Short("cola".to_owned())).expect("a refusal");
        assert_eq!(state, ticket(TicketStatus::Rejected));
        assert_eq!(refusal, Refusal::new("OUT_OF_STOCK", "there is not enough cola left"));
        let (state, refusal) = refused(CounterRefused::Missing("cola".to_owned())).expect("a refusal");
        assert_eq!(state, ticket(TicketStatus::Rejected));
        assert_eq!(refusal, Refusal::new("UNKNOWN_PRODUCT", "the kitchen does not make cola"));
    }
}
