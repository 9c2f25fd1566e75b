//! One AWS call, read from its request and its answer.

use http::HeaderMap;
use serde::Serialize;
use serde_json::Value;

use super::items::{Touched, touched};

/// The error of a call that an outage kept from the emulator.
pub(super) const REFUSED: &str = "RefusedByTheRecorder";
/// The error of a message that was taken for sent and lost.
pub(super) const LOST: &str = "LostByTheRecorder";

/// One AWS call of a function.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Call {
    /// The time of the answer, in milliseconds since 1970.
    pub time: u128,
    /// The caller: the function's logical id, such as `CreateTicketFunction`, or the access key of any other caller.
    pub function: String,
    /// The service, such as `dynamodb`.
    pub service: String,
    /// The action, such as `PutItem`.
    pub action: String,
    /// The tables, queues, topics or state machines by their physical names.
    pub resources: Vec<String>,
    /// The items that a call of DynamoDB names; empty for other calls.
    pub touched: Vec<Touched>,
    /// Whether the call carried a condition.
    pub conditional: bool,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The error's type if the call failed, such as `ConditionalCheckFailedException`.
    pub error: Option<String>,
}

impl Call {
    /// Whether the call writes to a table.
    #[must_use]
    pub fn is_write(&self) -> bool {
        let writes = ["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"];
        self.service == "dynamodb" && writes.contains(&self.action.as_str())
    }

    /// Whether the call was answered with success although it was kept from the emulator.
    #[must_use]
    pub fn was_lost(&self) -> bool {
        self.error.as_deref() == Some(LOST)
    }

    /// Whether an outage that a test asked for kept the call from the emulator.
    #[must_use]
    pub fn met_an_outage(&self) -> bool {
        self.error.as_deref() == Some(REFUSED)
    }

    /// Whether the call was answered with success.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

pub(super) fn read_call(headers: &HeaderMap, body: &[u8]) -> Call {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let credential = header("authorization").split_once("Credential=").map_or("", |(_, rest)| rest);
    let mut scope = credential.split([',', ' ']).next().unwrap_or_default().split('/');
    let function = scope.next().unwrap_or_default().to_owned();
    let service = scope.nth(2).unwrap_or_default().to_owned();
    let target = header("x-amz-target").rsplit('.').next().unwrap_or_default();
    let mut call = Call {
        time: 0,
        function,
        service,
        action: target.to_owned(),
        resources: Vec::new(),
        touched: Vec::new(),
        conditional: false,
        status: 0,
        error: None,
    };
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        call.conditional = value.to_string().contains("\"ConditionExpression\":");
        call.touched = touched(&call.action, &value);
        collect_resources(&value, &mut call.resources);
    } else {
        // SNS still speaks the query protocol, where a request is a form. Of the characters in our actions and ARNs, a form
        // escapes only the colon.
        for pair in String::from_utf8_lossy(body).split('&') {
            match pair.split_once('=') {
                Some(("Action", action)) => action.clone_into(&mut call.action),
                Some(("TopicArn", arn)) => call.resources.push(last_part(&arn.replace("%3A", ":"))),
                _ => {}
            }
        }
    }
    call.resources.sort();
    call.resources.dedup();
    call
}

fn collect_resources(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match (name.as_str(), field) {
                    ("TableName" | "QueueUrl" | "TopicArn" | "stateMachineArn", Value::String(name)) => {
                        found.push(last_part(name))
                    }
                    ("RequestItems", Value::Object(tables)) => found.extend(tables.keys().cloned()),
                    // The contents of an item are data, and no name of a resource.
                    ("Item" | "Key" | "ExpressionAttributeValues" | "MessageAttributes", _) => {}
                    _ => collect_resources(field, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_resources(item, found)),
        _ => {}
    }
}

/// The last part of an ARN or a queue's URL, which is the resource's name.
pub(super) fn last_part(name: &str) -> String {
    name.rsplit([':', '/']).next().unwrap_or_default().to_owned()
}

pub(super) fn error_type(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let header = headers.get("x-amzn-errortype").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let json = || serde_json::from_slice::<Value>(body).ok()?["__type"].as_str().map(str::to_owned);
    let text = String::from_utf8_lossy(body);
    let xml = || Some(text.split_once("<Code>")?.1.split_once("</Code>")?.0.to_owned());
    let name = header.or_else(json).or_else(xml)?;
    Some(name.rsplit('#').next().unwrap_or_default().to_owned())
}

#[cfg(test)]
pub(super) mod tests;
