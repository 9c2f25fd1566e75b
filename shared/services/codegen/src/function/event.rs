//! The two events of a step's function: what SQS hands over when a saga sends the command, and when nobody knows it.

use std::fmt::Write as _;

use anyhow::Result;
use md5::{Digest, Md5};
use serde::Serialize;
use uuid::Uuid;

use super::values::{Json, ORDER, Object};

/// The sagas that the recorded events come from.
const SAGAS: [(&str, &str); 2] = [
    ("cancel-order", "194cb561-a52b-533a-84db-73d3168ca08b"),
    ("create-order", "3d08009b-2ad0-58a9-a2de-66834c02bcb3"),
];

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    records: [Received; 1],
}

/// A message as SQS hands it to a function.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Received {
    message_id: Uuid,
    receipt_handle: String,
    body: String,
    attributes: Attributes,
    message_attributes: Object,
    md5_of_body: String,
    event_source: &'static str,
    #[serde(rename = "eventSourceARN")]
    event_source_arn: String,
    aws_region: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Attributes {
    approximate_receive_count: &'static str,
    sent_timestamp: &'static str,
    sender_id: &'static str,
    approximate_first_receive_timestamp: &'static str,
}

/// What is in the body.
#[derive(Serialize)]
struct Message<'a> {
    subject: Subject<'a>,
    payload: Object,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Subject<'a> {
    r#type: &'a str,
    source: &'static str,
    message_id: Uuid,
    causation_id: Uuid,
    correlation: Correlation<'a>,
    occurred_at: &'static str,
    trace_parent: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Correlation<'a> {
    saga_id: String,
    step: &'a str,
    reply_to: &'static str,
}

/// The event that takes effect and the event that is set aside: `command` is the type of the message with these fields, which
/// `saga` sends to the function `name`.
///
/// # Errors
/// JSON that cannot be written.
pub(super) fn events(name: &str, command: &str, saga: &str, fields: Object) -> Result<[String; 2]> {
    let package = command.rsplit_once('.').map_or("", |(package, _)| package);
    let order_id = Object(vec![("orderId".to_owned(), Json::Text(ORDER.to_owned()))]);
    Ok([
        event(name, "ok", saga, command, fields)?,
        event(name, "poison", saga, &format!("{package}.NoSuchCommand"), order_id)?,
    ])
}

fn event(name: &str, case: &str, saga: &str, r#type: &str, fields: Object) -> Result<String> {
    let id = |what: &str| derived(&format!("events/{name}/{case}.json {what}"));
    let known = SAGAS.iter().find(|(known, _)| *known == saga);
    let correlation = Correlation {
        saga_id: known.map_or_else(|| derived(saga).to_string(), |(_, id)| (*id).to_owned()),
        step: name,
        reply_to: "${REPLY_QUEUE_URL}",
    };
    let subject = Subject {
        r#type,
        source: "orchestrate-saga",
        message_id: id("command"),
        causation_id: derived(&format!("{name} cause")),
        correlation,
        occurred_at: "2026-01-01T00:00:00Z",
        trace_parent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    };
    let of_type = ("@type".to_owned(), Json::Text(format!("type.googleapis.com/{type}")));
    let payload = Object([of_type].into_iter().chain(fields.0).collect());
    let body = serde_json::to_string(&Message { subject, payload })?;
    let received = Received {
        message_id: id("message"),
        receipt_handle: format!("AQEB{}{}", id("receipt").simple(), id("handle").simple()),
        attributes: Attributes {
            approximate_receive_count: "1",
            sent_timestamp: "1767225600000",
            sender_id: "AROAEXAMPLEEXAMPLE",
            approximate_first_receive_timestamp: "1767225600010",
        },
        message_attributes: Object(Vec::new()),
        md5_of_body: md5(&body),
        body,
        event_source: "aws:sqs",
        event_source_arn: format!("arn:aws:sqs:eu-central-1:123456789012:order-saga-{name}"),
        aws_region: "eu-central-1",
    };
    Ok(serde_json::to_string_pretty(&Event { records: [received] })? + "\n")
}

/// The same text has the same identity: writing the files again writes the same files.
fn derived(text: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, text.as_bytes())
}

/// In hexadecimal, as SQS says it.
fn md5(body: &str) -> String {
    Md5::digest(body.as_bytes()).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
