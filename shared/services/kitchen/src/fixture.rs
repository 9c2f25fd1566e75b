//! What the tests share.

use contracts::kitchen::v1::{CreateTicket, TicketItem};
use messaging::Payload;
use messaging::{Context, Correlation, Counter, Envelope, Failure, Reply};
use rpc::{Call, Caller};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::domain::TicketStatus::{self, Approved, Canceled, CreatePending, Preparing, Rejected};
use crate::domain::{Items, Ticket, Transition};

pub(crate) const ORDER: Uuid = Uuid::from_u128(0xabcdef);
pub(crate) const NOW: OffsetDateTime =
    OffsetDateTime::UNIX_EPOCH.saturating_add(Duration::milliseconds(1_767_319_445_600));
pub(crate) const ALL: [TicketStatus; 5] = [CreatePending, Approved, Preparing, Rejected, Canceled];

pub(crate) fn create() -> CreateTicket {
    let item = |product: &str, quantity| TicketItem { product_id: product.to_owned(), quantity, ..Default::default() };
    CreateTicket {
        order_id: ORDER.to_string(),
        items: vec![item("margherita", 2), item("cola", 1)],
        ..Default::default()
    }
}

/// The ticket of [`create`], brought to a status the way it really gets there.
pub(crate) fn ticket(status: TicketStatus) -> Ticket {
    let items = Items::parse([("margherita", 2), ("cola", 1)]).expect("items");
    let pending = Ticket::reserve(ORDER, items, NOW);
    let approved = || changed(pending.approve().expect("approved"));
    match status {
        CreatePending => pending,
        Approved => approved(),
        Preparing => approved().start(NOW).expect("started"),
        Rejected => changed(pending.reject(NOW).expect("rejected")),
        Canceled => changed(approved().cancel(NOW).expect("canceled")),
    }
}

fn changed(transition: Transition) -> Ticket {
    match transition {
        Transition::Changed(ticket) => ticket,
        Transition::Already => panic!("nothing changed"),
    }
}

/// A command as the saga sends it; the number tells messages apart.
pub(crate) fn envelope(number: u128, command: impl Into<Payload>) -> Envelope {
    Envelope {
        message_id: Uuid::from_u128(number),
        source: "orchestrate-saga".to_owned(),
        causation_id: None,
        correlation: Some(Correlation {
            saga_id: Uuid::from_u128(1),
            step: "step".to_owned(),
            reply_to: "saga".to_owned(),
            reply_token: String::new(),
        }),
        occurred_at: NOW,
        trace_parent: String::new(),
        payload: command.into(),
    }
}

pub(crate) fn with_context<T>(command: impl Into<Payload>, decide: impl FnOnce(&Context<'_>) -> T) -> T {
    decide(&Context { now: NOW, next_version: 1, message: &envelope(1, command) })
}

/// A reply that saves the ticket, answers that the command took effect, and moves the stock of both products; the sign says
/// whether it is given back.
pub(crate) fn moving<R>(state: Ticket, sign: i64) -> Reply<Ticket, R> {
    let counter = |key: &str, delta: i64| Counter { key: key.to_owned(), delta };
    let counters = vec![counter("margherita", 2 * sign), counter("cola", sign)];
    Reply::Save { state, answer: Ok(()), events: Vec::new(), counters }
}

/// The command is set aside for this reason.
pub(crate) fn set_aside<T>(reason: &str) -> Result<T, Failure> {
    Err(Failure::set_aside(reason.to_owned()))
}

pub(crate) fn moved(counters: &[Counter]) -> Vec<(&str, i64)> {
    counters.iter().map(|counter| (counter.key.as_str(), counter.delta)).collect()
}

/// A call of the staff's; the number tells calls apart.
pub(crate) fn call(number: u128) -> Call {
    Call {
        caller: Caller { subject: "cook".to_owned() },
        id: Uuid::from_u128(number),
        now: NOW,
        trace_parent: String::new(),
    }
}
