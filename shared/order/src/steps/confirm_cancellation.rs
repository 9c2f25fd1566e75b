//! ConfirmCancellation: the last step of cancel-order.

use std::convert::Infallible;

use contracts::order::v1::{self, OrderCanceled};
use messaging::{Context, Failure, Key, Reply, Step};

use super::{locked, order_key, reply};
use crate::domain::Order;

/// ConfirmCancellation: the last step of cancel-order.
pub struct ConfirmCancellation;

impl Step for ConfirmCancellation {
    type Command = v1::ConfirmCancellation;
    type Aggregate = Order;

    fn key(&self, command: &v1::ConfirmCancellation) -> Result<Key, Failure> {
        order_key(&command.order_id)
    }

    fn decide(
        &self,
        state: Option<&Order>,
        _command: &v1::ConfirmCancellation,
        context: &Context<'_>,
    ) -> Result<Reply<Order, Infallible>, Failure> {
        let (order, saga) = locked(state, context)?;
        reply(order.confirm_cancellation(saga), |order| {
            OrderCanceled { order_id: order.id.to_string(), ..Default::default() }.into()
        })
    }
}
