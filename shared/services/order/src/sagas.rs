//! The two sagas. Each is a value: the machine, the commands and the diagrams follow from it.

/// Words commands that name an order and say no more, from data that wraps an event with an `order_id`.
macro_rules! by_order_id {
    ($data:ty: $($command:ty),+ $(,)?) => {
        $(impl ::saga::CommandOf<$data> for $command {
            fn of(data: &$data) -> Self {
                Self { order_id: data.0.order_id.clone(), ..Default::default() }
            }
        })+
    };
}

mod cancel_order;
mod create_order;

pub use cancel_order::{CanceledOrder, cancel_order};
pub use create_order::{PlacedOrder, create_order};

use contracts::billing::v1::AuthorizeCard;
use contracts::order::v1::{CancellationRequested, OrderCreated};
use orchestration::Registry;

/// Every saga that the orchestrator runs, and the event that starts it.
pub fn registry() -> Registry {
    Registry::default()
        .with::<OrderCreated, PlacedOrder>(create_order())
        .with::<CancellationRequested, CanceledOrder>(cancel_order())
        .forgetting_after::<AuthorizeCard, OrderCreated>(|order| order.card_token.clear())
        .about::<OrderCreated>(|order| order.order_id.clone())
        .about::<CancellationRequested>(|order| order.order_id.clone())
}

#[cfg(test)]
mod tests;
