//! Both lanes are the same: each path of each version of each saga is run by the Rust lane's orchestrator and by the committed state machine
//! in two interpreters that are not ours, and must send the same commands and come to the same end.

mod expected;
mod interpreter;
mod paths;
mod rust_lane;
mod step_functions;

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use messaging::Envelope;
use orchestration::{Entry, EntryState, ProgressState, Registry, SagaProgress};
use order::sagas::registry;
use saga::Definition;
use serde_json::Value;
use testkit::builders;
use tests::as_it_is_read;
use uuid::Uuid;

use interpreter::Interpreter;
use paths::Path;
use step_functions::StepFunctions;

use crate::plain;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("lanes::every_path_is_the_same_in_ministack", || block_on(in_ministack())),
        plain("lanes::every_path_is_the_same_in_moto", || block_on(in_moto())),
    ]
}

fn block_on(test: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(test)
}

/// What a path came to.
#[derive(Debug, Clone, PartialEq)]
struct Trace {
    /// Of the definition that the saga ran on.
    version: u32,
    /// Every command and undo, in the order in which they were first sent. A repeat has the identity of its command; the
    /// Rust lane also repeats one when the reply that caused it comes twice.
    commands: Vec<Command>,
    state: ProgressState,
    /// As FindOrder shows them: handler, outcome, reason, and how often silence made the lane repeat it.
    entries: Vec<(String, EntryState, String, u32)>,
}

/// A command as its participant gets it.
#[derive(Debug, Clone, PartialEq)]
struct Command {
    handler: String,
    id: Uuid,
    /// As its participant reads it.
    payload: Value,
}

impl Command {
    fn of(handler: &str, message: &Envelope) -> Result<Self> {
        let payload = as_it_is_read(&message.payload)?;
        Ok(Self { handler: handler.to_owned(), id: message.message_id, payload })
    }
}

impl Trace {
    fn of(mut commands: Vec<Command>, progress: &SagaProgress) -> Self {
        let mut seen = BTreeSet::new();
        commands.retain(|command| seen.insert(command.id));
        let entry = |entry: &Entry| (entry.handler.clone(), entry.state, entry.reason.clone(), entry.repeats);
        let (version, state) = (progress.version, progress.state);
        Self { version, commands, state, entries: progress.entries.iter().map(entry).collect() }
    }
}

impl Trace {
    /// The same for a lane that cannot count repeats.
    fn uncounted(mut self) -> Self {
        self.entries.iter_mut().for_each(|(.., repeats)| *repeats = 0);
        self
    }
}

/// The sagas as they were when this definition was the newest of its saga, so that an event starts it.
fn registry_of(definition: &Definition) -> Registry {
    registry().as_of(definition)
}

/// An event that starts this saga, with an identity of its own.
fn event(definition: &Definition, number: u128) -> Result<Envelope> {
    Ok(builders::event(number, expected::started_by(definition.name, builders::id(number).to_string())?))
}

async fn in_ministack() -> Result<()> {
    compare(Interpreter::ministack().await?, "ministack", |_| None).await
}

async fn in_moto() -> Result<()> {
    compare(Interpreter::moto().await?, "moto", |path| {
        let reason =
            "moto keeps a failed task's token and outcome: the attempt after it fails too, whatever it is answered";
        path.is_answered_after_a_repeat().then_some(reason)
    })
    .await
}

/// One path to run, with the event that starts its saga.
struct Case<'a> {
    definition: &'a Definition,
    event: Envelope,
    path: Path,
}

/// How many executions go on at once; then how many when those paths are tried again that seem to differ: a machine that is
/// too busy to answer in time looks like silence.
const AT_ONCE: [usize; 3] = [16, 4, 1];

/// Runs every path in both lanes. `miscounts` says why an interpreter repeats a command of a path too often; everything else
/// about that path must be the same.
async fn compare(
    interpreter: Interpreter,
    name: &str,
    miscounts: impl Fn(&Path) -> Option<&'static str>,
) -> Result<()> {
    let registry = registry();
    let of = |definition| paths::paths(definition).into_iter().map(move |path| (definition, path));
    let all: Vec<(&Definition, Path)> = registry.definitions().flat_map(of).collect();
    ensure!(all.len() > 80, "only {} paths were found", all.len());
    let lane = StepFunctions::on(interpreter).await?;
    let (mut left, mut differing, mut number, mut miscounted) = (all.clone(), Vec::new(), 0, 0);
    for at_once in AT_ONCE {
        let mut cases = Vec::new();
        for (definition, path) in left.drain(..) {
            number += 1;
            cases.push(Case { definition, event: event(definition, number)?, path });
        }
        differing.clear();
        let traces = lane.run_all(&cases, at_once).await?;
        for (Case { definition, event, path }, there) in cases.into_iter().zip(traces) {
            let here = rust_lane::run(definition, &event, &path).await.with_context(|| path.name.clone())?;
            ensure!(here.version == definition.version, "{} ran on version {}", path.name, here.version);
            expected::check(&here, &path, &event.message_id.to_string())?;
            let is_listed = miscounts(&path).is_some();
            let same = there.as_ref().is_ok_and(|there| match is_listed {
                false => *there == here,
                true => there.clone().uncounted() == here.clone().uncounted(),
            });
            miscounted += usize::from(is_listed && there.as_ref().is_ok_and(|there| *there != here));
            if !same {
                differing.push(format!("{}\n  Rust lane: {here:?}\n  {name}: {there:?}", path.name));
                left.push((definition, path));
            }
        }
    }
    ensure!(differing.is_empty(), "{} of {} paths differ:\n{}", differing.len(), all.len(), differing.join("\n"));
    let listed: BTreeSet<_> = all.iter().filter_map(|(_, path)| miscounts(path)).collect();
    let without = all.iter().filter(|(_, path)| miscounts(path).is_some()).count();
    println!("{name}: {} paths are the same; of {without} the repeats are not compared {listed:?}", all.len());
    ensure!(miscounted > 0 || listed.is_empty(), "{name} counts right now: strike its gap off the list");
    Ok(())
}
