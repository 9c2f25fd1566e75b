//! Releases the lock that cancel-order holds on the order, after the kitchen has refused to cancel the ticket.

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

#[cfg(test)]
mod tests {
    use super::super::tests::{ORDER, SAGA, changes, illegal};
    use super::*;
    use crate::domain::Status;

    fn command() -> v1::RejectCancellation {
        v1::RejectCancellation {
            order_id: ORDER.to_owned(),
            reason: "COOKING_HAS_STARTED".to_owned(),
            ..Default::default()
        }
    }

    #[test]
    fn it_ends_the_wait_once() {
        let after = Status::Approved { cancellation_refused: Some("COOKING_HAS_STARTED".to_owned()) };
        let event = CancellationRejected {
            order_id: ORDER.to_owned(),
            reason: "COOKING_HAS_STARTED".to_owned(),
            ..Default::default()
        };
        changes(&RejectCancellation, &command(), Status::CancelPending { owner: SAGA }, after, event);
    }

    #[test]
    fn it_never_fits_an_order_that_went_another_way() {
        illegal(
            &RejectCancellation,
            &command(),
            Status::Rejected { reason: "NO".to_owned() },
            "RejectCancellation does not fit an order that is Rejected { reason: \"NO\" }",
        );
    }
}
