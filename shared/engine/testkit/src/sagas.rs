//! A saga of tests in two versions that the same event starts, so that nobody can mistake either for the other: they differ
//! in their steps, in the order of these, in patience and in how they word the order's identity.

use std::time::Duration;

use contracts::billing::v1::{AuthorizeCard, CancelCard};
use contracts::kitchen::v1::{ApproveTicket, CancelTicket, CreateTicket, RejectTicket};
use contracts::order::v1::{ApproveOrder, ConfirmCancellation, OrderCreated, RejectOrder};
use orchestration::Registry;
use saga::Refusal;
use saga::{CommandOf, Patience, Saga, saga};
use wire::Payload;

/// The data of version 1.
pub struct Placed {
    order_id: String,
    card_token: String,
}

impl From<OrderCreated> for Placed {
    fn from(event: OrderCreated) -> Self {
        Self { order_id: event.order_id, card_token: event.card_token }
    }
}

/// The data of version 2.
pub struct PlacedLater {
    order_id: String,
    card_token: String,
}

impl From<OrderCreated> for PlacedLater {
    fn from(event: OrderCreated) -> Self {
        Self { order_id: format!("{} of version 2", event.order_id), card_token: event.card_token }
    }
}

macro_rules! worded {
    ($data:ty: $($command:ty),*) => {
        $(impl CommandOf<$data> for $command {
            fn of(order: &$data) -> Self {
                Self { order_id: order.order_id.clone(), ..Default::default() }
            }
        })*

        impl CommandOf<$data> for AuthorizeCard {
            fn of(order: &$data) -> Self {
                let (order_id, card_token) = (order.order_id.clone(), order.card_token.clone());
                Self { order_id, card_token, ..Default::default() }
            }
        }

        impl CommandOf<$data> for RejectOrder {
            const WHY: Option<fn(Self, &Refusal) -> Self> =
                Some(|command, because| Self { reason: because.reason.clone(), ..command });

            fn of(order: &$data) -> Self {
                Self { order_id: order.order_id.clone(), ..Default::default() }
            }
        }
    };
}

worded!(Placed: CreateTicket, RejectTicket, CancelCard, ApproveTicket, ApproveOrder);
worded!(PlacedLater: CancelCard, CancelTicket, ApproveTicket, ConfirmCancellation, ApproveOrder);

/// Version 1: a compensatable step, a pivot with an undo, and two retriable steps.
pub fn version_1() -> Saga<Placed, Payload> {
    saga("create-order", 1)
        .undone_by::<RejectOrder>()
        .compensatable::<CreateTicket, RejectTicket>()
        .pivot_undone_by::<AuthorizeCard, CancelCard>()
        .retriable::<ApproveTicket>()
        .retriable::<ApproveOrder>()
        .build()
}

/// Version 2: what is the pivot of version 1 comes first, the pivot has no undo, there is one more step, and silence is
/// shorter.
pub fn version_2() -> Saga<PlacedLater, Payload> {
    saga("create-order", 2)
        .undone_by::<RejectOrder>()
        .patience(Patience { first: Duration::from_secs(4), repeats: 1, ..Patience::USUAL })
        .compensatable::<AuthorizeCard, CancelCard>()
        .pivot::<CancelTicket>()
        .retriable::<ApproveTicket>()
        .retriable::<ConfirmCancellation>()
        .retriable::<ApproveOrder>()
        .build()
}

/// The registry of a deployment that knows version 1 alone.
pub fn only_version_1() -> Registry {
    Registry::default().with::<OrderCreated, Placed>(version_1())
}

/// The registry of the deployment after it: version 2 is the newest.
pub fn both_versions() -> Registry {
    only_version_1().with::<OrderCreated, PlacedLater>(version_2())
}

/// The registry of a deployment that has forgotten version 1, or come after its last run.
pub fn only_version_2() -> Registry {
    Registry::default().with::<OrderCreated, PlacedLater>(version_2())
}
