//! A saga of tests in two versions that the same event starts, so that nobody can mistake either for the other: they differ
//! in their steps, in the order of these, in patience and in how they word the sale's identity.

use std::time::Duration;

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
            fn of(sale: &$data, _because: Option<&Refusal>) -> Self {
                Self { sale_id: sale.sale_id.clone(), ..Default::default() }
            }
        })*

        impl CommandOf<$data> for ChargeCard {
            fn of(sale: &$data, _because: Option<&Refusal>) -> Self {
                let (sale_id, card_token) = (sale.sale_id.clone(), sale.card_token.clone());
                Self { sale_id, card_token, ..Default::default() }
            }
        }

        impl CommandOf<$data> for CancelSale {
            fn of(sale: &$data, because: Option<&Refusal>) -> Self {
                let reason = because.map(|refusal| refusal.reason.clone()).unwrap_or_default();
                Self { sale_id: sale.sale_id.clone(), reason, ..Default::default() }
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

/// The registry of a deployment that knows version 1 alone.
pub fn only_version_1() -> Registry {
    Registry::default().with::<SalePlaced, Placed>(version_1())
}

/// The registry of the deployment after it: version 2 is the newest.
pub fn both_versions() -> Registry {
    only_version_1().with::<SalePlaced, PlacedLater>(version_2())
}

/// The registry of a deployment that has forgotten version 1, or come after its last run.
pub fn only_version_2() -> Registry {
    Registry::default().with::<SalePlaced, PlacedLater>(version_2())
}
