//! Functions that die at the worst moment.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use local::Lane;
use tests::{LazySystem, System};

use super::alone;

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    let mut trials = vec![alone("faults::a_step_dies_between_its_write_and_its_reply", system, a_step_dies)];
    if system.lane() == Lane::Rust {
        let name = "faults::the_orchestrator_dies_between_its_write_and_its_command";
        trials.push(alone(name, system, the_orchestrator_dies));
    }
    trials
}

/// The order is approved although `function` died before its next message left.
async fn approved_although_killed(system: &System, function: &str, customer: &str) -> Result<()> {
    system.cook()?.set_stock("margherita", 100).await?;
    let anna = system.customer(customer)?;
    let held = system.aws().recorder().hold_next(function, "SendMessage");
    let order_id = anna.place("margherita", 1, "tok_visa").await?;
    let held = held.await.context("the message never came")?;
    let killed = system.aws().kill_function(function)?;
    ensure!(killed > 0, "no process of {function} was running");
    // Dropped, not released: the message never reaches its queue.
    drop(held);
    let found = system.await_status(&anna, &order_id, "APPROVED").await?;
    ensure!(system.stock("margherita").await? == 99, "the stock was taken once: {found:#}");
    Ok(())
}

async fn a_step_dies(system: Arc<System>) -> Result<()> {
    approved_although_killed(&system, "CreateTicketFunction", "killed-step").await
}

async fn the_orchestrator_dies(system: Arc<System>) -> Result<()> {
    approved_although_killed(&system, "OrchestrateSagaFunction", "killed-orchestrator").await
}
