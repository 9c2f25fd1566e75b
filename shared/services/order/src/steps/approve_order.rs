//! Releases the lock that create-order holds on the order, after every other step has succeeded.

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

#[cfg(test)]
mod tests {
    use super::super::tests::{ORDER, SAGA, changes, illegal};
    use super::*;
    use crate::domain::Status;

    fn command() -> v1::ApproveOrder {
        v1::ApproveOrder { order_id: ORDER.to_owned(), ..Default::default() }
    }

    #[test]
    fn it_ends_the_wait_once() {
        let after = Status::Approved { cancellation_refused: None };
        let event = OrderApproved { order_id: ORDER.to_owned(), ..Default::default() };
        changes(&ApproveOrder, &command(), Status::ApprovalPending { owner: SAGA }, after, event);
    }

    #[test]
    fn it_never_fits_an_order_that_went_another_way() {
        illegal(
            &ApproveOrder,
            &command(),
            Status::Rejected { reason: "NO".to_owned() },
            "ApproveOrder does not fit an order that is Rejected { reason: \"NO\" }",
        );
    }
}
