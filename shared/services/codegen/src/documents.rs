//! `docs/api/`: the API for clients without Connect, and the messages between the functions.

mod asyncapi;
mod contract;
mod limits;
mod openapi;
mod refusals;
mod schema;
mod tree;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use messaging::Deployment;
use orchestration::Registry;

use contract::Contract;

/// The documents of the contracts in `checkout`: the path of each below the root, and its content.
///
/// # Errors
/// Contracts that do not parse, or that the policy, the sagas, the steps' rows or the recorded events do not fit.
pub fn documents(checkout: &Path, registry: &Registry, steps: &[Deployment]) -> Result<Vec<(PathBuf, String)>> {
    let contract = Contract::read(checkout)?;
    let openapi = openapi::document(&contract, checkout).context(openapi::PATH)?;
    let asyncapi = asyncapi::document(&contract, checkout, registry, steps).context(asyncapi::PATH)?;
    Ok(vec![(openapi::PATH.into(), openapi), (asyncapi::PATH.into(), asyncapi)])
}

/// Writes the documents of `checkout` into it.
///
/// # Errors
/// Documents that cannot be made, or written.
pub fn write_documents(checkout: &Path, registry: &Registry, steps: &[Deployment]) -> Result<()> {
    for (name, content) in documents(checkout, registry, steps)? {
        let path = checkout.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        }
        std::fs::write(&path, content).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}
