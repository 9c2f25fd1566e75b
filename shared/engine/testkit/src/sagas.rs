//! A saga of tests in two versions that the same event starts, so that nobody can mistake either for the other: they differ
//! in their steps, in the order of these, in patience and in how they word the order's identity.

use std::time::Duration;

use contracts::billing::v1::{AuthorizeCard, CancelCard};
use contracts::kitchen::v1::{ApproveTicket, CancelTicket, CreateTicket, RejectTicket};
use contracts::order::v1::{ApproveOrder, ConfirmCancellation, OrderCreated, RejectOrder};
use messaging::{Deployment, Table};
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

/// A row for each step of these sagas: one step moves counters, another needs a variable.
pub fn steps(registry: &Registry) -> Vec<Deployment> {
    const ORDERS: Table = Table::new("orders");
    const TICKETS: Table = Table::new("tickets");
    const CARDS: Table = Table::new("cards");
    let mut steps = vec![
        Deployment::of::<ApproveOrder>("Approves an order.", ORDERS),
        Deployment::of::<RejectOrder>("Rejects an order.", ORDERS),
        Deployment::of::<ConfirmCancellation>("Confirms a cancellation.", ORDERS),
        Deployment::of::<CreateTicket>("Creates a ticket.", TICKETS).with_counters(Table::new("stock")),
        Deployment::of::<ApproveTicket>("Approves a ticket.", TICKETS),
        Deployment::of::<RejectTicket>("Rejects a ticket.", TICKETS),
        Deployment::of::<CancelTicket>("Cancels a ticket.", TICKETS),
        Deployment::of::<AuthorizeCard>("Authorizes a card.", CARDS).with_variables(&[("PROVIDER", "test")]),
        Deployment::of::<CancelCard>("Cancels a card.", CARDS),
    ];
    let handlers = registry.handlers();
    steps.retain(|row| handlers.contains(row.handler));
    steps
}
