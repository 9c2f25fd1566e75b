//! A saga of tests in two versions that the same event starts, so that nobody can mistake either for the other: they differ
//! in their steps, in the order of these, in patience and in how they word the sale's identity.

use std::time::Duration;

use messaging::{Deployment, Table};
use orchestration::Registry;
use saga::Refusal;
use saga::{CommandOf, Patience, Saga, saga};
use wire::Payload;

use crate::shop::v1::{CancelSale, CompleteSale, ConfirmReturn, SalePlaced};
use crate::till::v1::{ChargeCard, RefundCard};
use crate::warehouse::v1::{HandOverGoods, PackGoods, ReleaseGoods, ReserveGoods};

/// The data of version 1.
pub struct Placed {
    sale_id: String,
    card_token: String,
}

impl From<SalePlaced> for Placed {
    fn from(event: SalePlaced) -> Self {
        Self { sale_id: event.sale_id, card_token: event.card_token }
    }
}

/// The data of version 2.
pub struct PlacedLater {
    sale_id: String,
    card_token: String,
}

impl From<SalePlaced> for PlacedLater {
    fn from(event: SalePlaced) -> Self {
        Self { sale_id: format!("{} of version 2", event.sale_id), card_token: event.card_token }
    }
}

macro_rules! worded {
    ($data:ty: $($command:ty),*) => {
        $(impl CommandOf<$data> for $command {
            fn of(sale: &$data) -> Self {
                Self { sale_id: sale.sale_id.clone(), ..Default::default() }
            }
        })*

        impl CommandOf<$data> for ChargeCard {
            fn of(sale: &$data) -> Self {
                let (sale_id, card_token) = (sale.sale_id.clone(), sale.card_token.clone());
                Self { sale_id, card_token, ..Default::default() }
            }
        }

        impl CommandOf<$data> for CancelSale {
            const WHY: Option<fn(Self, &Refusal) -> Self> =
                Some(|command, because| Self { reason: because.reason.clone(), ..command });

            fn of(sale: &$data) -> Self {
                Self { sale_id: sale.sale_id.clone(), ..Default::default() }
            }
        }
    };
}

worded!(Placed: ReserveGoods, ReleaseGoods, RefundCard, PackGoods, CompleteSale);
worded!(PlacedLater: RefundCard, HandOverGoods, PackGoods, ConfirmReturn, CompleteSale);

/// Version 1: a compensatable step, a pivot with an undo, and two retriable steps.
pub fn version_1() -> Saga<Placed, Payload> {
    saga("place-sale", 1)
        .undone_by::<CancelSale>()
        .compensatable::<ReserveGoods, ReleaseGoods>()
        .pivot_undone_by::<ChargeCard, RefundCard>()
        .retriable::<PackGoods>()
        .retriable::<CompleteSale>()
        .build()
}

/// Version 2: what is the pivot of version 1 comes first, the pivot has no undo, there is one more step, and silence is
/// shorter.
pub fn version_2() -> Saga<PlacedLater, Payload> {
    saga("place-sale", 2)
        .undone_by::<CancelSale>()
        .patience(Patience { first: Duration::from_secs(4), repeats: 1, ..Patience::USUAL })
        .compensatable::<ChargeCard, RefundCard>()
        .pivot::<HandOverGoods>()
        .retriable::<PackGoods>()
        .retriable::<ConfirmReturn>()
        .retriable::<CompleteSale>()
        .build()
}

/// An empty registry that knows what is a secret in a sale, and what a sale is called.
fn secretive() -> Registry {
    Registry::default()
        .forgetting_after::<ChargeCard, SalePlaced>(|sale| sale.card_token.clear())
        .about::<SalePlaced>(|sale| sale.sale_id.clone())
}

/// The registry of a deployment that knows version 1 alone.
pub fn only_version_1() -> Registry {
    secretive().with::<SalePlaced, Placed>(version_1())
}

/// The registry of the deployment after it: version 2 is the newest.
pub fn both_versions() -> Registry {
    only_version_1().with::<SalePlaced, PlacedLater>(version_2())
}

/// The registry of a deployment that has forgotten version 1, or come after its last run.
pub fn only_version_2() -> Registry {
    secretive().with::<SalePlaced, PlacedLater>(version_2())
}

/// A row for each step of these sagas: one step moves counters, another needs a variable.
pub fn steps(registry: &Registry) -> Vec<Deployment> {
    const SALES: Table = Table::new("sales");
    const PARCELS: Table = Table::new("parcels");
    const CHARGES: Table = Table::new("charges");
    let mut steps = vec![
        Deployment::of::<CompleteSale>("Completes a sale.", SALES),
        Deployment::of::<CancelSale>("Cancels a sale.", SALES),
        Deployment::of::<ConfirmReturn>("Confirms a return.", SALES),
        Deployment::of::<ReserveGoods>("Reserves goods.", PARCELS).with_counters(Table::new("shelves")),
        Deployment::of::<PackGoods>("Packs goods.", PARCELS),
        Deployment::of::<ReleaseGoods>("Releases goods.", PARCELS),
        Deployment::of::<HandOverGoods>("Hands goods over.", PARCELS),
        Deployment::of::<ChargeCard>("Charges a card.", CHARGES).with_variables(&[("PROVIDER", "test")]),
        Deployment::of::<RefundCard>("Refunds a card.", CHARGES),
    ];
    let handlers = registry.handlers();
    steps.retain(|row| handlers.contains(row.handler));
    steps
}
