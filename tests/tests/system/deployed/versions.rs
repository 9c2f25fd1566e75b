//! The code of start-saga with a saga of two versions, as the deployed function: with its credentials, and so with what its
//! role allows. The deployed binary knows the published versions only. The saga is the testkit's; what its version 1 has
//! run stands in the state machine of create-order.

use std::sync::Arc;

use anyhow::{Result, bail, ensure};
use aws::AwsExecutions;
use libtest_mimic::Trial;
use local::Card;
use messaging::{Envelope, Failure, Receiver};
use orchestration::StartSaga;
use testkit::shop::v1::SalePlaced;
use testkit::{builders, sagas};
use tests::{LazySystem, System};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{shared, state_machine};

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    vec![shared("versions::start_saga_may_ask_whether_an_older_version_knows_a_saga", system, start_saga_may_ask)]
}

/// The role is asked for what only a second version makes the code do; a call that it forbids is a Retry.
async fn start_saga_may_ask(system: Arc<System>) -> Result<()> {
    system.cook()?.set_stock("tiramisu", 100).await?;
    let anna = system.customer("versions")?;
    let order_id = anna.place("tiramisu", 1, Card::Good).await?;
    system.await_status(&anna, &order_id, "APPROVED").await?;
    let machine = state_machine(&system, "create-order")?;
    let client = aws_sdk_sfn::Client::new(&system.aws().config_of("StartSagaFunction", "StartSagaRole")?);
    let executions = AwsExecutions::new(client).with_machine("place-sale-v1", machine);
    // The state machine of version 2 is deployed nowhere, so a start is refused before it is tried.
    let start = StartSaga::new(sagas::both_versions(), Arc::new(executions));
    let event = |message_id| Envelope { message_id, ..builders::event(1, SalePlaced::default()) };
    let again = start.receive(&event(messaging::ids::event(&order_id, 1, 0)), OffsetDateTime::UNIX_EPOCH).await;
    ensure!(again == Ok(()), "the event whose saga version 1 runs: {again:?}");
    let new = start.receive(&event(Uuid::new_v4()), OffsetDateTime::UNIX_EPOCH).await;
    let reason = match &new {
        Err(Failure::SetAside(reason)) => reason,
        other => bail!("a new event: {other:?}"),
    };
    ensure!(reason == "no state machine place-sale-v2 is known", "{reason}");
    Ok(())
}
