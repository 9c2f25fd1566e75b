//! create-order: kitchen and card agree, or everything is undone.

use contracts::billing::v1::{AuthorizeCard, CancelCard};
use contracts::kitchen::v1::{ApproveTicket, CreateTicket, RejectTicket, TicketItem};
use contracts::order::v1::{ApproveOrder, OrderCreated, RejectOrder};
use messaging::{Payload, Refusal};
use saga::{CommandOf, Saga, saga};

/// The saga itself; it starts with an order that is APPROVAL_PENDING.
pub fn create_order() -> Saga<PlacedOrder, Payload> {
    saga("create-order", 1)
        .undone_by::<RejectOrder>()
        .compensatable::<CreateTicket, RejectTicket>()
        .pivot_undone_by::<AuthorizeCard, CancelCard>()
        .retriable::<ApproveTicket>()
        .retriable::<ApproveOrder>()
        .build()
}

/// The event that starts the saga: all that its commands are worded from.
pub struct PlacedOrder(OrderCreated);

impl From<OrderCreated> for PlacedOrder {
    fn from(event: OrderCreated) -> Self {
        Self(event)
    }
}

by_order_id!(PlacedOrder: RejectTicket, CancelCard, ApproveTicket, ApproveOrder);

impl CommandOf<PlacedOrder> for CreateTicket {
    fn of(PlacedOrder(order): &PlacedOrder) -> Self {
        let item = |item: &contracts::order::v1::LineItem| TicketItem {
            product_id: item.product_id.clone(),
            quantity: item.quantity,
            ..Default::default()
        };
        Self { order_id: order.order_id.clone(), items: order.items.iter().map(item).collect(), ..Default::default() }
    }
}

impl CommandOf<PlacedOrder> for AuthorizeCard {
    fn of(PlacedOrder(order): &PlacedOrder) -> Self {
        Self {
            order_id: order.order_id.clone(),
            customer_id: order.customer_id.clone(),
            currency: order.total.currency.clone(),
            minor_units: order.total.minor_units,
            card_token: order.card_token.clone(),
            ..Default::default()
        }
    }
}

impl CommandOf<PlacedOrder> for RejectOrder {
    const WHY: Option<fn(Self, &Refusal) -> Self> =
        Some(|command, because| Self { reason: because.reason.clone(), ..command });

    fn of(PlacedOrder(order): &PlacedOrder) -> Self {
        Self { order_id: order.order_id.clone(), ..Default::default() }
    }
}
