//! What comes to start-saga and resume-saga, put on their queues by hand: repeats, and what can never be handled.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use local::{Card, Deadline};
use serde_json::{Value, json};
use tests::{LazySystem, System};
use uuid::Uuid;

use super::alone;

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    let poison = "replies::poison_goes_to_the_dead_letters_with_its_reason";
    vec![
        alone("replies::one_that_was_answered_before_is_acknowledged", system, one_that_was_answered_before),
        alone(poison, system, poison_goes_to_the_dead_letters),
    ]
}

/// A message with this correlation, if any.
fn message(payload: Value, correlation: Option<Value>) -> String {
    let payload_type = payload["@type"].as_str().unwrap_or_default().replace("type.googleapis.com/", "");
    let mut subject = json!({
        "type": payload_type,
        "source": "by-hand",
        "messageId": Uuid::new_v4(),
        "occurredAt": "2026-11-23T07:00:00Z",
    });
    if let Some(correlation) = correlation {
        subject["correlation"] = correlation;
    }
    json!({"subject": subject, "payload": payload}).to_string()
}

fn succeeded() -> Value {
    json!({"@type": "type.googleapis.com/message.v1.CommandSucceeded"})
}

/// The same reply twice and the opposite one, all with the token of a step that is long over: nobody waits for them, and
/// they neither come again nor become dead letters.
async fn one_that_was_answered_before(system: Arc<System>) -> Result<()> {
    system.cook()?.set_stock("margherita", 100).await?;
    let anna = system.customer("answered-before")?;
    let held = system.aws().recorder().hold_next("ResumeSagaFunction", "SendTaskSuccess");
    let order_id = anna.place("margherita", 1, Card::Good).await?;
    let held = held.await.context("no reply came")?;
    let token = serde_json::from_slice::<Value>(&held.body)?["taskToken"].as_str().context("a token")?.to_owned();
    held.release();
    let before = system.await_status(&anna, &order_id, "APPROVED").await?;
    system.await_empty("ResumeSagaQueue").await?;

    system.aws().recorder().clear();
    let saga = messaging::ids::saga(messaging::ids::event(&order_id, 1, 0));
    let sender = json!({"sagaId": saga, "step": "create-ticket", "replyTo": "nowhere", "replyToken": token});
    let again = message(succeeded(), Some(sender.clone()));
    let refused = json!({"@type": "type.googleapis.com/message.v1.CommandRefused", "reason": "LATE"});
    for body in [&again, &again, &message(refused, Some(sender))] {
        system.put("ResumeSagaQueue", body).await?;
    }
    let deadline = Deadline::soon();
    loop {
        let calls = system.aws().recorder().calls();
        let answers = calls.iter().filter(|call| call.function == "ResumeSagaFunction" && call.service == "states");
        let answers: Vec<_> = answers.map(|call| (call.action.as_str(), call.error.as_deref())).collect();
        if answers.len() >= 3 {
            let stale = |error: &Option<&str>| matches!(error, Some("TaskTimedOut" | "TaskDoesNotExist"));
            ensure!(answers.iter().all(|(_, error)| stale(error)), "{answers:?}");
            break;
        }
        deadline.wait_or(|| format!("they were not handled: {answers:?}")).await?;
    }
    system.await_empty("ResumeSagaQueue").await?;
    let letters = system.dead_letters_now("ResumeSagaDeadLetterQueue", |body| body.contains(&token)).await?;
    ensure!(letters.is_empty(), "{letters:?}");
    let calls = system.aws().recorder().calls();
    ensure!(
        calls.iter().all(|call| call.function != "ResumeSagaFunction" || call.action != "SendMessage"),
        "{calls:#?}"
    );
    ensure!(anna.find(&order_id).await?["order"] == before["order"], "it changes nothing");
    Ok(())
}

/// Each kind of poison, with the beginning of an order beside it in the batch, which it must not harm.
async fn poison_goes_to_the_dead_letters(system: Arc<System>) -> Result<()> {
    system.cook()?.set_stock("margherita", 100).await?;
    let anna = system.customer("poisoned")?;
    let tag = Uuid::new_v4();
    let of = |step: &str| json!({"sagaId": tag, "step": step, "replyTo": "nowhere"});
    let approved = json!({"@type": "type.googleapis.com/order.v1.OrderApproved", "orderId": tag});
    let strange = json!({"@type": "type.googleapis.com/order.v1.OrderApproved", "orderId": tag});
    let mut with_token = of("create-ticket");
    with_token["replyToken"] = json!("any");
    let poison = [
        ("StartSaga", format!("not json {tag}"), "not a JSON object"),
        ("StartSaga", message(approved, None), "order.v1.OrderApproved starts no saga"),
        ("ResumeSaga", format!("not json {tag}"), "not a JSON object"),
        ("ResumeSaga", message(succeeded(), Some(of("create-ticket"))), "no task token"),
        ("ResumeSaga", message(succeeded(), None), "no task token"),
        ("ResumeSaga", message(strange, Some(with_token)), "expected a payload of type message.v1.CommandRefused"),
    ];
    let mut orders = Vec::new();
    for (function, body, _) in &poison {
        let queue = format!("{function}Queue");
        let (placed, put) = tokio::join!(anna.place("margherita", 1, Card::Good), system.put(&queue, body));
        put?;
        orders.push(placed?);
    }
    for (function, body, expected) in &poison {
        let queue = format!("{function}DeadLetterQueue");
        let reason = system.await_dead_letter(&queue, |found| found == body).await?;
        ensure!(reason.contains(expected), "{reason} instead of {expected}");
    }
    for order in &orders {
        system.await_status(&anna, order, "APPROVED").await?;
    }
    ensure!(system.stock("margherita").await? == 100 - i64::try_from(orders.len())?, "each took its own");
    Ok(())
}
