//! The five stories, each with what it leaves behind in every service.

use std::sync::Arc;

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use serde_json::Value;
use tests::{Deadline, LazySystem, System};

use super::shared;

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    vec![
        shared("stories::an_order_is_approved", system, an_order_is_approved),
        shared("stories::a_declined_card_undoes_everything", system, a_declined_card_undoes_everything),
        shared("stories::an_order_out_of_stock_is_rejected", system, an_order_out_of_stock_is_rejected),
        shared("stories::an_approved_order_is_canceled", system, an_approved_order_is_canceled),
        shared("stories::a_cancellation_comes_too_late", system, a_cancellation_comes_too_late),
        shared("stories::find_order_shows_the_whole_saga", system, find_order_shows_the_whole_saga),
        shared("stories::a_slow_or_silent_card_is_approved_in_the_end", system, a_slow_or_silent_card),
    ]
}

/// The commands of a saga and their outcomes, such as "authorize-card REFUSED".
fn steps(found: &Value, saga: usize) -> Vec<String> {
    let steps = found["sagas"][saga]["steps"].as_array().cloned().unwrap_or_default();
    let outcome = |step: &Value| {
        let state = step["state"].as_str().unwrap_or_default().trim_start_matches("SAGA_STEP_STATE_").to_owned();
        format!("{} {state}", step["name"].as_str().unwrap_or_default())
    };
    steps.iter().map(outcome).collect()
}

async fn ticket_status(system: &System, order_id: &str) -> Result<Option<String>> {
    let record = system.stored("TicketsTable", order_id).await?;
    Ok(record.and_then(|record| record.attributes.get("status").and_then(Value::as_str).map(str::to_owned)))
}

async fn authorization(system: &System, order_id: &str) -> Result<String> {
    let record = system.stored("AuthorizationsTable", order_id).await?;
    Ok(record.map(|record| record.state.to_string()).unwrap_or_default())
}

async fn an_order_is_approved(system: Arc<System>) -> Result<()> {
    system.cook()?.set_stock("margherita", 100).await?;
    let anna = system.customer("approved")?;
    let order_id = anna.place("margherita", 2, "tok_visa").await?;
    let found = system.await_status(&anna, &order_id, "APPROVED").await?;
    // FindOrder may see the order before the lane has seen the last reply.
    let expected = ["create-ticket SUCCEEDED", "authorize-card SUCCEEDED", "approve-ticket SUCCEEDED"];
    let steps = steps(&found, 0);
    ensure!(steps.len() == 4 && steps[..3] == expected && steps[3].starts_with("approve-order"), "{steps:?}");
    ensure!(ticket_status(&system, &order_id).await?.as_deref() == Some("APPROVED"));
    ensure!(authorization(&system, &order_id).await?.contains("AUTHORIZED"));
    Ok(())
}

async fn a_declined_card_undoes_everything(system: Arc<System>) -> Result<()> {
    system.cook()?.set_stock("funghi", 7).await?;
    let bert = system.customer("declined")?;
    let order_id = bert.place("funghi", 3, "tok_declined").await?;
    let found = system.await_status(&bert, &order_id, "REJECTED").await?;
    ensure!(found["order"]["reason"] == "CARD_DECLINED", "{found:#}");
    let steps = steps(&found, 0);
    ensure!(
        steps[..3] == ["create-ticket SUCCEEDED", "authorize-card REFUSED", "reject-ticket SUCCEEDED"],
        "{steps:?}"
    );
    ensure!(ticket_status(&system, &order_id).await?.as_deref() == Some("REJECTED"));
    ensure!(system.stock("funghi").await? == 7, "the stock is back");
    Ok(())
}

async fn an_order_out_of_stock_is_rejected(system: Arc<System>) -> Result<()> {
    system.cook()?.set_stock("tiramisu", 2).await?;
    let anna = system.customer("out-of-stock")?;
    let order_id = anna.place("tiramisu", 3, "tok_visa").await?;
    let found = system.await_status(&anna, &order_id, "REJECTED").await?;
    ensure!(found["order"]["reason"] == "OUT_OF_STOCK", "{found:#}");
    ensure!(steps(&found, 0)[0] == "create-ticket REFUSED", "{found:#}");
    ensure!(system.stock("tiramisu").await? == 2, "nothing was reserved");
    ensure!(authorization(&system, &order_id).await?.is_empty(), "the card was never asked");
    Ok(())
}

async fn an_approved_order_is_canceled(system: Arc<System>) -> Result<()> {
    system.cook()?.set_stock("lasagne", 9).await?;
    let anna = system.customer("canceled")?;
    let order_id = anna.place("lasagne", 4, "tok_visa").await?;
    system.await_status(&anna, &order_id, "APPROVED").await?;
    ensure!(system.stock("lasagne").await? == 5);
    anna.cancel(&order_id).await?.ok()?;
    let found = system.await_status(&anna, &order_id, "CANCELED").await?;
    ensure!(found["sagas"].as_array().is_some_and(|sagas| sagas.len() == 2), "{found:#}");
    ensure!(system.stock("lasagne").await? == 9, "the stock is back");
    ensure!(ticket_status(&system, &order_id).await?.as_deref() == Some("CANCELED"));
    ensure!(authorization(&system, &order_id).await?.contains("VOIDED"), "the money is released");
    Ok(())
}

async fn a_cancellation_comes_too_late(system: Arc<System>) -> Result<()> {
    let cook = system.cook()?;
    cook.set_stock("gnocchi", 9).await?;
    let anna = system.customer("too-late")?;
    let order_id = anna.place("gnocchi", 4, "tok_visa").await?;
    system.await_status(&anna, &order_id, "APPROVED").await?;
    cook.start_ticket(&order_id).await?;
    anna.cancel(&order_id).await?.ok()?;
    let found = system.await_status(&anna, &order_id, "APPROVED").await?;
    ensure!(found["order"]["reason"] == "COOKING_HAS_STARTED", "{found:#}");
    ensure!(system.stock("gnocchi").await? == 5, "what is being cooked is gone");
    ensure!(authorization(&system, &order_id).await?.contains("AUTHORIZED"), "and will be paid");
    Ok(())
}

async fn find_order_shows_the_whole_saga(system: Arc<System>) -> Result<()> {
    system.cook()?.set_stock("caesar-salad", 100).await?;
    let anna = system.customer("curious")?;
    let order_id = anna.place("caesar-salad", 1, "tok_declined").await?;
    let deadline = Deadline::soon();
    loop {
        let found = anna.find(&order_id).await?;
        let saga = &found["sagas"][0];
        if saga["endedAt"].is_string() {
            let expected = [
                "create-ticket SUCCEEDED",
                "authorize-card REFUSED",
                "reject-ticket SUCCEEDED",
                "reject-order SUCCEEDED",
            ];
            ensure!(steps(&found, 0) == expected, "{found:#}");
            ensure!(saga["name"] == "create-order" && saga["version"] == 1, "{found:#}");
            ensure!(saga["state"] == "SAGA_STATE_COMPENSATED" && saga["remaining"].is_null(), "{found:#}");
            ensure!(saga["steps"][1]["reason"] == "CARD_DECLINED", "{found:#}");
            let told = |step: &Value| step["sentAt"].is_string() && step["endedAt"].is_string();
            ensure!(saga["steps"].as_array().is_some_and(|steps| steps.iter().all(told)), "{found:#}");
            return Ok(());
        }
        deadline.wait_or(|| format!("the saga never ended: {found:#}")).await?;
    }
}

async fn a_slow_or_silent_card(system: Arc<System>) -> Result<()> {
    system.cook()?.set_stock("focaccia", 50).await?;
    let anna = system.customer("slow")?;
    let late = anna.place("focaccia", 1, "tok_late").await?;
    let silent = anna.place("focaccia", 1, "tok_never_first").await?;
    system.await_status(&anna, &late, "APPROVED").await?;
    let found = system.await_status(&anna, &silent, "APPROVED").await?;
    let repeats = found["sagas"][0]["steps"][1]["repeats"].as_u64();
    ensure!(repeats.is_some_and(|repeats| repeats >= 1), "the command was repeated: {found:#}");
    Ok(())
}
