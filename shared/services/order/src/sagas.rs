//! The two sagas. Each is a value: the machine, the commands and the diagrams follow from it.

mod cancel_order;
mod create_order;

pub use cancel_order::{CanceledOrder, cancel_order};
pub use create_order::{PlacedOrder, create_order};

use contracts::order::v1::{CancellationRequested, OrderCreated};
use orchestration::Registry;

/// Every saga that the orchestrator runs, and the event that starts it.
pub fn registry() -> Registry {
    Registry::default()
        .with::<OrderCreated, PlacedOrder>(create_order())
        .with::<CancellationRequested, CanceledOrder>(cancel_order())
}

#[cfg(test)]
mod tests;
