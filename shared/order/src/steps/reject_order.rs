//! RejectOrder: undoes the placement of an order.

use std::convert::Infallible;

use contracts::order::v1::{self, OrderRejected};
use messaging::{Context, Failure, Key, Reply, Step};

use super::{locked, order_key, reply};
use crate::domain::Order;

/// RejectOrder: undoes the placement of an order.
pub struct RejectOrder;

impl Step for RejectOrder {
    type Command = v1::RejectOrder;
    type Aggregate = Order;

    fn key(&self, command: &v1::RejectOrder) -> Result<Key, Failure> {
        order_key(&command.order_id)
    }

    fn decide(
        &self,
        state: Option<&Order>,
        command: &v1::RejectOrder,
        context: &Context<'_>,
    ) -> Result<Reply<Order, Infallible>, Failure> {
        let (order, saga) = locked(state, context)?;
        reply(order.reject(saga, &command.reason), |order| {
            OrderRejected { order_id: order.id.to_string(), reason: command.reason.clone(), ..Default::default() }
                .into()
        })
    }
}
