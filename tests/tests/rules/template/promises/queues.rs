//! The queues: each function behind a queue has its own, and each of these its own dead letters.

use serde_json::{Value, json};

use super::choices::Choices;
use super::functions::{Behind, behind_queues_of_any_lane};
use super::names::{arn, given, id, named, queue_of};

/// How long a message may fail before it counts as dead: trouble that passes takes an hour or so, and a command that died is
/// sent again by its saga.
const ENDURED_SECONDS: u64 = 100 * 60;
/// The most deliveries that SQS counts. A saga's watchdog is its only clock: once it is dead, nothing wakes the saga.
const MOST_DELIVERIES: u64 = 1000;
/// Two weeks, the longest that SQS keeps a message.
const KEPT_SECONDS: u32 = 14 * 24 * 60 * 60;
/// What AWS asks for: the function may be retried within the visibility of its batch.
const VISIBILITY_IN_TIMEOUTS: u64 = 6;

/// How long a function may run: a message's own limit ends just before.
pub(super) fn timeout_seconds() -> u64 {
    runtime::HANDLING_TIMEOUT.as_secs() + 1
}

/// The names of the queues that messages are taken from, in one lane or the other.
pub(super) fn live_queues() -> Vec<&'static str> {
    behind_queues_of_any_lane().into_iter().map(|Behind { queue, .. }| queue).collect()
}

/// The names of the queues that take dead letters of these.
pub(super) fn dead_letters(live: Vec<&'static str>) -> impl Iterator<Item = &'static str> {
    live.into_iter().chain(["relay-outbox"])
}

pub(super) fn resources(choices: Choices) -> Vec<(String, Value)> {
    let live = live_queues().into_iter().map(|name| (format!("{}Queue", id(name)), live(name)));
    let dead = dead_letters(live_queues()).map(|name| (format!("{}DeadLetterQueue", id(name)), dead(name)));
    let mut queues: Vec<_> = live.chain(dead).collect();
    // SQS takes one kind of encryption at a time.
    for (_, queue) in &mut queues {
        queue["Properties"]["SqsManagedSseEnabled"] = json!(!choices.has_key);
        if choices.has_key {
            queue["Properties"]["KmsMasterKeyId"] = json!(given("EncryptionKeyArn"));
        }
    }
    queues
}

/// How long a message that was not handled stays invisible.
fn visibility_seconds() -> u64 {
    VISIBILITY_IN_TIMEOUTS * timeout_seconds()
}

fn live(name: &str) -> Value {
    let holds_watchdogs = name == queue_of("orchestrate-saga");
    let deliveries = if holds_watchdogs { MOST_DELIVERIES } else { ENDURED_SECONDS / visibility_seconds() };
    json!({
        "Type": "AWS::SQS::Queue",
        "Properties": {
            "QueueName": named(name),
            "VisibilityTimeout": visibility_seconds(),
            "MessageRetentionPeriod": KEPT_SECONDS,
            "RedrivePolicy": {
                "deadLetterTargetArn": arn(&format!("{}DeadLetterQueue", id(name))),
                "maxReceiveCount": deliveries,
            },
        },
    })
}

fn dead(name: &str) -> Value {
    json!({
        "Type": "AWS::SQS::Queue",
        "Properties": {
            "QueueName": named(&format!("{name}-dead")),
            "MessageRetentionPeriod": KEPT_SECONDS,
        },
    })
}
