//! Both lanes are the same: each path of each saga is run by the Rust lane's orchestrator and by the committed state machine
//! in two interpreters that are not ours, and must send the same commands and come to the same end.

mod interpreter;
mod paths;
mod rust_lane;
mod step_functions;

use std::collections::BTreeSet;

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
    compare(Interpreter::ministack().await?, "ministack", |_, _| None).await
}

/// Moto drops the cause of SendTaskFailure, so a command that tells why the saga goes back cannot be worded there.
async fn in_moto() -> Result<()> {
    compare(Interpreter::moto().await?, "moto", |definition, path| {
        path.is_refused(definition).then_some("moto loses the cause of a failed task, and with it the refusal's reason")
    })
    .await
}

/// Runs every path in both lanes. `gap` says why an interpreter gets a path wrong; then it has to, or the list is out of date.
async fn compare(
    interpreter: Interpreter,
    name: &str,
    gap: impl Fn(&Definition, &Path) -> Option<&'static str>,
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
    let (mut wrong, mut gaps) = (Vec::new(), 0);
    for ((definition, event, path), there) in cases.iter().zip(traces) {
        let here = rust_lane::run(event, path).await.with_context(|| path.name.clone())?;
        let same = there.as_ref().is_ok_and(|there| *there == here);
        match gap(definition, path) {
            None if !same => wrong.push(format!("{}\n  Rust lane: {here:?}\n  {name}: {there:?}", path.name)),
            Some(reason) if same => wrong.push(format!("{} is right: strike it off the list ({reason})", path.name)),
            known => gaps += usize::from(known.is_some()),
        }
    }
    println!("{name}: {} paths, {} the same, {gaps} known gaps", cases.len(), cases.len() - gaps - wrong.len());
    ensure!(wrong.is_empty(), "{} of {} paths differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    Ok(())
}
