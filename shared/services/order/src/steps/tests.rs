use messaging::{Command, WireMessage};
use messaging::{Correlation, Envelope, Step};
use time::OffsetDateTime;

use super::*;
use crate::domain::Status;

pub(super) const ORDER: &str = "3f1d2b60-6f0e-5a53-9f57-2f3d5c1b7a10";
pub(super) const SAGA: Uuid = Uuid::from_u128(5);

fn order(status: Status) -> Order {
    let fixture = include_str!("../../fixtures/order.1.approved.json");
    Order { status, ..serde_json::from_str(fixture).expect("an order") }
}

/// The command as its saga sends it.
fn message<C: Command + WireMessage>(command: &C) -> Envelope {
    let correlation = Correlation {
        saga_id: SAGA,
        step: C::HANDLER.to_owned(),
        reply_to: "queue".to_owned(),
        reply_token: String::new(),
    };
    Envelope {
        message_id: Uuid::from_u128(6),
        source: "orchestrate-saga".to_owned(),
        causation_id: None,
        correlation: Some(correlation),
        occurred_at: OffsetDateTime::UNIX_EPOCH,
        trace_parent: String::new(),
        payload: command.clone().into(),
    }
}

fn reply_to<S>(step: &S, command: &S::Command, state: Option<&Order>) -> Result<Reply<Order, Infallible>, Failure>
where
    S: Step<Aggregate = Order>,
    S::Command: Command<Refusal = Infallible> + WireMessage,
{
    let message = message(command);
    let context = Context { now: OffsetDateTime::UNIX_EPOCH, next_version: 2, message: &message };
    assert_eq!(step.key(command), Ok(ORDER.to_owned()));
    step.decide(state, command, &context)
}

/// The command changes an order of the first status to the second, answers that it took effect, publishes `event`, and
/// does nothing else; a repeat only answers.
pub(super) fn changes<S>(step: &S, command: &S::Command, before: Status, after: Status, event: impl Into<Payload>)
where
    S: Step<Aggregate = Order>,
    S::Command: Command<Refusal = Infallible> + WireMessage,
{
    let state = order(after.clone());
    let expected = Reply::Save { state, answer: Ok(()), events: vec![event.into()], counters: Vec::new() };
    assert_eq!(reply_to(step, command, Some(&order(before))), Ok(expected));
    assert_eq!(reply_to(step, command, Some(&order(after))), Ok(Reply::Already(Ok(()))), "a repeat changes nothing");
}

/// The command is set aside for an order of this status, for an order that is not there, and when it does not say which
/// saga sends it.
pub(super) fn illegal<S>(step: &S, command: &S::Command, status: Status, says: &str)
where
    S: Step<Aggregate = Order>,
    S::Command: Command<Refusal = Infallible> + WireMessage,
{
    let set_aside = |says: &str| Err(Failure::set_aside(says.to_owned()));
    assert_eq!(reply_to(step, command, Some(&order(status))), set_aside(says));
    assert_eq!(reply_to(step, command, None), set_aside("there is no such order"));
    let message = Envelope { correlation: None, ..message(command) };
    let context = Context { now: OffsetDateTime::UNIX_EPOCH, next_version: 2, message: &message };
    let state = order(Status::ApprovalPending { owner: SAGA });
    let orphan = step.decide(Some(&state), command, &context);
    assert_eq!(orphan, set_aside("the command does not say which saga sends it"));
}

#[test]
fn an_order_has_one_key_however_its_id_is_written() {
    assert_eq!(order_key(ORDER), Ok(ORDER.to_owned()));
    assert_eq!(order_key(&ORDER.to_uppercase().replace('-', "")), Ok(ORDER.to_owned()));
    for bad in ["", "7", "claim#3f1d2b60-6f0e-5a53-9f57-2f3d5c1b7a10"] {
        let Err(Failure::SetAside(reason)) = order_key(bad) else { panic!("{bad} names an order") };
        assert!(reason.starts_with("order_id is not a UUID: "), "{reason}");
    }
}
