//! From the record of one run to what a diagram shows of it.

use anyhow::{Context, Result, bail, ensure};
use messaging::{EntryState, Record, Registry, SagaInstance, fingerprint};
use saga::Definition;
use saga::diagram::{Outcome, Run};
use serde_json::Value;

/// Reads a run's record, whichever lane it comes from: the definition it ran on, and the way it took.
///
/// # Errors
/// A record of no known kind, of a saga that is not known here, or of a way that its definition does not allow.
pub fn read<'a>(registry: &'a Registry, record: &str) -> Result<(&'a Definition, Run)> {
    let record: Value = serde_json::from_str(record).context("the record is not JSON")?;
    // Each kind of record has a field that no other kind has.
    if let Some(item) = record.get("Item") {
        of_instance(registry, &stored(item)?)
    } else if record.get("definition_version").is_some() {
        of_instance(registry, &serde_json::from_value(record).context("the state of a saga")?)
    } else {
        bail!("neither an item as DynamoDB's GetItem returns it nor the state of a saga")
    }
}

/// What the Rust lane has stored, in DynamoDB's JSON.
fn stored(item: &Value) -> Result<SagaInstance> {
    let item: serde_dynamo::Item = serde_json::from_value(item.clone()).context("not DynamoDB's JSON")?;
    let record: Record = serde_dynamo::from_item(item).context("not an item of the sagas table")?;
    record.aggregate().context("not a saga's state")
}

fn of_instance<'a>(registry: &'a Registry, instance: &SagaInstance) -> Result<(&'a Definition, Run)> {
    let definition = find(registry, &instance.saga, instance.definition_version)?;
    let here = fingerprint(definition);
    // An instance without a fingerprint is older than fingerprints; following its entries shows whether they fit.
    let started_with = instance.fingerprint.unwrap_or(here);
    ensure!(
        started_with == here,
        "the run started with another version {} of {}: its fingerprint is {started_with}, here it is {here}",
        definition.version,
        definition.name
    );
    let outcomes = instance.entries.iter().map(|entry| (entry.handler.as_str(), outcome(entry.state)));
    let run = Run::follow(definition, outcomes)?;
    let (told, drawn) = (instance.state.position, run.position());
    ensure!(told == drawn, "the record contradicts itself: it stands at {told:?}, its commands lead to {drawn:?}");
    Ok((definition, run))
}

fn find<'a>(registry: &'a Registry, name: &str, version: u32) -> Result<&'a Definition> {
    let found = registry.definitions().find(|known| known.name == name && known.version == version);
    found.with_context(|| {
        let known = registry.definitions().map(|known| format!("{} {}", known.name, known.version));
        format!("no version {version} of {name} is known here, only {}", known.collect::<Vec<_>>().join(", "))
    })
}

fn outcome(state: EntryState) -> Outcome {
    match state {
        EntryState::Sent => Outcome::Sent,
        EntryState::Succeeded => Outcome::Succeeded,
        EntryState::Refused => Outcome::Refused,
        EntryState::Unknown => Outcome::Unknown,
    }
}

#[cfg(test)]
#[path = "draw_tests.rs"]
mod tests;
