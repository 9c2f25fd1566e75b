//! Where a card's token is once the saga of its order is over: in the history of its execution, where there is an execution,
//! and nowhere else.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use local::{Lane, Product};
use serde_json::json;
use tests::basket::CURRENCY;
use tests::{LazySystem, System};
use uuid::Uuid;

use super::{shared, state_machine};

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    let name = "card::its_token_is_forgotten_once_the_saga_of_its_order_is_over";
    vec![shared(name, system, it_is_forgotten)]
}

/// The sandbox declines a card that it does not know, so each run has a token of its own.
async fn it_is_forgotten(system: Arc<System>) -> Result<()> {
    let (anna, token) = (system.customer("discreet")?, format!("tok_{}", Uuid::new_v4().simple()));
    let product = Product::new(&format!("p-{}", Uuid::new_v4()), CURRENCY, 100, 5);
    system.aws().offer(std::slice::from_ref(&product)).await?;
    system.cook()?.set_stock(&product.id, product.stock).await?;
    let order = json!({"items": [{"productId": product.id, "quantity": 1}], "cardToken": token});
    let key = Uuid::new_v4().to_string();
    let placed = anna.call("/order_api.v1.OrderService/CreateOrder", &order, Some(&key)).await?.ok()?;
    let order_id = placed["order"]["orderId"].as_str().context("no order id")?;
    let found = anna.settled(order_id, 1).await?;
    ensure!(found["order"]["reason"] == "CARD_DECLINED", "{found:#}");

    ensure!(tables_with(&system, order_id).await?.contains(&"OrdersTable".to_owned()), "the order is not found");
    let knowing = tables_with(&system, &token).await?;
    ensure!(knowing.is_empty(), "the token is still in {knowing:?}");
    let ids = system.aws().stack().resources.keys();
    for queue in ids.filter(|id| id.ends_with("DeadLetterQueue")) {
        let letters = system.dead_letters_now(queue, |body| body.contains(&token)).await?;
        ensure!(letters.is_empty(), "the token is in {queue}");
    }
    if system.lane() == Lane::StepFunctions {
        let execution = state_machine(&system, "create-order")?.replace(":stateMachine:", ":execution:");
        let saga = messaging::ids::saga(messaging::ids::event(order_id, 1, 0));
        let history = system.aws().clients().sfn.get_execution_history().execution_arn(format!("{execution}:{saga}"));
        let history = history.include_execution_data(true).send().await?;
        // The SDK writes none of this in its debug output.
        let mut inputs = history.events().iter().filter_map(|event| event.execution_started_event_details()?.input());
        let is_there = inputs.any(|input| input.contains(&token));
        ensure!(is_there, "ARCHITECTURE.md says that the history keeps the token");
    }
    Ok(())
}

/// The tables that hold an item with this text in it.
async fn tables_with(system: &System, text: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (id, name) in system.aws().stack().resources.iter().filter(|(id, _)| id.ends_with("Table")) {
        let scan = system.aws().clients().dynamodb.scan().table_name(name).consistent_read(true);
        let mut items = scan.into_paginator().items().send();
        while let Some(item) = items.try_next().await? {
            if format!("{item:?}").contains(text) {
                found.push(id.clone());
                break;
            }
        }
    }
    Ok(found)
}
