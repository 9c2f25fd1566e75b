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

use messaging::Payload;
use messaging::{Context, Failure, Key, Reply};
use uuid::Uuid;

use crate::domain::{Illegal, Order, Transition};

/// The key of the order with this identity.
fn order_key(order_id: &str) -> Result<Key, Failure> {
    let id =
        Uuid::parse_str(order_id).map_err(|error| Failure::set_aside(format!("order_id is not a UUID: {error}")))?;
    Ok(id.to_string())
}

/// The order, which exists as long as a saga about it, and the saga that sends the command.
fn locked<'a>(state: Option<&'a Order>, context: &Context<'_>) -> Result<(&'a Order, Uuid), Failure> {
    let order = state.ok_or_else(|| Failure::set_aside("there is no such order"))?;
    let saga = context.sender().ok_or_else(|| Failure::set_aside("the command does not say which saga sends it"))?;
    Ok((order, saga))
}

/// Saves a changed order with its event. The answer is success, as no command to the Order service can be refused.
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
mod tests;
