use super::*;
use crate::fixture::{NOW, ORDER, call, ticket};
use TicketStatus::{Approved, Canceled, CreatePending, Preparing, Rejected};
use serde_json::json;

fn request(order_id: &str) -> v1::StartTicketRequest {
    v1::StartTicketRequest { order_id: order_id.to_owned(), ..Default::default() }
}

fn decide(state: Option<&Ticket>) -> Result<Change<Ticket, v1::StartTicketResponse>, RpcError> {
    let context = CallContext { call: &call(1), fingerprint: Uuid::nil(), next_version: 2, facts: &() };
    StartTicket.decide(state, &ORDER, &context)
}

#[test]
fn an_approved_ticket_is_started() {
    let Ok(Change::Save { state, response, events }) = decide(Some(&ticket(Approved))) else { panic!("not saved") };
    assert_eq!(state, ticket(Preparing));
    let expected = json!({"ticket": {
        "orderId": "00000000-0000-0000-0000-000000abcdef",
        "status": "TICKET_STATUS_PREPARING",
        "items": [{"productId": "margherita", "quantity": 2}, {"productId": "cola", "quantity": 1}],
        "createdAt": "2026-01-02T02:04:05.600Z",
    }});
    assert_eq!(serde_json::to_value(&response).expect("JSON"), expected);
    assert_eq!(events, []);
}

#[test]
fn any_other_status_forbids_it_and_says_why() {
    let expected = [
        (CreatePending, Reason::TicketNotApproved, "the card is still being asked: wait until the ticket is approved"),
        (Preparing, Reason::CookingHasStarted, "somebody has started this ticket: choose another"),
        (Rejected, Reason::TicketRejected, "the order was rejected: do not cook it"),
        (Canceled, Reason::TicketCanceled, "the order was canceled: do not cook it"),
    ];
    for (status, reason, message) in expected {
        let refused = RpcError::refused(reason, message).about("order_id", ORDER).about("status", status);
        assert_eq!(decide(Some(&ticket(status))), Err(refused));
    }
}

#[test]
fn what_never_was_a_ticket_is_not_found() {
    let tombstone = Ticket::tombstone(ORDER, NOW);
    for state in [None, Some(&tombstone)] {
        assert_eq!(decide(state), Err(no_ticket(&ORDER.to_string())));
    }
}

#[test]
fn the_key_is_the_order_however_its_id_is_written() {
    for text in ["00000000-0000-0000-0000-000000abcdef", "00000000-0000-0000-0000-000000ABCDEF"] {
        let order_id = StartTicket.parse(request(text)).expect("an id");
        assert_eq!(StartTicket.key(&order_id, &call(1)), "00000000-0000-0000-0000-000000abcdef");
        assert_eq!(StartTicket.canonical(&order_id), request("00000000-0000-0000-0000-000000abcdef"));
    }
    for text in ["", "7", "claim#00000000-0000-0000-0000-000000abcdef"] {
        let must = "must be a UUID of 36 characters";
        assert_eq!(StartTicket.parse(request(text)), Err(RpcError::invalid("order_id", must)));
    }
}
