//! Releases the lock that cancel-order holds on the order, after ticket and card are canceled.

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

#[cfg(test)]
mod tests {
    use super::super::tests::{ORDER, SAGA, changes, illegal};
    use super::*;
    use crate::domain::Status;

    fn command() -> v1::ConfirmCancellation {
        v1::ConfirmCancellation { order_id: ORDER.to_owned(), ..Default::default() }
    }

    #[test]
    fn it_ends_the_wait_once() {
        let after = Status::Canceled;
        let event = OrderCanceled { order_id: ORDER.to_owned(), ..Default::default() };
        changes(&ConfirmCancellation, &command(), Status::CancelPending { owner: SAGA }, after, event);
    }

    #[test]
    fn it_never_fits_an_order_that_went_another_way() {
        illegal(
            &ConfirmCancellation,
            &command(),
            Status::Approved { cancellation_refused: None },
            "ConfirmCancellation does not fit an order that is Approved { cancellation_refused: None }",
        );
    }
}
