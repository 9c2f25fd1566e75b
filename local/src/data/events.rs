//! The recorded events in `events/<function>/<case>.json`.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::data::lane::Lane;
use crate::stack::deployment::Stack;

/// A recorded event, with placeholders for the parts that differ from run to run.
#[derive(Clone, Debug)]
pub struct Event {
    text: String,
    recorded: Value,
}

impl Event {
    /// Reads the event in `file`.
    ///
    /// # Errors
    /// When there is no such file or it is not JSON.
    pub fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::parse(text).with_context(|| format!("{} is not JSON", file.display()))
    }

    fn parse(text: String) -> Result<Self> {
        let recorded = serde_json::from_str(&text)?;
        Ok(Self { text, recorded })
    }

    /// The event as it was recorded, placeholders included.
    #[must_use]
    pub fn recorded(&self) -> &Value {
        &self.recorded
    }

    /// Subject and permissions of the caller whom API Gateway's authorizer let in; `None` when the event has no caller, as in
    /// events of queues and streams.
    fn caller(&self) -> Option<(&str, Vec<&str>)> {
        let claims = &self.recorded["requestContext"]["authorizer"]["jwt"]["claims"];
        // API Gateway hands lists over as "[a b]".
        let permissions = claims["permissions"].as_str().unwrap_or_default().trim_matches(['[', ']']);
        Some((claims["sub"].as_str()?, permissions.split_whitespace().collect()))
    }

    /// The event as it is sent: a fresh token of its caller, which `sign` makes from subject and permissions, and the queue of
    /// `stack` that takes the replies in `lane` stand in place of the placeholders.
    ///
    /// # Errors
    /// When the token cannot be signed or the stack has no such queue.
    pub fn filled(
        &self,
        sign: impl FnOnce(&str, &[&str]) -> Result<String>,
        lane: Lane,
        stack: &Stack,
    ) -> Result<String> {
        let token = match self.caller() {
            Some((subject, permissions)) => sign(subject, &permissions)?,
            None => String::new(),
        };
        let reply_queue = stack.resource(lane.reply_queue())?;
        Ok(self.text.replace("${TOKEN}", &token).replace("${REPLY_QUEUE_URL}", reply_queue))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_recorded_event_becomes_one_to_send() {
        let claims = json!({"sub": "auth0|anna", "permissions": "[create:orders read:orders]"});
        let event = json!({
            "headers": {"authorization": "Bearer ${TOKEN}"},
            "requestContext": {"authorizer": {"jwt": {"claims": claims}}},
            "body": "{\"replyTo\":\"${REPLY_QUEUE_URL}\"}",
        });
        let event = Event::parse(event.to_string()).unwrap();
        let sign = |subject: &str, permissions: &[&str]| {
            assert_eq!(subject, "auth0|anna");
            assert_eq!(permissions, ["create:orders", "read:orders"]);
            Ok("abc".to_owned())
        };
        let mut stack = Stack::default();
        assert!(event.filled(sign, Lane::Rust, &stack).is_err(), "without the queue nothing can be sent");
        stack.resources.insert("SagaQueue".to_owned(), "http://127.0.0.1:1/q".to_owned());
        let sent: Value = serde_json::from_str(&event.filled(sign, Lane::Rust, &stack).unwrap()).unwrap();
        assert_eq!(sent["headers"]["authorization"], "Bearer abc");
        assert_eq!(sent["body"], "{\"replyTo\":\"http://127.0.0.1:1/q\"}");
        assert!(event.filled(sign, Lane::StepFunctions, &stack).is_err(), "the other lane has another queue");
    }

    #[test]
    fn nobody_calls_a_queue() {
        assert_eq!(Event::parse(json!({"Records": []}).to_string()).unwrap().caller(), None);
        assert!(Event::parse("{".to_owned()).is_err());
    }
}
