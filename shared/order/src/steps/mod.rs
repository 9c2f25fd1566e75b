//! The commands that the Order service accepts from a saga, one file each.

mod approve_order;
mod confirm_cancellation;
mod reject_cancellation;
mod reject_order;

pub use approve_order::ApproveOrder;
pub use confirm_cancellation::ConfirmCancellation;
pub use reject_cancellation::RejectCancellation;
pub use reject_order::RejectOrder;

use std::convert::Infallible;

use contracts::Payload;
use messaging::{Context, Failure, Key, Reply};
use uuid::Uuid;

use crate::domain::{Illegal, Order, Transition};

/// The key of the order with this identity.
fn order_key(order_id: &str) -> Result<Key, Failure> {
    let id = Uuid::parse_str(order_id)
        .map_err(|error| Failure::set_aside(format!("order_id {order_id:?} is not a UUID: {error}")))?;
    Ok(id.to_string())
}

/// The order, which no saga outlives, and the saga that sends the command.
fn locked<'a>(state: Option<&'a Order>, context: &Context<'_>) -> Result<(&'a Order, Uuid), Failure> {
    let order = state.ok_or_else(|| Failure::set_aside("there is no such order"))?;
    let saga = context.sender().ok_or_else(|| Failure::set_aside("the command does not say which saga sends it"))?;
    Ok((order, saga))
}

/// Saves a changed order with its event; none of these commands can be refused.
fn reply(
    transition: Result<Transition, Illegal>,
    event: impl FnOnce(&Order) -> Payload,
) -> Result<Reply<Order, Infallible>, Failure> {
    match transition.map_err(Failure::set_aside)? {
        Transition::Changed(order) => {
            let events = vec![event(&order)];
            Ok(Reply::Save { state: order, answer: Ok(()), events, counters: Vec::new() })
        }
        Transition::Already => Ok(Reply::Already(Ok(()))),
    }
}

#[cfg(test)]
mod tests {
    use contracts::{Command, WireMessage};
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

    fn reply_to<S>(step: &S, command: &S::Command, state: Option<&Order>) -> Result<Reply<Order, Infallible>, Failure>
    where
        S: Step<Aggregate = Order>,
        S::Command: Command<Refusal = Infallible> + WireMessage,
    {
        let correlation = Correlation {
            saga_id: SAGA,
            step: S::Command::HANDLER.to_owned(),
            reply_to: "queue".to_owned(),
            reply_token: String::new(),
        };
        let message = Envelope {
            message_id: Uuid::from_u128(6),
            source: "orchestrate-saga".to_owned(),
            causation_id: None,
            correlation: Some(correlation),
            occurred_at: OffsetDateTime::UNIX_EPOCH,
            trace_parent: String::new(),
            payload: command.clone().into(),
        };
        let context = Context { now: OffsetDateTime::UNIX_EPOCH, next_version: 2, message: &message };
        assert_eq!(step.key(command), Ok(ORDER.to_owned()));
        step.decide(state, command, &context)
    }

    /// The status after the command, and the type of the event it published.
    pub(super) fn decide<S>(step: &S, command: &S::Command, status: Status) -> (Status, Option<String>)
    where
        S: Step<Aggregate = Order>,
        S::Command: Command<Refusal = Infallible> + WireMessage,
    {
        match reply_to(step, command, Some(&order(status.clone()))) {
            Ok(Reply::Save { state, answer: Ok(()), events, .. }) => {
                (state.status, events.first().map(|event| event.type_name().to_owned()))
            }
            Ok(Reply::Already(Ok(()))) => (status, None),
            Err(failure) => panic!("{failure}"),
        }
    }

    /// The command is set aside, for an order of this status as for none.
    pub(super) fn illegal<S>(step: &S, command: &S::Command, status: Status)
    where
        S: Step<Aggregate = Order>,
        S::Command: Command<Refusal = Infallible> + WireMessage,
    {
        for state in [Some(order(status)), None] {
            assert!(matches!(reply_to(step, command, state.as_ref()), Err(Failure::SetAside(_))));
        }
    }
}
