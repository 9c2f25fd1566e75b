//! What a message holds: the envelope, with its payload in it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::traffic::Traffic;
use crate::documents::schema;
use crate::documents::tree::{Node, from_json, joined, list, object, text, texts};

/// The type of the envelope of every message.
pub(super) const ENVELOPE: &str = "message.v1.Message";

/// What stands before a payload's type in its `@type`.
const TYPE_URL: &str = "type.googleapis.com/";

/// The messages of the recorded events, by the types of their payloads.
pub(super) struct Recorded(BTreeMap<String, String>);

impl Recorded {
    /// Reads `events/` below `checkout`; of two messages of a type the first is taken.
    ///
    /// # Errors
    /// An event that is no JSON.
    pub(super) fn read(checkout: &Path) -> Result<Self> {
        let mut recorded = BTreeMap::new();
        let mut folders: Vec<_> = std::fs::read_dir(checkout.join("events"))?.collect::<Result<_, _>>()?;
        folders.sort_by_key(std::fs::DirEntry::file_name);
        for folder in folders {
            for case in ["ok", "reply", "watchdog"] {
                let file = folder.path().join(format!("{case}.json"));
                let Ok(event) = std::fs::read_to_string(&file) else { continue };
                let event: Value = serde_json::from_str(&event).with_context(|| file.display().to_string())?;
                let records = event.get("Records").and_then(Value::as_array).cloned().unwrap_or_default();
                for body in records.iter().filter_map(|record| record.get("body")?.as_str()) {
                    let message: Value = serde_json::from_str(body).with_context(|| file.display().to_string())?;
                    if let Some(name) = message.pointer("/subject/type").and_then(Value::as_str) {
                        recorded.entry(name.to_owned()).or_insert_with(|| body.to_owned());
                    }
                }
            }
        }
        Ok(Self(recorded))
    }

    /// An example of a message with this payload. What a place in it stands for differs from stack to stack.
    fn example(&self, name: &str) -> Result<Option<Node>> {
        let queue = "https://sqs.eu-central-1.amazonaws.com/123456789012/order-saga-saga";
        self.0.get(name).map(|body| from_json(&body.replace("${REPLY_QUEUE_URL}", queue))).transpose()
    }
}

/// The message with this payload.
///
/// # Errors
/// A payload that no contract declares.
pub(super) fn message(traffic: &Traffic<'_>, recorded: &Recorded, name: &str) -> Result<Node> {
    let descriptor = traffic.contract.message(name)?;
    let comment = traffic.contract.comment(&descriptor);
    let is_event = traffic.events.contains(name);
    let mut parts = vec![("name", text(name)), ("title", text(descriptor.name())), ("summary", text(comment))];
    if is_event {
        let attribute = object([("type", object([("const", text(name))]))]);
        let needed = ("required", texts(["type"]));
        parts.push(("headers", object([("type", text("object")), needed, ("properties", attribute)])));
    }
    if !is_event {
        let saga = object([("location", text("$message.payload#/subject/correlation/sagaId"))]);
        parts.push(("correlationId", saga));
    }
    parts.push(("payload", payload(name, !is_event)));
    if let Some(example) = recorded.example(name)? {
        let example = object([("payload", example)]);
        let example =
            if is_event { joined(object([("headers", object([("type", text(name))]))]), example) } else { example };
        parts.push(("examples", list([example])));
    }
    Ok(object(parts))
}

/// The envelope with a payload of this type; the messages of a saga say which saga they belong to.
fn payload(name: &str, is_of_saga: bool) -> Node {
    let told = object([("type", object([("const", text(name))]))]);
    let needed = if is_of_saga { texts(["type", "messageId", "correlation"]) } else { texts(["type", "messageId"]) };
    let subject = object([("required", needed), ("properties", told)]);
    let type_url = object([("@type", object([("const", text(format!("{TYPE_URL}{name}")))]))]);
    let typed = object([("required", texts(["@type"])), ("properties", type_url)]);
    let any = object([("allOf", list([schema::of(name), typed]))]);
    let properties = object([("subject", subject), ("payload", any)]);
    let this = object([("required", texts(["subject", "payload"])), ("properties", properties)]);
    object([("allOf", list([schema::of(ENVELOPE), this]))])
}
