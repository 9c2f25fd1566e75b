//! From the record of one run to what a diagram shows of it.

use anyhow::{Context, Result, bail, ensure};
use messaging::Record;
use orchestration::{Entry, Happened, HistoryEvent, Registry, SagaInstance, fingerprint, history};
use saga::Definition;
use saga::diagram::Run;
use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

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
    } else if record.get("events").is_some() {
        of_history(registry, &serde_json::from_value(record).context("not an execution's history")?)
    } else {
        bail!(
            "neither an item as GetItem returns it, nor the state of a saga, nor a history as GetExecutionHistory does"
        )
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
    // An instance without a fingerprint is older than fingerprints; following its entries shows whether they fit.
    is_the_same(definition, instance.fingerprint.unwrap_or_else(|| fingerprint(definition)))?;
    let run = follow(definition, &instance.entries)?;
    let (told, drawn) = (instance.state.position, run.position());
    ensure!(told == drawn, "the record contradicts itself: it stands at {told:?}, its commands lead to {drawn:?}");
    Ok((definition, run))
}

/// The part of a history that tells of a saga.
#[derive(Deserialize)]
struct History {
    events: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    r#type: String,
    execution_started_event_details: Option<Started>,
    state_entered_event_details: Option<Entered>,
    task_failed_event_details: Option<Failed>,
}

#[derive(Deserialize)]
struct Started {
    input: Option<String>,
}

#[derive(Deserialize)]
struct Entered {
    name: String,
}

#[derive(Deserialize)]
struct Failed {
    error: Option<String>,
    cause: Option<String>,
}

/// What start-saga writes into an execution's input.
#[derive(Deserialize)]
struct Input {
    definition: StartedWith,
}

#[derive(Deserialize)]
struct StartedWith {
    name: String,
    version: u32,
    fingerprint: Uuid,
}

/// What has happened in an execution of the Step Functions lane.
fn of_history<'a>(registry: &'a Registry, history: &History) -> Result<(&'a Definition, Run)> {
    let input = history.events.iter().find_map(|event| event.execution_started_event_details.as_ref()?.input.as_ref());
    let input = input.context("the history does not say how the execution started: ask for it with its data")?;
    let Input { definition: started_with } = serde_json::from_str(input).context("not an execution of a saga")?;
    let definition = find(registry, &started_with.name, started_with.version)?;
    is_the_same(definition, started_with.fingerprint)?;
    // When things happened is not drawn.
    let at = OffsetDateTime::UNIX_EPOCH;
    let events: Vec<HistoryEvent> =
        history.events.iter().filter_map(happened).map(|happened| HistoryEvent { at, happened }).collect();
    let progress = history::progress(definition, &events).context("the history is empty")?;
    Ok((definition, follow(definition, &progress.entries)?))
}

fn happened(event: &Event) -> Option<Happened> {
    let entered = event.state_entered_event_details.as_ref().map(|entered| entered.name.as_str());
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let failure = event.task_failed_event_details.as_ref().map(|failed| (text(&failed.error), text(&failed.cause)));
    history::happened(&event.r#type, entered, failure.as_ref().map(|(error, cause)| (error.as_str(), cause.as_str())))
}

/// The way that these commands and their outcomes took.
fn follow(definition: &Definition, entries: &[Entry]) -> Result<Run> {
    let sent = entries.iter().map(|entry| (entry.handler.as_str(), entry.state.outcome()));
    Ok(Run::follow(definition, sent)?)
}

fn is_the_same(definition: &Definition, started_with: Uuid) -> Result<()> {
    let here = fingerprint(definition);
    ensure!(
        started_with == here,
        "the run started with another version {} of {}: its fingerprint is {started_with}, here it is {here}",
        definition.version,
        definition.name
    );
    Ok(())
}

fn find<'a>(registry: &'a Registry, name: &str, version: u32) -> Result<&'a Definition> {
    let found = registry.definitions().find(|known| known.name == name && known.version == version);
    found.with_context(|| {
        let known = registry.definitions().map(|known| format!("{} {}", known.name, known.version));
        format!("no version {version} of {name} is known here, only {}", known.collect::<Vec<_>>().join(", "))
    })
}

#[cfg(test)]
mod tests;
