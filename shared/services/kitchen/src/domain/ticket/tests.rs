use super::*;
use TicketStatus::{Approved, Canceled, CreatePending, Preparing, Rejected};

const ALL: [TicketStatus; 5] = [CreatePending, Approved, Preparing, Rejected, Canceled];

fn items() -> Items {
    Items::parse([("margherita", 2), ("cola", 1)]).expect("items")
}

fn ticket(status: TicketStatus) -> Ticket {
    let settled_at = matches!(status, Preparing | Rejected | Canceled).then_some(LATER);
    Ticket { status, settled_at, ..Ticket::reserve(Uuid::from_u128(7), items(), OffsetDateTime::UNIX_EPOCH) }
}

/// When the commands below come.
const LATER: OffsetDateTime = OffsetDateTime::UNIX_EPOCH.saturating_add(Duration::days(400));

#[test]
fn approving() {
    let already = || Ok(Transition::Already);
    let illegal = Err(Illegal { command: "approve", status: Rejected });
    let expected = [Ok(Transition::Changed(ticket(Approved))), already(), already(), illegal, already()];
    assert_eq!(ALL.map(|status| ticket(status).approve()), expected);
}

#[test]
fn rejecting() {
    let illegal = |status| Err(Illegal { command: "reject", status });
    let expected = [
        Ok(Transition::Changed(ticket(Rejected))),
        illegal(Approved),
        illegal(Preparing),
        Ok(Transition::Already),
        illegal(Canceled),
    ];
    assert_eq!(ALL.map(|status| ticket(status).reject(LATER)), expected);
}

#[test]
fn canceling() {
    let illegal = |status| Err(CancelError::Illegal(Illegal { command: "cancel", status }));
    let expected = [
        illegal(CreatePending),
        Ok(Transition::Changed(ticket(Canceled))),
        Err(CancelError::CookingHasStarted),
        illegal(Rejected),
        Ok(Transition::Already),
    ];
    assert_eq!(ALL.map(|status| ticket(status).cancel(LATER)), expected);
}

#[test]
fn starting() {
    let illegal = |status| Err(Illegal { command: "start", status });
    let expected =
        [illegal(CreatePending), Ok(ticket(Preparing)), illegal(Preparing), illegal(Rejected), illegal(Canceled)];
    assert_eq!(ALL.map(|status| ticket(status).start(LATER)), expected);
}

#[test]
fn creating_again() {
    let outcomes = ALL.map(|status| ticket(status).create_again(&items()));
    assert_eq!(outcomes, [Ok(()), Ok(()), Ok(()), Err(TicketError::Rejected), Ok(())]);
}

#[test]
fn a_ticket_for_something_else_is_not_the_same_ticket() {
    let other = Items::parse([("margherita", 3), ("cola", 1)]).expect("items");
    for status in [CreatePending, Approved, Preparing, Canceled] {
        assert_eq!(ticket(status).create_again(&other), Err(TicketError::OtherItems(status)));
    }
    assert_eq!(ticket(Rejected).create_again(&other), Err(TicketError::Rejected));
}

#[test]
fn what_does_not_fit_is_said() {
    let illegal = Illegal { command: "start", status: CreatePending };
    assert_eq!(illegal.to_string(), "start does not fit a ticket that is CREATE_PENDING");
    assert_eq!(CancelError::CookingHasStarted.to_string(), "cooking has started");
    assert_eq!(CancelError::Illegal(illegal).to_string(), illegal.to_string());
    let said = [
        (TicketError::Rejected, "the ticket was rejected before it could be created"),
        (TicketError::OtherItems(Approved), "the order has another ticket, which is APPROVED"),
    ];
    for (error, expected) in said {
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn a_tombstone_is_a_rejected_ticket_without_items() {
    let tombstone = Ticket::tombstone(Uuid::from_u128(7), OffsetDateTime::UNIX_EPOCH);
    assert!(tombstone.is_tombstone());
    assert_eq!((tombstone.status(), tombstone.items()), (Rejected, &[][..]));
    assert_eq!(tombstone.create_again(&items()), Err(TicketError::Rejected));
    assert_eq!(tombstone.reject(LATER), Ok(Transition::Already));
    assert!(!Ticket::refuse(Uuid::from_u128(7), items(), OffsetDateTime::UNIX_EPOCH).is_tombstone());
}

#[test]
fn a_ticket_expires_90_days_after_it_settled_and_not_while_a_command_can_change_it() {
    let expected = LATER + Duration::days(90);
    for (status, expires_at) in [
        (CreatePending, None),
        (Approved, None),
        (Preparing, Some(expected)),
        (Rejected, Some(expected)),
        (Canceled, Some(expected)),
    ] {
        assert_eq!(ticket(status).expires_at(), expires_at, "{status}");
    }
    for settled in [Ticket::tombstone(Uuid::from_u128(7), LATER), Ticket::refuse(Uuid::from_u128(7), items(), LATER)] {
        assert_eq!(settled.expires_at(), Some(expected), "{settled:?}");
    }
}

#[test]
fn a_repeat_does_not_prolong_what_is_kept() {
    let before = ticket(Preparing);
    assert_eq!(before.cancel(LATER + Duration::days(5)), Err(CancelError::CookingHasStarted));
    for (status, repeated) in [
        (Rejected, ticket(Rejected).reject(LATER + Duration::days(5)).ok()),
        (Canceled, ticket(Canceled).cancel(LATER + Duration::days(5)).ok()),
    ] {
        assert_eq!(repeated, Some(Transition::Already), "{status}");
    }
}

#[test]
fn the_status_is_stored_as_it_is_indexed() {
    for status in ALL {
        assert_eq!(serde_json::to_value(status).expect("JSON"), status.as_str());
    }
}

#[test]
fn a_ticket_that_holds_stock_is_not_read_without_its_items() {
    for status in ALL {
        let mut stored = serde_json::to_value(ticket(status)).expect("JSON");
        assert_eq!(serde_json::from_value::<Ticket>(stored.clone()).expect("a ticket"), ticket(status));
        stored.as_object_mut().expect("an object").remove("items");
        assert_eq!(serde_json::from_value::<Ticket>(stored).is_ok(), status == Rejected, "{status}");
    }
}
