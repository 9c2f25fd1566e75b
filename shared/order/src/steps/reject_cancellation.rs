//! RejectCancellation: undoes the request to cancel an order.

use std::convert::Infallible;

use contracts::order::v1::{self, CancellationRejected};
use messaging::{Context, Failure, Key, Reply, Step};

use super::{locked, order_key, reply};
use crate::domain::Order;

/// RejectCancellation: undoes the request to cancel an order.
pub struct RejectCancellation;

impl Step for RejectCancellation {
    type Command = v1::RejectCancellation;
    type Aggregate = Order;

    fn key(&self, command: &v1::RejectCancellation) -> Result<Key, Failure> {
        order_key(&command.order_id)
    }

    fn decide(
        &self,
        state: Option<&Order>,
        command: &v1::RejectCancellation,
        context: &Context<'_>,
    ) -> Result<Reply<Order, Infallible>, Failure> {
        let (order, saga) = locked(state, context)?;
        reply(order.reject_cancellation(saga, &command.reason), |order| {
            CancellationRejected {
                order_id: order.id.to_string(),
                reason: command.reason.clone(),
                ..Default::default()
            }
            .into()
        })
    }
}
