//! Both lanes are the same: each path of each saga is run by the Rust lane's orchestrator and by the committed state machine
//! in two interpreters that are not ours, and must send the same commands and come to the same end.

mod interpreter;
mod paths;
mod rust_lane;
mod step_functions;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};
use contracts::Payload;
use contracts::order::v1::{CancellationRequested, LineItem, Money, OrderCreated};
use libtest_mimic::Trial;
use messaging::{Entry, EntryState, Envelope, ProgressState, SagaProgress};
use order::sagas::registry;
use saga::Definition;
use testkit::builders;
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
    payload: Payload,
}

impl Command {
    fn of(handler: &str, message: &Envelope) -> Self {
        Self { handler: handler.to_owned(), id: message.message_id, payload: message.payload.clone() }
    }
}

impl Trace {
    fn of(mut commands: Vec<Command>, progress: &SagaProgress) -> Self {
        let mut seen = BTreeSet::new();
        commands.retain(|command| seen.insert(command.id));
        let entry = |entry: &Entry| (entry.handler.clone(), entry.state, entry.reason.clone(), entry.repeats);
        Self { commands, state: progress.state, entries: progress.entries.iter().map(entry).collect() }
    }
}

impl Trace {
    /// The same for a lane that cannot count repeats.
    fn uncounted(mut self) -> Self {
        self.entries.iter_mut().for_each(|(.., repeats)| *repeats = 0);
        self
    }
}

/// An event that starts this saga, with an identity of its own.
fn event(definition: &Definition, number: u128) -> Result<Envelope> {
    let order_id = builders::id(number).to_string();
    let customer_id = "auth0|anna".to_owned();
    let payload: Payload = match definition.name {
        "create-order" => {
            let item =
                |product: &str, quantity| LineItem { product_id: product.to_owned(), quantity, ..Default::default() };
            let total = Money { currency: "EUR".to_owned(), minor_units: 2990, ..Default::default() };
            let items = vec![item("margherita", 2), item("tiramisu", 1)];
            let card_token = "tok_visa".to_owned();
            OrderCreated { order_id, customer_id, items, total: total.into(), card_token, ..Default::default() }.into()
        }
        "cancel-order" => CancellationRequested { order_id, customer_id, ..Default::default() }.into(),
        other => bail!("say what starts {other}"),
    };
    Ok(builders::event(number, payload))
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

/// Runs every path in both lanes. `miscounts` says why an interpreter repeats a command of a path too often; everything else
/// about that path must be the same.
async fn compare(
    interpreter: Interpreter,
    name: &str,
    miscounts: impl Fn(&Path) -> Option<&'static str>,
) -> Result<()> {
    let registry = registry();
    let mut cases = Vec::new();
    for definition in registry.definitions() {
        for path in paths::paths(definition) {
            let number = cases.len() as u128 + 1;
            cases.push((definition, event(definition, number)?, path));
        }
    }
    ensure!(cases.len() > 80, "only {} paths were found", cases.len());
    let lane = StepFunctions::on(interpreter).await?;
    let traces = lane.run_all(&cases).await?;
    let (mut differing, mut listed, mut miscounted) = (Vec::new(), BTreeMap::new(), 0);
    for ((_, event, path), there) in cases.iter().zip(traces) {
        let here = rust_lane::run(event, path).await.with_context(|| path.name.clone())?;
        let there = there.with_context(|| format!("{name}, {}", path.name))?;
        let reason = miscounts(path);
        *listed.entry(reason).or_insert(0) += 1;
        let same = match reason {
            None => there == here,
            Some(_) => there.clone().uncounted() == here.clone().uncounted(),
        };
        miscounted += usize::from(reason.is_some() && there != here);
        if !same {
            differing.push(format!("{}\n  Rust lane: {here:?}\n  {name}: {there:?}", path.name));
        }
    }
    for (reason, paths) in &listed {
        println!(
            "{name}: {paths} paths are compared{}",
            reason.map_or(String::new(), |why| format!(" without repeats, as {why}"))
        );
    }
    ensure!(differing.is_empty(), "{} of {} paths differ:\n{}", differing.len(), cases.len(), differing.join("\n"));
    ensure!(
        miscounted > 0 || listed.keys().all(Option::is_none),
        "{name} counts right now: strike its gap off the list"
    );
    Ok(())
}
