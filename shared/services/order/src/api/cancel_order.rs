//! CancelOrder: takes the lock on an approved order; the saga follows from the event in its outbox.

use connectrpc::Spec;
use contracts::Reason;
use contracts::order::v1::CancellationRequested;
use contracts::order_api::v1::{CancelOrderRequest, CancelOrderResponse, ORDER_SERVICE_CANCEL_ORDER_SPEC};
use messaging::{Key, ids};
use rpc::{Call, CallContext, Change, Mutation, Ownership, RpcError};
use uuid::Uuid;

use super::{no_order, parse_order_id, shown};
use crate::domain::{CancellationRefused, Order};

/// Asks to cancel an approved order.
pub struct CancelOrder;

impl Mutation for CancelOrder {
    type Request = CancelOrderRequest;
    /// The order's id.
    type Input = Uuid;
    type Response = CancelOrderResponse;
    type Aggregate = Order;
    const SPEC: Spec = ORDER_SERVICE_CANCEL_ORDER_SPEC;
    const OWNERSHIP: Ownership = Ownership::Caller;
    const CLAIMS: bool = true;

    fn parse(&self, request: CancelOrderRequest) -> Result<Uuid, RpcError> {
        parse_order_id(&request.order_id)
    }

    fn canonical(&self, order_id: &Uuid) -> CancelOrderRequest {
        CancelOrderRequest { order_id: order_id.to_string(), ..Default::default() }
    }

    fn key(&self, order_id: &Uuid, _call: &Call) -> Key {
        order_id.to_string()
    }

    fn owner<'a>(&self, order: &'a Order) -> Option<&'a str> {
        Some(&order.customer)
    }

    fn not_found(&self, key: &Key) -> RpcError {
        no_order(key)
    }

    fn decide(
        &self,
        state: Option<&Order>,
        order_id: &Uuid,
        context: &CallContext<'_>,
    ) -> Result<Change<Order, CancelOrderResponse>, RpcError> {
        let key = order_id.to_string();
        let order = state.ok_or_else(|| no_order(&key))?;
        let saga = ids::saga(ids::event(&key, context.next_version, 0));
        let order = order.request_cancellation(saga).map_err(|refused| refusal(refused, &key))?;
        let event = CancellationRequested { order_id: key, customer_id: order.customer.clone(), ..Default::default() };
        let response = CancelOrderResponse { order: shown::order(&order).into(), ..Default::default() };
        Ok(Change::Save { response, events: vec![event.into()], state: order })
    }
}

fn refusal(refused: CancellationRefused, order_id: &str) -> RpcError {
    let reason = match refused {
        CancellationRefused::Locked => Reason::OrderLocked,
        CancellationRefused::Rejected => Reason::OrderRejected,
        CancellationRefused::Canceled => Reason::OrderCanceled,
    };
    RpcError::refused(reason, refused.to_string()).about("order_id", order_id)
}

#[cfg(test)]
mod tests;
