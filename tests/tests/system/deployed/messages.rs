//! Messages put on the queues by hand: duplicates, poison, and what comes in the wrong order.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use local::{Card, Deadline, Story};
use serde_json::{Value, json};
use tests::basket::Basket;
use tests::{LazySystem, System, newest};
use uuid::Uuid;

use super::shared;

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    vec![
        shared("messages::duplicates_have_no_second_effect", system, duplicates_have_no_second_effect),
        shared("messages::a_duplicate_event_starts_nothing", system, a_duplicate_event_starts_nothing),
        shared("messages::poison_goes_to_the_dead_letters_with_its_reason", system, poison_goes_to_the_dead_letters),
        shared("messages::an_undo_that_comes_first_wins", system, an_undo_that_comes_first_wins),
    ]
}

/// A message of a saga that nobody knows.
pub(super) fn message(payload_type: &str, id: Uuid, saga: Uuid, reply_to: &str, payload: Value) -> String {
    let mut payload = payload;
    payload["@type"] = json!(format!("type.googleapis.com/{payload_type}"));
    let correlation = json!({"sagaId": saga, "step": "by-hand", "replyTo": reply_to});
    json!({
        "subject": {
            "type": payload_type,
            "source": "by-hand",
            "messageId": id,
            "correlation": correlation,
            "occurredAt": "2026-11-23T07:00:00Z",
        },
        "payload": payload,
    })
    .to_string()
}

async fn duplicates_have_no_second_effect(system: Arc<System>) -> Result<()> {
    let product = format!("p-{}", Uuid::new_v4());
    system.stocked(&product, 10).await?;
    let (order, saga) = (Uuid::new_v4(), Uuid::new_v4());
    let reply_to = system.reply_queue()?.to_owned();
    let command = json!({"orderId": order, "items": [{"productId": product, "quantity": 3}]});
    let create = message("kitchen.v1.CreateTicket", Uuid::new_v4(), saga, &reply_to, command);
    for _ in 0..5 {
        system.put("CreateTicketQueue", &create).await?;
    }
    // Nobody knows the saga, so every reply ends among the orchestrator's dead letters: five of them, all the same.
    let says = |body: &str| body.contains(&saga.to_string()) && body.contains("CommandSucceeded");
    let reasons = system.await_dead_letters("SagaDeadLetterQueue", 5, says).await?;
    let is_said = |reason: &Option<String>| reason.as_ref().is_some_and(|reason| reason.contains("no saga"));
    ensure!(reasons.len() == 5 && reasons.iter().all(is_said), "{reasons:?}");
    ensure!(system.stock(&product).await? == 7, "the stock was taken once");
    let ticket = system.stored("TicketsTable", &order.to_string()).await?.context("a ticket")?;
    ensure!(ticket.version == 1 && ticket.inbox.len() == 1, "{ticket:?}");
    Ok(())
}

/// The whole event as it was published: if it started anything, the saga, the ticket, the card or the stock would show it.
async fn a_duplicate_event_starts_nothing(system: Arc<System>) -> Result<()> {
    let anna = system.customer("duplicated")?;
    let basket = Basket::new(&system, [10, 12, 20]).await?;
    let order_id = basket.place(&anna, Card::Good).await?;
    let found = system.await_status(&anna, &order_id, "APPROVED").await?;
    let event = messaging::ids::event(&order_id, 1, 0);
    let before = system.await_saga(event).await?;
    ensure!(before.state["data"].is_null(), "a finished saga still knows the card: {before:?}");
    let participants = [("OrdersTable", 2), ("TicketsTable", 2), ("AuthorizationsTable", 1)];
    for (table, version) in participants {
        let record = system.stored(table, &order_id).await?.with_context(|| format!("nothing in {table}"))?;
        ensure!(record.version == version, "{record:?}");
    }

    let order = &found["order"];
    let lines = order["items"].as_array().into_iter().flatten();
    let items: Value =
        lines.map(|line| json!({"productId": line["productId"], "quantity": line["quantity"]})).collect();
    let again = json!({
        "subject": {
            "type": "order.v1.OrderCreated", "source": "/order_api.v1.OrderService/CreateOrder", "messageId": event,
            "occurredAt": order["createdAt"],
        },
        "payload": {
            "@type": "type.googleapis.com/order.v1.OrderCreated", "orderId": order_id, "items": items,
            "customerId": "auth0|duplicated", "total": order["total"], "cardToken": "tok_visa",
        },
    });
    messaging::Envelope::parse(&again.to_string()).context("a duplicate that nobody can read starts nothing")?;
    system.put("SagaQueue", &again.to_string()).await?;
    // A marker behind it on the same queue: once that is set aside and the queue is empty, the duplicate was handled.
    let marker = Uuid::new_v4();
    let unknown = message("message.v1.CommandSucceeded", Uuid::new_v4(), marker, "nowhere", json!({}));
    system.put("SagaQueue", &unknown).await?;
    system.await_dead_letter("SagaDeadLetterQueue", |body| body.contains(&marker.to_string())).await?;
    system.await_empty("SagaQueue").await?;
    for step in newest("create-order")?.steps {
        system.await_empty(&format!("{}Queue", step.command.state_name())).await?;
    }

    let duplicate = system.dead_letters_now("SagaDeadLetterQueue", |body| body.contains(&event.to_string())).await?;
    ensure!(duplicate.is_empty(), "it was set aside: {duplicate:?}");
    let after = system.await_saga(event).await?;
    ensure!(after == before, "{after:#?} instead of {before:#?}");
    for (table, version) in participants {
        let record = system.stored(table, &order_id).await?.with_context(|| format!("nothing in {table}"))?;
        ensure!(record.version == version, "{record:?}");
    }
    basket.check(&system, "duplicated", &order_id, &Story::APPROVED).await
}

async fn poison_goes_to_the_dead_letters(system: Arc<System>) -> Result<()> {
    let product = format!("p-{}", Uuid::new_v4());
    system.stocked(&product, 10).await?;
    let reply_to = system.reply_queue()?.to_owned();
    let tag = Uuid::new_v4();
    let unknown = message("kitchen.v1.BurnTicket", tag, tag, &reply_to, json!({}));
    let misaddressed = message("kitchen.v1.ApproveTicket", tag, tag, &reply_to, json!({"orderId": tag}));
    let poison = [
        (format!("not json {tag}"), "not a JSON object"),
        (unknown, "expected a payload of type kitchen.v1.CreateTicket, found kitchen.v1.BurnTicket"),
        (misaddressed, "expected a payload of type kitchen.v1.CreateTicket"),
    ];
    let mut orders = Vec::new();
    for (body, _) in &poison {
        system.put("CreateTicketQueue", body).await?;
        // Its neighbours in the batch.
        let order = Uuid::new_v4();
        let command = json!({"orderId": order, "items": [{"productId": product, "quantity": 1}]});
        let good = message("kitchen.v1.CreateTicket", Uuid::new_v4(), tag, &reply_to, command);
        system.put("CreateTicketQueue", &good).await?;
        orders.push(order.to_string());
    }
    for (body, expected) in &poison {
        let reason = system.await_dead_letter("CreateTicketDeadLetterQueue", |found| found == body).await?;
        ensure!(reason.contains(expected), "{reason} instead of {expected}");
    }
    let deadline = Deadline::soon();
    for order in &orders {
        while system.stored("TicketsTable", order).await?.is_none() {
            deadline.wait_or(|| format!("the neighbour {order} was harmed")).await?;
        }
    }
    ensure!(system.stock(&product).await? == 7);
    Ok(())
}

async fn an_undo_that_comes_first_wins(system: Arc<System>) -> Result<()> {
    let product = format!("p-{}", Uuid::new_v4());
    system.stocked(&product, 10).await?;
    let reply_to = system.reply_queue()?.to_owned();
    let (order, saga) = (Uuid::new_v4(), Uuid::new_v4());
    let undo = message("kitchen.v1.RejectTicket", Uuid::new_v4(), saga, &reply_to, json!({"orderId": order}));
    system.put("RejectTicketQueue", &undo).await?;
    let deadline = Deadline::soon();
    while system.stored("TicketsTable", &order.to_string()).await?.is_none() {
        deadline.wait_or(|| "the undo left no tombstone".to_owned()).await?;
    }
    let command = json!({"orderId": order, "items": [{"productId": product, "quantity": 3}]});
    let late = message("kitchen.v1.CreateTicket", Uuid::new_v4(), saga, &reply_to, command);
    system.put("CreateTicketQueue", &late).await?;
    let refused = |body: &str| body.contains(&saga.to_string()) && body.contains("CommandRefused");
    system.await_dead_letter("SagaDeadLetterQueue", refused).await?;
    ensure!(system.stock(&product).await? == 10, "nothing was reserved");
    Ok(())
}
