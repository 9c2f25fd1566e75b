//! What the tests of the RPCs share.

use rpc::{Call, Caller};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::domain::{Items, Ticket, TicketStatus, Transition};

pub(super) const ORDER: Uuid = Uuid::from_u128(0xabcdef);

/// A ticket in a status that staff see.
pub(super) fn ticket(status: TicketStatus) -> Ticket {
    let created_at = OffsetDateTime::from_unix_timestamp_nanos(1_767_319_445_600_000_000).expect("a time");
    let items = Items::parse([("margherita", 2), ("cola", 1)]).expect("items");
    let pending = Ticket::reserve(ORDER, items, created_at);
    let approved = || changed(pending.approve().expect("approved"));
    match status {
        TicketStatus::CreatePending => pending,
        TicketStatus::Approved => approved(),
        TicketStatus::Preparing => approved().start().expect("started"),
        TicketStatus::Rejected => changed(pending.reject().expect("rejected")),
        TicketStatus::Canceled => changed(approved().cancel().expect("canceled")),
    }
}

fn changed(transition: Transition) -> Ticket {
    match transition {
        Transition::Changed(ticket) => ticket,
        Transition::Already => panic!("nothing changed"),
    }
}

pub(super) fn call() -> Call {
    Call {
        caller: Caller { subject: "cook".to_owned() },
        id: Uuid::from_u128(1),
        fingerprint: Uuid::from_u128(2),
        now: OffsetDateTime::UNIX_EPOCH,
        trace_parent: String::new(),
    }
}
