//! An execution is started again, as the README says for one that is stuck: what took effect before does not do so twice.

use std::sync::Arc;

use anyhow::{Result, ensure};
use aws_sdk_sfn::types::ExecutionStatus;
use libtest_mimic::Trial;
use local::{Card, Deadline};
use messaging::ids;
use tests::{LazySystem, System};

use super::{shared, state_machine};

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    vec![shared("restarted::a_saga_that_is_started_again_does_nothing_twice", system, started_again)]
}

async fn started_again(system: Arc<System>) -> Result<()> {
    let anna = system.customer("restarted")?;
    system.cook()?.set_stock("truffle-menu", 5).await?;
    // The card is declined, so that there is a way to be gone there and back.
    let order_id = anna.place("truffle-menu", 2, Card::Declined).await?;
    system.await_status(&anna, &order_id, "REJECTED").await?;
    let before = (system.stock("truffle-menu").await?, system.stored("TicketsTable", &order_id).await?);

    let sfn = &system.aws().clients().sfn;
    let machine = state_machine(&system, "create-order")?;
    let saga = ids::saga(ids::event(&order_id, 1, 0));
    let first = format!("{}:{saga}", machine.replacen(":stateMachine:", ":execution:", 1));
    let input = sfn.describe_execution().execution_arn(first).send().await?.input.unwrap_or_default();
    let again = sfn.start_execution().state_machine_arn(machine).name(format!("{saga}-again")).input(input);
    let again = again.send().await?.execution_arn;
    let deadline = Deadline::soon();
    loop {
        let status = sfn.describe_execution().execution_arn(&again).send().await?.status;
        if status == ExecutionStatus::Succeeded {
            break;
        }
        ensure!(status == ExecutionStatus::Running, "it ended {status:?}");
        deadline.wait_or(|| "it never ended".to_owned()).await?;
    }
    let after = (system.stock("truffle-menu").await?, system.stored("TicketsTable", &order_id).await?);
    ensure!(after == before, "{before:?} has become {after:?}");
    Ok(())
}
