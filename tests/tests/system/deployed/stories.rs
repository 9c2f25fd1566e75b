//! The five stories, each with what it leaves behind in every service.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use local::{Card, Deadline, Product, Story};
use serde_json::{Value, json};
use tests::basket::Basket;
use tests::{LazySystem, System, forward, newest};

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

/// The outcome of the first command that a function was sent, such as "SUCCEEDED".
fn outcome(steps: &[String], function: &str) -> Option<String> {
    steps.iter().find_map(|step| Some(step.strip_prefix(function)?.strip_prefix(' ')?.to_owned()))
}

/// Plays a story with the basket, and checks all that must hold in the end; returns what FindOrder shows then.
async fn play(system: &System, story: &Story, customer: &str, basket: &Basket) -> Result<Value> {
    let caller = system.customer(customer)?;
    let order_id = basket.place(&caller, story.card).await?;
    let mut found = caller.settled(&order_id, 1).await?;
    let mut sagas = 1;
    if story.cancels {
        ensure!(found["order"]["status"] == "ORDER_STATUS_APPROVED", "{found:#}");
        basket.check_stock(system, true).await?;
        if story.starts_cooking {
            system.cook()?.start_ticket(&order_id).await?;
        }
        caller.cancel(&order_id).await?.ok()?;
        sagas = 2;
        found = caller.settled(&order_id, sagas).await?;
    }
    ensure!(found["order"]["status"] == format!("ORDER_STATUS_{}", story.end.order), "{found:#}");
    let reason = found["order"]["reason"].as_str().unwrap_or_default();
    let expected = story.end.reason.map_or("", contracts::Reason::name);
    ensure!(reason == expected, "{reason} instead of {expected}");
    ensure!(found["sagas"].as_array().is_some_and(|all| all.len() == sagas), "{found:#}");
    let steps: Vec<String> = (0..sagas).flat_map(|saga| steps(&found, saga)).collect();
    for step in story.end.steps {
        let actual = outcome(&steps, step.function);
        ensure!(actual.as_deref() == step.outcome, "{step:?}, but the steps are {steps:?}");
    }
    basket.costs_what_the_menu_says(&found["order"])?;
    basket.check(system, customer, &order_id, story).await?;
    Ok(found)
}

async fn an_order_is_approved(system: Arc<System>) -> Result<()> {
    let basket = Basket::new(&system, [10, 12, 20]).await?;
    let found = play(&system, &Story::APPROVED, "approved", &basket).await?;
    let expected: Vec<_> =
        forward(&newest("create-order")?).iter().map(|function| format!("{function} SUCCEEDED")).collect();
    ensure!(steps(&found, 0) == expected, "{found:#}");
    Ok(())
}

/// What the seeded menu says is what an order of all its products costs.
async fn the_menu_costs_what_it_says(system: Arc<System>) -> Result<()> {
    let menu = Product::menu()?;
    let basket: Vec<(&str, u32)> =
        menu.iter().zip(1..).map(|(product, number)| (product.id.as_str(), number)).collect();
    let total: u64 = menu.iter().zip(1..).map(|(product, number)| product.unit_price.minor_units * number).sum();
    let anna = system.customer("hungry")?;
    let placed = anna.place_all(&basket, Card::Declined).await?;
    ensure!(placed["total"] == json!({"currency": "EUR", "minorUnits": total.to_string()}), "{placed:#}");
    ensure!(placed["items"].as_array().is_some_and(|items| items.len() == menu.len()), "{placed:#}");
    for ((product, number), line) in menu.iter().zip(1..).zip(placed["items"].as_array().into_iter().flatten()) {
        let price = json!({"currency": "EUR", "minorUnits": product.unit_price.minor_units.to_string()});
        let expected = json!({"productId": product.id, "quantity": number, "unitPrice": price});
        ensure!(*line == expected, "{line:#} instead of {expected:#}");
    }
    let found = anna.settled(placed["orderId"].as_str().context("no order id")?, 1).await?;
    ensure!(found["order"]["status"] == "ORDER_STATUS_REJECTED", "{found:#}");
    Ok(())
}

async fn a_declined_card_undoes_everything(system: Arc<System>) -> Result<()> {
    let basket = Basket::new(&system, [2, 3, 4]).await?;
    let found = play(&system, &Story::CARD_DECLINED, "declined", &basket).await?;
    let expected = ["create-ticket SUCCEEDED", "authorize-card REFUSED", "reject-ticket SUCCEEDED"];
    ensure!(steps(&found, 0)[..3] == expected, "{found:#}");
    Ok(())
}

/// There is enough of two products and too little of the third: none of them is taken.
async fn an_order_out_of_stock_is_rejected(system: Arc<System>) -> Result<()> {
    let basket = Basket::new(&system, [10, 12, 3]).await?;
    let found = play(&system, &Story::OUT_OF_STOCK, "out-of-stock", &basket).await?;
    ensure!(steps(&found, 0)[0] == "create-ticket REFUSED", "{found:#}");
    Ok(())
}

async fn an_approved_order_is_canceled(system: Arc<System>) -> Result<()> {
    let basket = Basket::new(&system, [9, 9, 9]).await?;
    play(&system, &Story::CANCELED, "canceled", &basket).await?;
    Ok(())
}

async fn a_cancellation_comes_too_late(system: Arc<System>) -> Result<()> {
    let basket = Basket::new(&system, [9, 9, 9]).await?;
    play(&system, &Story::CANCELED_TOO_LATE, "too-late", &basket).await?;
    Ok(())
}

async fn find_order_shows_the_whole_saga(system: Arc<System>) -> Result<()> {
    system.cook()?.set_stock("caesar-salad", 100).await?;
    let anna = system.customer("curious")?;
    let order_id = anna.place("caesar-salad", 1, Card::Declined).await?;
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
    let late = slow.place(&anna, Card::Late).await?;
    let silent = quiet.place(&anna, Card::SilentAtFirst).await?;
    system.await_status(&anna, &late, "APPROVED").await?;
    slow.check(&system, "slow", &late, &Story::APPROVED).await?;
    let found = system.await_status(&anna, &silent, "APPROVED").await?;
    let repeats = found["sagas"][0]["steps"][1]["repeats"].as_u64();
    ensure!(repeats.is_some_and(|repeats| repeats >= 1), "the command was repeated: {found:#}");
    quiet.check(&system, "slow", &silent, &Story::APPROVED).await
}
