//! StartTicket: cooking starts, and the order can no longer be canceled.

use async_trait::async_trait;
use connectrpc::Spec;
use contracts::kitchen_api::v1 as wire;
use messaging::Key;
use rpc::{Call, Change, Mutation, RpcError};

use super::{parse_order_id, shown};
use crate::domain::{Illegal, Ticket, TicketStatus};

/// StartTicket: cooking starts, and the order can no longer be canceled.
pub struct StartTicket;

#[async_trait]
impl Mutation for StartTicket {
    type Request = wire::StartTicketRequest;
    type Response = wire::StartTicketResponse;
    type Aggregate = Ticket;
    type Facts = ();
    const SPEC: Spec = wire::KITCHEN_SERVICE_START_TICKET_SPEC;
    const CLAIMS: bool = true;

    fn key(&self, request: &wire::StartTicketRequest, _call: &Call) -> Result<Key, RpcError> {
        parse_order_id(&request.order_id).map(|id| id.to_string())
    }

    fn owner<'a>(&self, _state: &'a Ticket) -> Option<&'a str> {
        None
    }

    async fn facts(&self, _state: Option<&Ticket>, _request: &wire::StartTicketRequest) -> Result<(), RpcError> {
        Ok(())
    }

    fn decide(
        &self,
        state: Option<&Ticket>,
        request: &wire::StartTicketRequest,
        (): (),
        _call: &Call,
        _next_version: u64,
    ) -> Result<Change<Ticket, wire::StartTicketResponse>, RpcError> {
        let ticket = state.filter(|ticket| !ticket.is_tombstone()).ok_or_else(|| {
            RpcError::NotFound(format!("there is no ticket {}: start one that ListTickets shows", request.order_id))
        })?;
        let state = ticket.start().map_err(|illegal| refuse(illegal, ticket))?;
        let response = wire::StartTicketResponse { ticket: shown(&state).into(), ..Default::default() };
        Ok(Change::Save { state, response, events: Vec::new() })
    }
}

fn refuse(illegal: Illegal, ticket: &Ticket) -> RpcError {
    let (reason, message) = match illegal.status {
        // An approved ticket can be started, so only the others come here.
        TicketStatus::CreatePending | TicketStatus::Approved => {
            ("TICKET_NOT_APPROVED", "the card is still being asked: wait until the ticket is approved")
        }
        TicketStatus::Preparing => ("COOKING_HAS_STARTED", "somebody has started this ticket: choose another"),
        TicketStatus::Rejected => ("TICKET_REJECTED", "the order was rejected: do not cook it"),
        TicketStatus::Canceled => ("TICKET_CANCELED", "the order was canceled: do not cook it"),
    };
    RpcError::forbidden(reason, message).about("order_id", ticket.order_id()).about("status", illegal.status)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{NOW, ORDER, call, ticket};
    use TicketStatus::{Approved, Canceled, CreatePending, Preparing, Rejected};

    fn request(order_id: &str) -> wire::StartTicketRequest {
        wire::StartTicketRequest { order_id: order_id.to_owned(), ..Default::default() }
    }

    fn decide(state: Option<&Ticket>) -> Result<Change<Ticket, wire::StartTicketResponse>, RpcError> {
        StartTicket.decide(state, &request(&ORDER.to_string()), (), &call(1), 2)
    }

    #[test]
    fn an_approved_ticket_is_started() {
        let Ok(Change::Save { state, response, events }) = decide(Some(&ticket(Approved))) else { panic!("not saved") };
        assert_eq!(state, ticket(Preparing));
        assert_eq!(response.ticket.into_option(), Some(shown(&ticket(Preparing))));
        assert_eq!(events, []);
    }

    #[test]
    fn any_other_status_forbids_it_and_says_why() {
        let expected = [
            (CreatePending, "TICKET_NOT_APPROVED"),
            (Preparing, "COOKING_HAS_STARTED"),
            (Rejected, "TICKET_REJECTED"),
            (Canceled, "TICKET_CANCELED"),
        ];
        for (status, expected) in expected {
            let Err(RpcError::Forbidden { reason, metadata, .. }) = decide(Some(&ticket(status))) else {
                panic!("{status} is not forbidden")
            };
            assert_eq!(reason, expected);
            assert_eq!(metadata.get("status").map(String::as_str), Some(status.as_str()));
            assert_eq!(metadata.get("order_id"), Some(&ORDER.to_string()));
        }
    }

    #[test]
    fn what_never_was_a_ticket_is_not_found() {
        let tombstone = Ticket::tombstone(ORDER, NOW);
        for state in [None, Some(&tombstone)] {
            assert!(matches!(decide(state), Err(RpcError::NotFound(_))));
        }
    }

    #[test]
    fn the_key_is_the_order_however_its_id_is_written() {
        for text in ["00000000-0000-0000-0000-000000abcdef", "00000000-0000-0000-0000-000000ABCDEF"] {
            assert_eq!(StartTicket.key(&request(text), &call(1)), Ok(ORDER.to_string()));
        }
        for text in ["", "7", "claim#00000000-0000-0000-0000-000000abcdef"] {
            let Err(RpcError::Invalid(message)) = StartTicket.key(&request(text), &call(1)) else { panic!("{text}") };
            assert!(message.contains("send the UUID"), "{message}");
        }
    }
}
