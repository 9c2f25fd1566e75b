//! The sagas, as the registry has them.

use anyhow::{Context, Result};
use saga::Definition;

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
