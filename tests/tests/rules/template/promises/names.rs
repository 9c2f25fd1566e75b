//! How the template names things, and how it refers to them.

use local::Lane;
use serde_json::{Value, json};

/// `create-ticket` -> `CreateTicket`: how a logical id begins.
pub(super) fn id(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    name.split('-').map(capital).collect()
}

/// `create-ticket` -> `CreateTicketFunctionAliaslive`: what is called when the function is called.
pub(super) fn alias(function: &str) -> String {
    format!("{}FunctionAliaslive", id(function))
}

/// `create-ticket`, `QUEUE_URL` -> `CREATE_TICKET_QUEUE_URL`.
pub(super) fn variable(name: &str, what: &str) -> String {
    format!("{}_{what}", name.to_uppercase().replace('-', "_"))
}

/// Where a function's queue is named for what is in it, that name.
pub(super) fn queue_of(function: &str) -> &str {
    if function == "orchestrate-saga" { "saga" } else { function }
}

pub(super) fn reference(id: &str) -> Value {
    json!({"Ref": id})
}

pub(super) fn arn(id: &str) -> Value {
    json!({"Fn::GetAtt": [id, "Arn"]})
}

pub(super) fn sub(text: &str) -> Value {
    json!({"Fn::Sub": text})
}

/// A physical name: that of the stack comes first, so that stacks do not meet.
pub(super) fn named(name: &str) -> Value {
    sub(&format!("${{AWS::StackName}}-{name}"))
}

/// What stands for the value of a parameter. No literal in the template is equal to it.
pub(super) fn given(parameter: &str) -> String {
    format!("<{parameter}>")
}

/// The queue that takes replies in the lane.
pub(super) fn replies(lane: Lane) -> Value {
    arn(lane.reply_queue())
}
