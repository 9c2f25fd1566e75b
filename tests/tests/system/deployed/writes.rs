//! What a saga costs: one conditional write per step, shown from the recorded calls.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use local::{Call, Card};
use tests::{LazySystem, System, newest};

use super::alone;

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    vec![alone("writes::each_step_costs_one_conditional_write", system, each_step_costs_one_conditional_write)]
}

async fn each_step_costs_one_conditional_write(system: Arc<System>) -> Result<()> {
    system.cook()?.set_stock("margherita", 100).await?;
    let anna = system.customer("counted")?;
    let recorder = system.aws().recorder();
    recorder.clear();
    let order_id = anna.place("margherita", 1, Card::Good).await?;
    system.await_status(&anna, &order_id, "APPROVED").await?;
    // The orchestrator notes the last reply after the order is approved; then nothing more may be written.
    system.await_saga(messaging::ids::event(&order_id, 1, 0)).await?;
    let create_order = newest("create-order")?;
    let rows = sagas_codegen::steps();
    let orchestrated = format!("PutItem x {}", create_order.steps.len() + 1);
    let mut expected = BTreeMap::from([
        ("CreateOrderFunction".to_owned(), "PutItem x 1"),
        ("OrchestrateSagaFunction".to_owned(), orchestrated.as_str()),
    ]);
    system.await_empty("SagaQueue").await?;
    for command in create_order.steps.iter().map(|step| step.command) {
        system.await_empty(&format!("{}Queue", command.state_name())).await?;
        // Counters are in another table: the item and they are written together or not at all.
        let moves_counters = rows.iter().any(|row| row.handler == command.handler && row.counters.is_some());
        let written = if moves_counters { "TransactWriteItems x 1" } else { "PutItem x 1" };
        expected.insert(format!("{}Function", command.state_name()), written);
    }
    let calls = recorder.calls();
    let written = writes(&calls);
    let seen: BTreeMap<String, &str> =
        written.iter().map(|(function, writes)| (function.clone(), writes.as_str())).collect();
    ensure!(seen == expected, "{seen:#?} instead of {expected:#?}");
    let unconditional = calls.iter().find(|call| call.is_write() && !call.conditional);
    ensure!(unconditional.is_none(), "{unconditional:?}");
    Ok(())
}

fn writes(calls: &[Call]) -> BTreeMap<String, String> {
    let mut counted: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for call in calls.iter().filter(|call| call.is_write()) {
        *counted.entry(call.function.clone()).or_default().entry(call.action.clone()).or_default() += 1;
    }
    let words = |actions: BTreeMap<String, usize>| {
        actions.into_iter().map(|(action, count)| format!("{action} x {count}")).collect::<Vec<_>>().join(", ")
    };
    counted.into_iter().map(|(function, actions)| (function, words(actions))).collect()
}
