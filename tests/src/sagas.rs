//! The sagas, as the registry has them.

use std::sync::Arc;

use anyhow::{Context, Result};
use orchestration::{Catalog, RecordedCatalog, RecordedSagas, SagaInstance};
use saga::Definition;
use testkit::MemoryStore;

/// The Rust lane's catalog of the sagas in this table.
pub fn catalog(sagas: &MemoryStore) -> Arc<dyn Catalog> {
    let by_state = Arc::new(sagas.index(SagaInstance::BY_STATE.partition, SagaInstance::BY_STATE.sort));
    let recorded = RecordedSagas { registry: order::sagas::registry(), instances: Arc::new(sagas.clone()) };
    Arc::new(RecordedCatalog { recorded, by_state })
}

/// The newest version of the saga of this name.
///
/// # Errors
/// There is no such saga.
pub fn newest(saga: &str) -> Result<Definition> {
    let registry = order::sagas::registry();
    let versions = registry.definitions().filter(|definition| definition.name == saga);
    versions.max_by_key(|definition| definition.version).cloned().with_context(|| format!("there is no saga {saga}"))
}

/// The handlers of the commands of a saga that completes, in order.
pub fn forward(saga: &Definition) -> Vec<&'static str> {
    saga.steps.iter().map(|step| step.command.handler).collect()
}
