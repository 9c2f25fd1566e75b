//! Releases the lock that create-order holds on the order, after every step that took effect is undone.

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

#[cfg(test)]
mod tests {
    use super::super::tests::{ORDER, SAGA, changes, illegal};
    use super::*;
    use crate::domain::Status;

    fn command() -> v1::RejectOrder {
        v1::RejectOrder { order_id: ORDER.to_owned(), reason: "OUT_OF_STOCK".to_owned(), ..Default::default() }
    }

    #[test]
    fn it_ends_the_wait_once() {
        let after = Status::Rejected { reason: "OUT_OF_STOCK".to_owned() };
        let event =
            OrderRejected { order_id: ORDER.to_owned(), reason: "OUT_OF_STOCK".to_owned(), ..Default::default() };
        changes(&RejectOrder, &command(), Status::ApprovalPending { owner: SAGA }, after, event);
    }

    #[test]
    fn it_never_fits_an_order_that_went_another_way() {
        illegal(
            &RejectOrder,
            &command(),
            Status::Approved { cancellation_refused: None },
            "RejectOrder does not fit an order that is Approved { cancellation_refused: None }",
        );
    }
}
