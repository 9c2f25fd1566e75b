//! The part of the Amazon States Language that a saga needs; fields stand in the order in which they are written.

use serde::{Serialize, Serializer};

/// A state machine, to be written as JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StateMachine {
    pub(super) comment: String,
    pub(super) start_at: String,
    pub(super) states: States,
}

/// States in the order in which they are written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct States(pub(super) Vec<(String, State)>);

impl Serialize for States {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, state)| (name, state)))
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "Type")]
pub(super) enum State {
    Task(Box<Task>),
    Pass(Pass),
    Fail(Fail),
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Task {
    pub(super) comment: String,
    pub(super) resource: &'static str,
    pub(super) parameters: Parameters,
    pub(super) timeout_seconds: u64,
    /// Always null: what a reply says changes nothing in the execution's data.
    pub(super) result_path: (),
    pub(super) retry: Vec<Retrier>,
    pub(super) catch: Vec<Catcher>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) end: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Parameters {
    pub(super) queue_url: String,
    pub(super) message_body: Body,
}

/// The ProtoJSON of `message.v1.Message`, where `.$` marks what comes from the execution.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Body {
    pub(super) subject: Subject,
    #[serde(rename = "payload.$")]
    pub(super) payload: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Subject {
    #[serde(rename = "type")]
    pub(super) message: String,
    pub(super) source: String,
    #[serde(rename = "messageId.$")]
    pub(super) message_id: String,
    #[serde(rename = "causationId.$")]
    pub(super) causation_id: &'static str,
    pub(super) correlation: Correlation,
    #[serde(rename = "occurredAt.$")]
    pub(super) occurred_at: &'static str,
    #[serde(rename = "traceParent.$")]
    pub(super) trace_parent: &'static str,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Correlation {
    #[serde(rename = "sagaId.$")]
    pub(super) saga_id: &'static str,
    pub(super) step: &'static str,
    #[serde(rename = "replyTo")]
    pub(super) reply_to: &'static str,
    #[serde(rename = "replyToken.$")]
    pub(super) reply_token: &'static str,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Retrier {
    pub(super) error_equals: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) interval_seconds: Option<u64>,
    pub(super) max_attempts: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) backoff_rate: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_delay_seconds: Option<u64>,
}

impl Retrier {
    /// Tries again up to `max_attempts` times on these errors; 0 keeps the errors from a more general retrier below.
    pub(super) fn of(error_equals: Vec<&'static str>, max_attempts: u64) -> Self {
        Self { error_equals, interval_seconds: None, max_attempts, backoff_rate: None, max_delay_seconds: None }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Catcher {
    pub(super) error_equals: Vec<&'static str>,
    pub(super) result_path: &'static str,
    pub(super) next: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Pass {
    pub(super) comment: String,
    pub(super) result: Silence,
    pub(super) result_path: &'static str,
    pub(super) next: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Fail {
    pub(super) error: &'static str,
    pub(super) cause: String,
}

/// The output that a failed task would have had.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Silence {
    pub(super) error: &'static str,
    pub(super) cause: String,
}
