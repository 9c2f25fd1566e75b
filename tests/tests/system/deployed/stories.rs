//! The five stories, each with what it leaves behind in every service.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};
use tests::{Deadline, LazySystem, System};

use super::basket::{Basket, End};
use super::shared;

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    vec![
        shared("stories::an_order_is_approved", system, an_order_is_approved),
        shared("stories::the_menu_costs_what_it_says", system, the_menu_costs_what_it_says),
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

async fn an_order_is_approved(system: Arc<System>) -> Result<()> {
    let basket = Basket::new(&system, [10, 12, 20]).await?;
    let anna = system.customer("approved")?;
    let order_id = basket.place(&anna, "tok_visa").await?;
    let found = system.await_status(&anna, &order_id, "APPROVED").await?;
    basket.costs_what_the_menu_says(&found["order"])?;
    // FindOrder may see the order before the lane has seen the last reply.
    let expected = ["create-ticket SUCCEEDED", "authorize-card SUCCEEDED", "approve-ticket SUCCEEDED"];
    let steps = steps(&found, 0);
    ensure!(steps.len() == 4 && steps[..3] == expected && steps[3].starts_with("approve-order"), "{steps:?}");
    let end = End { order: "APPROVED", ticket: "APPROVED", card: Some("AUTHORIZED"), is_taken: true };
    basket.check(&system, "approved", &order_id, end).await
}

/// What the seeded menu says is what an order of all its products costs.
async fn the_menu_costs_what_it_says(system: Arc<System>) -> Result<()> {
    let menu = local::seed::products()?;
    let basket: Vec<(&str, u32)> =
        menu.iter().zip(1..).map(|(product, number)| (product.id.as_str(), number)).collect();
    let total: u64 = menu.iter().zip(1..).map(|(product, number)| product.unit_price.minor_units * number).sum();
    let anna = system.customer("hungry")?;
    let placed = anna.place_all(&basket, "tok_declined").await?;
    ensure!(placed["total"] == json!({"currency": "EUR", "minorUnits": total.to_string()}), "{placed:#}");
    ensure!(placed["items"].as_array().is_some_and(|items| items.len() == menu.len()), "{placed:#}");
    for ((product, number), line) in menu.iter().zip(1..).zip(placed["items"].as_array().into_iter().flatten()) {
        let price = json!({"currency": "EUR", "minorUnits": product.unit_price.minor_units.to_string()});
        let expected = json!({"productId": product.id, "quantity": number, "unitPrice": price});
        ensure!(*line == expected, "{line:#} instead of {expected:#}");
    }
    let found = system.await_settled(&anna, placed["orderId"].as_str().context("no order id")?).await?;
    ensure!(found["order"]["status"] == "ORDER_STATUS_REJECTED", "{found:#}");
    Ok(())
}

async fn a_declined_card_undoes_everything(system: Arc<System>) -> Result<()> {
    let basket = Basket::new(&system, [2, 3, 4]).await?;
    let bert = system.customer("declined")?;
    let order_id = basket.place(&bert, "tok_declined").await?;
    let found = system.await_status(&bert, &order_id, "REJECTED").await?;
    ensure!(found["order"]["reason"] == "CARD_DECLINED", "{found:#}");
    let steps = steps(&found, 0);
    ensure!(
        steps[..3] == ["create-ticket SUCCEEDED", "authorize-card REFUSED", "reject-ticket SUCCEEDED"],
        "{steps:?}"
    );
    let end = End { order: "REJECTED", ticket: "REJECTED", card: Some("DECLINED"), is_taken: false };
    basket.check(&system, "declined", &order_id, end).await
}

/// There is enough of two products and too little of the third: none of them is taken.
async fn an_order_out_of_stock_is_rejected(system: Arc<System>) -> Result<()> {
    let basket = Basket::new(&system, [10, 12, 3]).await?;
    let anna = system.customer("out-of-stock")?;
    let order_id = basket.place(&anna, "tok_visa").await?;
    let found = system.await_status(&anna, &order_id, "REJECTED").await?;
    ensure!(found["order"]["reason"] == "OUT_OF_STOCK", "{found:#}");
    ensure!(steps(&found, 0)[0] == "create-ticket REFUSED", "{found:#}");
    let end = End { order: "REJECTED", ticket: "REJECTED", card: None, is_taken: false };
    basket.check(&system, "out-of-stock", &order_id, end).await
}

async fn an_approved_order_is_canceled(system: Arc<System>) -> Result<()> {
    let basket = Basket::new(&system, [9, 9, 9]).await?;
    let anna = system.customer("canceled")?;
    let order_id = basket.place(&anna, "tok_visa").await?;
    system.await_status(&anna, &order_id, "APPROVED").await?;
    basket.check_stock(&system, true).await?;
    anna.cancel(&order_id).await?.ok()?;
    let found = system.await_status(&anna, &order_id, "CANCELED").await?;
    ensure!(found["sagas"].as_array().is_some_and(|sagas| sagas.len() == 2), "{found:#}");
    let end = End { order: "CANCELED", ticket: "CANCELED", card: Some("VOIDED"), is_taken: false };
    basket.check(&system, "canceled", &order_id, end).await
}

async fn a_cancellation_comes_too_late(system: Arc<System>) -> Result<()> {
    let basket = Basket::new(&system, [9, 9, 9]).await?;
    let anna = system.customer("too-late")?;
    let order_id = basket.place(&anna, "tok_visa").await?;
    system.await_status(&anna, &order_id, "APPROVED").await?;
    system.cook()?.start_ticket(&order_id).await?;
    anna.cancel(&order_id).await?.ok()?;
    let found = system.await_status(&anna, &order_id, "APPROVED").await?;
    ensure!(found["order"]["reason"] == "COOKING_HAS_STARTED", "{found:#}");
    // What is being cooked is gone, and will be paid.
    let end = End { order: "APPROVED", ticket: "PREPARING", card: Some("AUTHORIZED"), is_taken: true };
    basket.check(&system, "too-late", &order_id, end).await
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
    let (slow, quiet) = (Basket::new(&system, [5, 5, 5]).await?, Basket::new(&system, [5, 5, 5]).await?);
    let anna = system.customer("slow")?;
    let late = slow.place(&anna, "tok_late").await?;
    let silent = quiet.place(&anna, "tok_never_first").await?;
    let end = || End { order: "APPROVED", ticket: "APPROVED", card: Some("AUTHORIZED"), is_taken: true };
    system.await_status(&anna, &late, "APPROVED").await?;
    slow.check(&system, "slow", &late, end()).await?;
    let found = system.await_status(&anna, &silent, "APPROVED").await?;
    let repeats = found["sagas"][0]["steps"][1]["repeats"].as_u64();
    ensure!(repeats.is_some_and(|repeats| repeats >= 1), "the command was repeated: {found:#}");
    quiet.check(&system, "slow", &silent, end()).await
}
