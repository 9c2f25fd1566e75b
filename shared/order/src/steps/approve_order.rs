//! ApproveOrder: the last step of create-order.

use std::convert::Infallible;

use contracts::order::v1::{self, OrderApproved};
use messaging::{Context, Failure, Key, Reply, Step};

use super::{locked, order_key, reply};
use crate::domain::Order;

/// ApproveOrder: the last step of create-order.
pub struct ApproveOrder;

impl Step for ApproveOrder {
    type Command = v1::ApproveOrder;
    type Aggregate = Order;

    fn key(&self, command: &v1::ApproveOrder) -> Result<Key, Failure> {
        order_key(&command.order_id)
    }

    fn decide(
        &self,
        state: Option<&Order>,
        _command: &v1::ApproveOrder,
        context: &Context<'_>,
    ) -> Result<Reply<Order, Infallible>, Failure> {
        let (order, saga) = locked(state, context)?;
        reply(order.approve(saga), |order| {
            OrderApproved { order_id: order.id.to_string(), ..Default::default() }.into()
        })
    }
}
