//! Every recorded event, sent to its deployed function by Lambda's Invoke API.
//!
//! The events tell of one order and its two sagas, and most of them fit only one moment of that order's life. So the test
//! first puts the order into that moment, as the system's own write would have left it, and then sends the event.

mod moments;
mod recorded;

use std::sync::Arc;

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use local::Lane;
use saga::Definition;
use tests::{LazySystem, System, forward, newest, rpc_functions};

use super::alone;
use moments::{CANCEL_SAGA, CREATE_SAGA, Moments, ORDER};
use recorded::Recorded;

pub(super) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    // Alone, because the events name products and idempotency keys that other tests use as well.
    vec![match system.lane() {
        Lane::Rust => alone("events::every_file_is_handled_by_its_function", system, every_file_is_handled),
        Lane::StepFunctions => alone("events::every_file_of_its_own_is_handled", system, every_file_of_its_own),
    }]
}

/// The functions that only the Step Functions lane has.
const STEP_FUNCTIONS: &[&str] = &["start-saga", "resume-saga"];

async fn every_file_is_handled(system: Arc<System>) -> Result<()> {
    let mut recorded = Recorded::find(&system)?;
    let moments = Moments::prepare(&system).await?;
    steps_take_effect(&mut recorded, &moments).await?;
    sagas_move_on(&system, &mut recorded, &moments).await?;
    rpcs_answer(&mut recorded, &moments).await?;
    for function in &rpc_functions()? {
        let (status, body) = recorded.call(function, "bad").await?;
        ensure!(status == 400 && body["code"] == "invalid_argument", "{function}/bad: {status} {body}");
        ensure!(body["message"].as_str().is_some_and(|message| !message.is_empty()), "{function}/bad: {body}");
    }
    for function in order::sagas::registry().handlers().into_iter().chain(["orchestrate-saga", "relay-outbox"]) {
        recorded.deliver(function, "poison").await?;
        recorded.is_set_aside(function, "poison").await?;
    }
    let forgotten = recorded.never_sent(|_| true);
    ensure!(forgotten.is_empty(), "nobody says what these files must come to: {forgotten:?}");
    Ok(())
}

async fn every_file_of_its_own(system: Arc<System>) -> Result<()> {
    let mut recorded = Recorded::find(&system)?;
    let moments = Moments::prepare(&system).await?;
    let started = recorded.message_id("start-saga", "ok")?;
    moments.forget().await?;
    moments.approval_pending(messaging::ids::saga(started)).await?;
    recorded.deliver("start-saga", "ok").await?;
    moments.saga_completes(ORDER).await?;
    // The task that this reply is for is long over, which is no error.
    recorded.deliver("resume-saga", "ok").await?;
    for function in STEP_FUNCTIONS {
        recorded.deliver(function, "poison").await?;
        recorded.is_set_aside(function, "poison").await?;
    }
    let forgotten = recorded.never_sent(|function| STEP_FUNCTIONS.contains(&function));
    ensure!(forgotten.is_empty(), "nobody says what these files must come to: {forgotten:?}");
    Ok(())
}

/// Each command is carried out and answered: those of each saga that completes, then those of each saga that goes back.
async fn steps_take_effect(recorded: &mut Recorded<'_>, moments: &Moments<'_>) -> Result<()> {
    let (create, cancel) = (newest("create-order")?, newest("cancel-order")?);
    moments.forget().await?;
    moments.approval_pending(CREATE_SAGA).await?;
    recorded.carry_out_all(&forward(&create)).await?;
    moments.order_is("APPROVED", "").await?;
    moments.cancel_pending(CANCEL_SAGA).await?;
    recorded.carry_out_all(&forward(&cancel)).await?;
    moments.order_is("CANCELED", "").await?;
    moments.cancel_pending(CANCEL_SAGA).await?;
    recorded.carry_out_all(&back(&cancel)).await?;
    moments.order_is("APPROVED", "COOKING_HAS_STARTED").await?;

    moments.forget().await?;
    moments.approval_pending(CREATE_SAGA).await?;
    recorded.carry_out_all(&back(&create)).await?;
    moments.order_is("REJECTED", "CARD_DECLINED").await
}

/// The handlers of the undos of a saga, but for those that another saga sends on its way forward.
fn back(saga: &Definition) -> Vec<&'static str> {
    let registry = order::sagas::registry();
    let sent: Vec<&str> = registry.definitions().flat_map(forward).collect();
    let undos = saga.commands().skip(saga.steps.len()).map(|command| command.handler);
    undos.filter(|undo| !sent.contains(undo)).collect()
}

/// What the orchestrator and the relay are sent moves a saga on, to its end.
async fn sagas_move_on(system: &System, recorded: &mut Recorded<'_>, moments: &Moments<'_>) -> Result<()> {
    let started = recorded.message_id("orchestrate-saga", "ok")?;
    moments.forget().await?;
    moments.approval_pending(messaging::ids::saga(started)).await?;
    recorded.deliver("orchestrate-saga", "ok").await?;
    moments.saga_completes(ORDER).await?;

    moments.forget().await?;
    moments.approval_pending(CREATE_SAGA).await?;
    moments.saga_waits_for_its_first_reply(recorded.payload("orchestrate-saga", "ok")?).await?;
    recorded.deliver("orchestrate-saga", "watchdog").await?;
    let found = moments.saga_completes(ORDER).await?;
    ensure!(found["sagas"][0]["steps"][0]["repeats"] == 1, "the deadline has passed: {found:#}");

    // The ticket that the reply tells of is there.
    moments.approval_pending(CREATE_SAGA).await?;
    moments.saga_waits_for_its_first_reply(recorded.payload("orchestrate-saga", "ok")?).await?;
    recorded.deliver("orchestrate-saga", "reply").await?;
    let found = moments.saga_completes(ORDER).await?;
    ensure!(found["sagas"][0]["steps"][0]["repeats"].is_null(), "its command was sent once: {found:#}");

    system.aws().recorder().clear();
    recorded.deliver("relay-outbox", "ok").await?;
    let calls = system.aws().recorder().calls();
    let published = |call: &&local::Call| call.function == "RelayOutboxFunction" && call.action == "PublishBatch";
    ensure!(calls.iter().filter(published).filter(|call| call.succeeded()).count() == 1, "{calls:#?}");
    Ok(())
}

/// The order of the events is approved, so that every RPC can succeed.
async fn rpcs_answer(recorded: &mut Recorded<'_>, moments: &Moments<'_>) -> Result<()> {
    for function in ["set-stock", "list-products", "list-orders", "list-tickets", "list-sagas"] {
        recorded.succeed(function, "ok").await?;
    }
    let stock = recorded.succeed("list-stock", "ok").await?;
    ensure!(stock["stock"].as_array().is_some_and(|all| all.len() == 2), "{stock}");
    let shown = recorded.succeed("get-saga", "ok").await?;
    ensure!(shown["saga"]["sagaId"] == CREATE_SAGA.to_string() && shown["saga"]["name"] == "create-order", "{shown}");
    let described = recorded.succeed("describe-saga", "ok").await?;
    ensure!(described["definitions"][0]["name"] == "create-order", "{described}");
    for case in ["ok", "get"] {
        let found = recorded.succeed("find-order", case).await?;
        ensure!(found["order"]["orderId"] == ORDER && found["order"]["status"] == "ORDER_STATUS_APPROVED", "{found}");
    }
    let placed = recorded.succeed("create-order", "ok").await?;
    moments.saga_completes(placed["order"]["orderId"].as_str().unwrap_or_default()).await?;

    let started = recorded.succeed("start-ticket", "ok").await?;
    ensure!(started["ticket"]["status"] == "TICKET_STATUS_PREPARING", "{started}");
    let canceled = recorded.succeed("cancel-order", "ok").await?;
    ensure!(canceled["order"]["status"] == "ORDER_STATUS_CANCEL_PENDING", "{canceled}");
    moments.settled(ORDER).await?;
    moments.order_is("APPROVED", "COOKING_HAS_STARTED").await
}
