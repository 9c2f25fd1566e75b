//! A cook and a cancellation may want the same ticket: whichever is saved first wins.

use connectrpc::Spec;
use contracts::Reason;
use contracts::kitchen_api::v1;
use messaging::Key;
use rpc::{Call, CallContext, Change, Mutation, Ownership, RpcError};
use uuid::Uuid;

use super::{no_ticket, parse_order_id, shown};
use crate::domain::{Illegal, Ticket, TicketStatus};

/// StartTicket: cooking starts, and the order can no longer be canceled.
pub struct StartTicket;

impl Mutation for StartTicket {
    type Request = v1::StartTicketRequest;
    /// The order's id.
    type Input = Uuid;
    type Response = v1::StartTicketResponse;
    type Aggregate = Ticket;
    const SPEC: Spec = v1::KITCHEN_SERVICE_START_TICKET_SPEC;
    const OWNERSHIP: Ownership = Ownership::Everybody("a ticket is the kitchen's: any cook may take it up");
    const CLAIMS: bool = true;

    fn parse(&self, request: v1::StartTicketRequest) -> Result<Uuid, RpcError> {
        parse_order_id(&request.order_id)
    }

    fn canonical(&self, order_id: &Uuid) -> v1::StartTicketRequest {
        v1::StartTicketRequest { order_id: order_id.to_string(), ..Default::default() }
    }

    fn key(&self, order_id: &Uuid, _call: &Call) -> Key {
        order_id.to_string()
    }

    fn not_found(&self, key: &Key) -> RpcError {
        no_ticket(key)
    }

    fn decide(
        &self,
        state: Option<&Ticket>,
        order_id: &Uuid,
        context: &CallContext<'_>,
    ) -> Result<Change<Ticket, v1::StartTicketResponse>, RpcError> {
        let ticket = state.filter(|ticket| !ticket.is_tombstone()).ok_or_else(|| no_ticket(&order_id.to_string()))?;
        let state = ticket.start(context.call.now).map_err(|illegal| refuse(illegal, ticket))?;
        let response = v1::StartTicketResponse { ticket: shown(&state).into(), ..Default::default() };
        Ok(Change::Save { state, response, events: Vec::new() })
    }
}

fn refuse(illegal: Illegal, ticket: &Ticket) -> RpcError {
    let (reason, message) = match illegal.status {
        // An approved ticket can be started, so only the others come here.
        TicketStatus::CreatePending | TicketStatus::Approved => {
            (Reason::TicketNotApproved, "the card is still being asked: wait until the ticket is approved")
        }
        TicketStatus::Preparing => (Reason::CookingHasStarted, "somebody has started this ticket: choose another"),
        TicketStatus::Rejected => (Reason::TicketRejected, "the order was rejected: do not cook it"),
        TicketStatus::Canceled => (Reason::TicketCanceled, "the order was canceled: do not cook it"),
    };
    RpcError::refused(reason, message).about("order_id", ticket.order_id()).about("status", illegal.status)
}

#[cfg(test)]
mod tests;
