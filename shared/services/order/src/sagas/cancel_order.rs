//! cancel-order: once the kitchen lets go of the ticket, the money is released.

use contracts::billing::v1::CancelCard;
use contracts::kitchen::v1::CancelTicket;
use contracts::order::v1::{CancellationRequested, ConfirmCancellation, RejectCancellation};
use messaging::{Payload, Refusal};
use saga::{CommandOf, Saga, saga};

/// The saga itself; it starts with an order that is CANCEL_PENDING.
///
/// The pivot comes first, so stock and money come back only after the kitchen has let go (the pessimistic view).
pub fn cancel_order() -> Saga<CanceledOrder, Payload> {
    saga("cancel-order", 1)
        .undone_by::<RejectCancellation>()
        .pivot::<CancelTicket>()
        .retriable::<CancelCard>()
        .retriable::<ConfirmCancellation>()
        .build()
}

/// The event that starts the saga: all that its commands are worded from.
pub struct CanceledOrder(CancellationRequested);

impl From<CancellationRequested> for CanceledOrder {
    fn from(event: CancellationRequested) -> Self {
        Self(event)
    }
}

by_order_id!(CanceledOrder: CancelTicket, CancelCard, ConfirmCancellation);

impl CommandOf<CanceledOrder> for RejectCancellation {
    const WHY: Option<fn(Self, &Refusal) -> Self> =
        Some(|command, because| Self { reason: because.reason.clone(), ..command });

    fn of(CanceledOrder(order): &CanceledOrder) -> Self {
        Self { order_id: order.order_id.clone(), ..Default::default() }
    }
}
