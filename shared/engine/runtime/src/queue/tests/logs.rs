//! What operators see of each outcome, and what they must not see.

use serde_json::{Value, json};
use testkit::Logs;

use super::*;

/// What a log must never tell: the card's token, and the body that holds it.
const SECRET: &str = "tok_secret";

fn body(number: u128, sale_id: &str) -> String {
    // A field that this function does not know still travels with the message.
    let mut body: Value = serde_json::from_str(&good(number, sale_id)).expect("JSON");
    body["payload"]["cardToken"] = json!(SECRET);
    body.to_string()
}

/// Level and fields of what is logged while this message is handled, in order.
async fn logged(outbound: &MemoryOutbound, body: &str) -> Vec<(String, Value)> {
    let (logs, _guard) = Logs::capture();
    handle_all(&MemoryStore::default(), outbound, &[("sqs-7", body.to_owned())]).await;
    let lines = logs.lines();
    assert!(!format!("{lines:?}").contains(SECRET), "a log tells what a message holds: {lines:#?}");
    lines.iter().map(|line| (line["level"].as_str().unwrap_or_default().to_owned(), line["fields"].clone())).collect()
}

/// The detail that is logged of every message that can be read.
fn handling(number: u128) -> (String, Value) {
    let fields = json!({"message": "handling", "message_id": builders::id(number).to_string(),
        "saga_id": format!("Some({})", builders::id(1)), "payload": "till.v1.RefundCard"});
    ("DEBUG".to_owned(), fields)
}

fn line(level: &str, fields: Value) -> (String, Value) {
    (level.to_owned(), fields)
}

#[tokio::test]
async fn a_message_that_is_handled_is_a_detail_without_its_content() {
    assert_eq!(logged(&MemoryOutbound::default(), &body(3, "a")).await, [handling(3)]);
}

#[tokio::test]
async fn a_message_that_comes_again_is_a_warning_with_its_reason() {
    let outbound = MemoryOutbound::default();
    outbound.faults().fail(Operation::Send, 1);
    let warning = line(
        "WARN",
        json!({"alarm": "left-for-redelivery", "message": "a message is left for redelivery", "sqs_message_id": "sqs-7",
            "reason": "sending failed: injected"}),
    );
    assert_eq!(logged(&outbound, &body(3, "a")).await, [handling(3), warning]);
}

/// The dead-letter queue tells it as well.
#[tokio::test]
async fn a_reason_is_told_with_its_causes_each_once() {
    let told = "the provider does not answer: connection refused";
    let outbound = MemoryOutbound::default();
    let warning = json!({"alarm": "left-for-redelivery", "message": "a message is left for redelivery", "sqs_message_id": "sqs-7", "reason": told});
    assert_eq!(logged(&outbound, &body(3, "silent")).await, [handling(3), line("WARN", warning)]);
    let error =
        json!({"alarm": "set-aside", "message": "a message is set aside", "sqs_message_id": "sqs-7", "reason": told});
    assert_eq!(logged(&outbound, &body(3, "lost")).await, [handling(3), line("ERROR", error)]);
    assert_eq!(outbound.set_aside()[0].reason, told);
}

#[tokio::test]
async fn a_panic_is_a_warning() {
    let warning = line(
        "WARN",
        json!({"alarm": "left-for-redelivery", "message": "a message is left for redelivery", "sqs_message_id": "sqs-7",
            "reason": "the handler panicked"}),
    );
    assert_eq!(logged(&MemoryOutbound::default(), &body(3, "panic")).await, [handling(3), warning]);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_takes_too_long_is_a_warning() {
    let warning = line(
        "WARN",
        json!({"alarm": "left-for-redelivery", "message": "a message took too long and is left for redelivery", "sqs_message_id": "sqs-7"}),
    );
    assert_eq!(logged(&MemoryOutbound::default(), &body(3, "takes 10000")).await, [handling(3), warning]);
}

#[tokio::test]
async fn a_message_that_is_set_aside_is_an_error_with_its_reason() {
    let outbound = MemoryOutbound::default();
    let unknown = body(3, "a").replace("RefundCard", "NoSuchCommand");
    let lines = logged(&outbound, &unknown).await;
    let reason = outbound.set_aside()[0].reason.clone();
    assert!(reason.contains("NoSuchCommand"), "{reason}");
    let error =
        json!({"alarm": "set-aside", "message": "a message is set aside", "sqs_message_id": "sqs-7", "reason": reason});
    assert_eq!(lines[1..], [line("ERROR", error)]);
    assert_eq!(lines[0].1["payload"], "till.v1.NoSuchCommand");
}

#[tokio::test]
async fn a_message_that_cannot_be_set_aside_yet_is_a_warning_with_both_reasons() {
    let outbound = MemoryOutbound::default();
    outbound.faults().fail(Operation::SetAside, 1);
    let warning = line(
        "WARN",
        json!({"alarm": "left-for-redelivery", "message": "a message could not be set aside yet", "sqs_message_id": "sqs-7",
            "reason": "the message has no payload", "error": "sending failed: injected"}),
    );
    assert_eq!(logged(&outbound, &json!({"body": SECRET}).to_string()).await, [warning]);
}
