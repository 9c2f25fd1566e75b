//! Functions that die at the worst moment.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use local::{Card, Deadline, Held, Lane, Story};
use serde_json::Value;
use tests::basket::Basket;
use tests::{LazySystem, System};
use tokio::sync::oneshot;

use super::{alone, state_machine};

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    let mut trials = vec![alone("faults::a_step_dies_between_its_write_and_its_reply", system, a_step_dies)];
    match system.lane() {
        Lane::Rust => {
            let name = "faults::the_orchestrator_dies_between_its_write_and_its_command";
            trials.push(alone(name, system, the_orchestrator_dies));
        }
        Lane::StepFunctions => trials.extend([
            alone("faults::start_saga_dies_before_it_starts_one", system, start_saga_dies_before),
            alone("faults::start_saga_dies_after_it_has_started_one", system, start_saga_dies_after),
            alone("faults::resume_saga_dies_before_it_resumes_one", system, resume_saga_dies_before),
            alone("faults::resume_saga_dies_after_it_has_resumed_one", system, resume_saga_dies_after),
        ]),
    }
    trials
}

/// The order is approved although `function` died while the call was `held`; gives the order's id, and as what it is found.
async fn approved_although_killed(
    system: &System,
    function: &str,
    held: oneshot::Receiver<Held>,
    customer: &str,
) -> Result<(String, Value)> {
    let basket = Basket::new(system, [100; 3]).await?;
    let anna = system.customer(customer)?;
    let order_id = basket.place(&anna, Card::Good).await?;
    let held = held.await.context("the call never came")?;
    let killed = system.aws().kill_function(function)?;
    ensure!(killed > 0, "no process of {function} was running");
    // Dropped, not released: a call that was held never reaches the emulator.
    drop(held);
    let found = system.await_status(&anna, &order_id, "APPROVED").await?;
    basket.check(system, customer, &order_id, &Story::APPROVED).await?;
    Ok((order_id, found))
}

async fn a_step_dies(system: Arc<System>) -> Result<()> {
    let held = system.aws().recorder().hold_next("CreateTicketFunction", "SendMessage");
    approved_although_killed(&system, "CreateTicketFunction", held, "killed-step").await?;
    Ok(())
}

async fn the_orchestrator_dies(system: Arc<System>) -> Result<()> {
    let held = system.aws().recorder().hold_next("OrchestrateSagaFunction", "SendMessage");
    approved_although_killed(&system, "OrchestrateSagaFunction", held, "killed-orchestrator").await?;
    Ok(())
}

async fn start_saga_dies_before(system: Arc<System>) -> Result<()> {
    let held = system.aws().recorder().hold_next("StartSagaFunction", "StartExecution");
    approved_although_killed(&system, "StartSagaFunction", held, "killed-before-start").await?;
    Ok(())
}

/// Its event comes again, and names an execution that is there.
async fn start_saga_dies_after(system: Arc<System>) -> Result<()> {
    system.aws().recorder().clear();
    let held = system.aws().recorder().hold_next_answer("StartSagaFunction", "StartExecution");
    let (order_id, _) = approved_although_killed(&system, "StartSagaFunction", held, "killed-after-start").await?;
    await_answers(&system, "StartSagaFunction", "StartExecution", 2).await?;
    system.await_empty("StartSagaQueue").await?;
    let (machine, sagas) = (state_machine(&system, "create-order")?, &system.aws().clients().sfn);
    let saga = messaging::ids::saga(messaging::ids::event(&order_id, 1, 0)).to_string();
    let listed = sagas.list_executions().state_machine_arn(machine).max_results(1000).send().await?;
    let named = listed.executions.iter().filter(|execution| execution.name == saga).count();
    ensure!(named == 1, "there are {named} executions of {saga}");
    // Each of its two commands to kitchen was sent once: a repeat would be seen in the ticket's inbox or its saga's steps.
    let ticket = system.stored("TicketsTable", &order_id).await?.context("a ticket")?;
    ensure!(ticket.version == 2 && ticket.inbox.len() == 2, "{ticket:?}");
    let found = system.customer("killed-after-start")?.find(&order_id).await?;
    let steps = found["sagas"][0]["steps"].as_array().cloned().unwrap_or_default();
    ensure!(steps.len() == 4 && steps.iter().all(|step| step["repeats"].is_null()), "{found:#}");
    Ok(())
}

async fn resume_saga_dies_before(system: Arc<System>) -> Result<()> {
    let held = system.aws().recorder().hold_next("ResumeSagaFunction", "SendTaskSuccess");
    approved_although_killed(&system, "ResumeSagaFunction", held, "killed-before-resume").await?;
    Ok(())
}

/// Its reply comes again, with a token that was answered.
async fn resume_saga_dies_after(system: Arc<System>) -> Result<()> {
    system.aws().recorder().clear();
    let held = system.aws().recorder().hold_next_answer("ResumeSagaFunction", "SendTaskSuccess");
    approved_although_killed(&system, "ResumeSagaFunction", held, "killed-after-resume").await?;
    // One for each step, and the one that came again.
    await_answers(&system, "ResumeSagaFunction", "SendTaskSuccess", 5).await?;
    system.await_empty("ResumeSagaQueue").await
}

/// Waits until `count` such calls were answered.
async fn await_answers(system: &System, function: &str, action: &str, count: usize) -> Result<()> {
    let deadline = Deadline::soon();
    loop {
        let calls = system.aws().recorder().calls();
        let calls: Vec<_> = calls.iter().filter(|call| call.function == function && call.action == action).collect();
        if calls.len() >= count {
            return Ok(());
        }
        deadline.wait_or(|| format!("{action} was not called {count} times: {calls:#?}")).await?;
    }
}
