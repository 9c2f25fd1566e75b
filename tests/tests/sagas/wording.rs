//! What messages say, on every path of an order of three products: compared with snapshots that a person has reviewed, and
//! reckoned up again by an arithmetic of their own.

mod calls;
mod card;
mod complete;
mod documents;
mod journal;
mod machines;
mod money;
mod paths;
mod restaurant;

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use messaging::Envelope;
use orchestration::{Entry, SagaInstance};
use order::sagas::registry;
use saga::{Definition, Outcome};
use serde_json::json;
use tests::as_it_is_read;

use crate::block_on;
use complete::Coverage;
use journal::{Heard, laid_out, text};
use machines::{Execution, refusal};
use paths::Path;

/// The type of the envelope of every message.
const ENVELOPE: &str = "message.v1.Message";

/// Every command, reply, event and watchdog, in the order in which they came to their queues.
#[test]
fn every_message_on_every_path_is_worded_as_it_was_reviewed() -> Result<()> {
    for path in Path::ALL {
        let (restaurant, _) = block_on(path.play())?;
        insta::assert_snapshot!(format!("messages_{}", path.name()), text(&restaurant.heard()));
    }
    Ok(())
}

/// What the customer and the cook are told on the way.
#[test]
fn every_answer_on_every_path_is_worded_as_it_was_reviewed() -> Result<()> {
    for path in Path::ALL {
        let (restaurant, _) = block_on(path.play())?;
        insta::assert_snapshot!(format!("answers_{}", path.name()), text(&restaurant.calls));
    }
    Ok(())
}

/// A message that follows from an outcome which no path has would be in no snapshot.
#[test]
fn the_paths_have_every_outcome_that_a_saga_allows() -> Result<()> {
    for definition in registry().definitions() {
        let mut taken = Vec::new();
        for path in Path::ALL {
            let (restaurant, _) = block_on(path.play_with(registry().as_of(definition)))?;
            for record in restaurant.database.table("sagas").peek_all() {
                let instance: SagaInstance = record.aggregate()?;
                if (instance.saga.as_str(), instance.definition_version) == (definition.name, definition.version) {
                    let outcome =
                        |entry: &Entry| Some((definition.position_of(&entry.handler)?, entry.state.outcome()?));
                    taken.extend(instance.entries.iter().filter_map(outcome));
                }
            }
        }
        for position in definition.positions() {
            let allowed = Outcome::ALL.into_iter().filter(|outcome| definition.after(position, *outcome).is_some());
            for outcome in allowed {
                let machine = definition.machine_name();
                ensure!(taken.contains(&(position, outcome)), "{machine}: on no path is {position:?} {outcome:?}");
            }
        }
    }
    Ok(())
}

/// A snapshot that no test compares any more says nothing.
#[test]
fn no_snapshot_is_left_over() -> Result<()> {
    let machines: Vec<String> = registry().definitions().map(Definition::machine_name).collect();
    let of_path = |path: Path| [format!("messages_{}", path.name()), format!("answers_{}", path.name())];
    let mut expected: BTreeSet<String> = Path::ALL.into_iter().flat_map(of_path).collect();
    expected.extend(machines.iter().map(|machine| format!("machine_{machine}")).chain(["calls".to_owned()]));
    let folder = tests::root().join("tests/tests/sagas/snapshots");
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        let name = entry?.file_name().to_string_lossy().into_owned();
        Ok(name.strip_prefix("sagas__wording__").and_then(|name| name.strip_suffix(".snap")).map(str::to_owned))
    };
    let found = std::fs::read_dir(folder)?.map(name).collect::<Result<BTreeSet<Option<String>>>>()?;
    let found: BTreeSet<String> = found.into_iter().flatten().collect();
    ensure!(found == expected, "{found:?} instead of {expected:?}");
    Ok(())
}

#[test]
fn every_rpc_is_answered_and_refused_as_it_was_reviewed() -> Result<()> {
    let restaurant = block_on(calls::play())?;
    insta::assert_snapshot!("calls", text(&restaurant.calls));
    Ok(())
}

/// A saga that the Rust lane ran on a path, and the execution that the other lane runs for the same event.
struct Run {
    path: Path,
    heard: Vec<Heard>,
    execution: Execution,
}

/// Every run of this version of a saga, as it goes while no later version starts.
fn runs(definition: &Definition) -> Result<Vec<Run>> {
    let (mut runs, newest) = (Vec::new(), || registry().as_of(definition));
    for path in Path::ALL {
        let (restaurant, _) = block_on(path.play_with(newest()))?;
        let heard = restaurant.heard();
        let starts = |heard: &&Heard| newest().starting_events().any(|event| event == heard.type_name());
        for event in heard.iter().filter(starts) {
            let execution = block_on(Execution::started_by(event, newest()))?;
            if execution.machine == definition.machine_name() {
                runs.push(Run { path, heard: heard.clone(), execution });
            }
        }
    }
    ensure!(!runs.is_empty(), "no path runs {}", definition.machine_name());
    Ok(runs)
}

/// What start-saga puts into an execution, and what the committed state machine sends of it.
#[test]
fn every_message_of_a_state_machine_is_worded_as_it_was_reviewed() -> Result<()> {
    for definition in registry().definitions() {
        let runs = runs(definition)?;
        let execution = &runs.first().context("no run")?.execution;
        let because = json!({"Error": "Refused", "Cause": json!({"reason": "WHY", "message": "because"}).to_string()});
        let messages = execution.messages(&because)?;
        let messages: Vec<String> =
            messages.iter().map(|(state, body)| format!("{state} sends:\n{}", laid_out(body, 0))).collect();
        let input = format!("{} is started with:\n{}", execution.name, laid_out(&execution.input, 0));
        insta::assert_snapshot!(
            format!("machine_{}", execution.machine),
            format!("{input}\n\n{}\n", messages.join("\n\n"))
        );
    }
    Ok(())
}

/// The commands of the Rust lane's runs, made by the state machine: same identity, same cause where it can know it, same words.
#[test]
fn a_state_machine_says_what_the_rust_lane_says() -> Result<()> {
    for definition in registry().definitions() {
        let mut compared = BTreeSet::new();
        for run in runs(definition)? {
            compared.extend(run.compare()?);
        }
        let expected = definition.commands().map(|command| command.handler.to_owned()).collect();
        ensure!(compared == expected, "{}: only {compared:?} were compared", definition.machine_name());
    }
    Ok(())
}

impl Run {
    /// Compares the commands of both lanes; gives the queues that the commands went to.
    fn compare(&self) -> Result<BTreeSet<String>> {
        let Self { path, heard, execution } = self;
        let of_saga = |heard: &&Heard| heard.body["subject"]["correlation"]["sagaId"] == execution.name.as_str();
        let refused = heard.iter().filter(of_saga).find(|heard| heard.type_name() == "message.v1.CommandRefused");
        let because = match (path, refused) {
            (Path::KitchenIsSilent, _) => execution.silence("CreateTicket")?,
            (Path::BillingIsSilent, _) => execution.silence("AuthorizeCard")?,
            (_, Some(reply)) => block_on(refusal(reply))?,
            _ => json!({"Cause": "{}"}),
        };
        let messages = execution.messages(&because)?;
        let is_command = |heard: &&Heard| heard.to != "saga" && heard.body["subject"]["correlation"].is_object();
        let mut compared = BTreeSet::new();
        for command in heard.iter().filter(of_saga).filter(is_command) {
            let type_name = command.type_name();
            let made = messages.iter().find(|(_, body)| body["subject"]["type"] == type_name);
            let made = &made.with_context(|| format!("no state sends {type_name}"))?.1;
            let (made, sent) = (Envelope::parse(&made.to_string())?, Envelope::parse(&command.body.to_string())?);
            let said = (as_it_is_read(&made.payload)?, as_it_is_read(&sent.payload)?);
            ensure!(said.0 == said.1, "{path:?}: {made:?} instead of {sent:?}");
            ensure!(made.message_id == sent.message_id && made.trace_parent == sent.trace_parent, "{path:?}: {made:?}");
            let step =
                |envelope: &Envelope| envelope.correlation.as_ref().map(|sender| (sender.saga_id, sender.step.clone()));
            ensure!(step(&made) == step(&sent), "{path:?}: {made:?} instead of {sent:?}");
            compared.insert(command.to.clone());
        }
        Ok(compared)
    }
}

/// A message type, a field or an enum value that no snapshot shows is worded by nobody, or could be worded in any way.
#[test]
fn the_snapshots_show_every_message_type_with_every_field_and_value() -> Result<()> {
    let mut coverage = Coverage::of_proto()?;
    for path in Path::ALL {
        let (restaurant, _) = block_on(path.play())?;
        for heard in restaurant.heard() {
            coverage.show(ENVELOPE, &heard.body)?;
        }
        for (type_name, message) in restaurant.calls.iter().flat_map(journal::Called::messages) {
            coverage.show(type_name, message)?;
        }
    }
    let called = block_on(calls::play())?;
    for (type_name, message) in called.calls.iter().flat_map(journal::Called::messages) {
        coverage.show(type_name, message)?;
    }
    for definition in registry().definitions() {
        for run in runs(definition)? {
            for (_, body) in run.execution.messages(&json!({"Cause": "{}"}))? {
                coverage.show(ENVELOPE, &body)?;
            }
        }
    }
    let needless = coverage.needlessly_excused();
    ensure!(needless.is_empty(), "these need no excuse: {needless:?}");
    let missing = coverage.missing();
    ensure!(missing.is_empty(), "no snapshot shows these: let a path or a call show them: {missing:#?}");
    Ok(())
}
