//! The lock over the published definitions: one that is out there never changes, it only gets a successor.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use orchestration::{Registry, fingerprint};

/// Where the lock stands, below the root.
pub const PATH: &str = "statemachines/published.lock";

const HEADER: &str = "\
# The saga definitions that were published: name, version, fingerprint of the whole definition.
# A run finishes on the definition it started with, so a line never changes. `make publish-sagas` adds the lines of new
# versions; a test compares them with the code. Take a line out once its version is gone and no run of it is in flight.
";

const A_NEW_VERSION: &str = "To change a saga that is published:
  1. put its definition in shared/services/order/src/sagas back as it was published;
  2. make new-version SAGA=<its name>, which keeps the published one and registers a copy as the newest: new runs start with it;
  3. change the copy;
  4. make generate, which writes its state machine, its diagrams and its parts of template.yaml;
  5. make publish-sagas.";

type Id = (String, u32);

/// Compares the lock with the definitions: each must be as it was published, and published.
///
/// # Errors
/// A published definition that has changed or is gone, one that is not published, or a line that is none.
pub fn check(lock: &str, registry: &Registry) -> Result<()> {
    let unpublished = unpublished(lock, registry)?;
    let names: Vec<String> = unpublished.keys().map(|(name, version)| format!("{name} {version}")).collect();
    ensure!(names.is_empty(), "not in {PATH} yet: {}. Run make publish-sagas", names.join(", "));
    Ok(())
}

/// The lock with the versions that were not in it yet.
///
/// # Errors
/// A published definition that has changed or is gone, or a line that is none.
pub fn publish(lock: &str, registry: &Registry) -> Result<String> {
    let mut text = if lock.is_empty() { HEADER.to_owned() } else { lock.to_owned() };
    for ((name, version), fingerprint) in unpublished(lock, registry)? {
        text += &format!("{name} {version} {fingerprint}\n");
    }
    Ok(text)
}

/// The definitions that are not in the lock yet, with their fingerprints.
///
/// # Errors
/// See [`publish`].
pub(crate) fn unpublished(lock: &str, registry: &Registry) -> Result<BTreeMap<Id, String>> {
    let definitions = registry.definitions().map(|definition| {
        let id = (definition.name.to_owned(), definition.version);
        (id, fingerprint(definition).to_string())
    });
    let mut left: BTreeMap<Id, String> = definitions.collect();
    for (id, published) in parse(lock)? {
        let (name, version) = &id;
        match left.remove(&id) {
            Some(here) if here == published => {}
            Some(here) => bail!(
                "version {version} of {name} is published with the fingerprint {published}, but here it is {here}: \
                 runs in flight would go on with steps they did not start with.\n{A_NEW_VERSION}"
            ),
            None => bail!(
                "version {version} of {name} is published, but shared/services/order/src/sagas.rs registers it no more: runs \
                 in flight could not go on.\nRegister it again, before the newer one. Only when no run of it is left may \
                 it go, with its line in {PATH}.\n{A_NEW_VERSION}"
            ),
        }
    }
    Ok(left)
}

fn parse(lock: &str) -> Result<BTreeMap<Id, String>> {
    let mut published = BTreeMap::new();
    for line in lock.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, version, fingerprint] = words[..] else {
            bail!("{PATH}: {line:?} is no name, version, fingerprint")
        };
        let version = version.parse().with_context(|| format!("{PATH}: {line:?} has no version"))?;
        let twice = published.insert((name.to_owned(), version), fingerprint.to_owned()).is_some();
        ensure!(!twice, "{PATH}: {name} {version} is there twice");
    }
    Ok(published)
}

#[cfg(test)]
mod tests;
