//! Messages leave over SQS and SNS.

mod topic;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sqs::types::MessageAttributeValue;
use messaging::{Address, Envelope, Failure, LONGEST_DELAY, Outbound, OutgoingEvent, SendError};

use self::topic::Topic;
use crate::errors::{code, describe};
use crate::text::{is_storable, storable};

/// The longest reason. A reason is for a person, and must not crowd out the message that it belongs to.
const REASON_BYTES: usize = 1024;

/// An [`Outbound`] of which a function names the parts that it uses.
#[derive(Debug, Clone)]
pub struct AwsOutbound {
    sqs: aws_sdk_sqs::Client,
    dead_letters: String,
    handlers: BTreeMap<String, String>,
    own_queue: Option<String>,
    topic: Option<Topic>,
}

impl AwsOutbound {
    /// Sends to return addresses, and sets aside to the queue with this URL.
    pub fn new(sqs: aws_sdk_sqs::Client, dead_letter_queue_url: impl Into<String>) -> Self {
        let dead_letters = dead_letter_queue_url.into();
        Self { sqs, dead_letters, handlers: BTreeMap::new(), own_queue: None, topic: None }
    }

    /// Also sends to the function `handler`, which consumes the queue with this URL.
    #[must_use]
    pub fn with_handler(mut self, handler: impl Into<String>, queue_url: impl Into<String>) -> Self {
        self.handlers.insert(handler.into(), queue_url.into());
        self
    }

    /// Also sends to itself, over the queue with this URL.
    #[must_use]
    pub fn with_own_queue(mut self, queue_url: impl Into<String>) -> Self {
        self.own_queue = Some(queue_url.into());
        self
    }

    /// Also publishes, to this topic.
    #[must_use]
    pub fn with_topic(mut self, sns: aws_sdk_sns::Client, topic_arn: impl Into<String>) -> Self {
        self.topic = Some(Topic::new(sns, topic_arn.into()));
        self
    }

    fn queue_url<'a>(&'a self, to: &'a Address) -> Result<&'a str, SendError> {
        let unknown = |name: &str| SendError::UnknownAddress(name.to_owned());
        match to {
            Address::Queue(url) => Ok(url),
            Address::Handler(name) => self.handlers.get(name).map(String::as_str).ok_or_else(|| unknown(name)),
            Address::Myself => self.own_queue.as_deref().ok_or_else(|| unknown("the function's own queue")),
        }
    }
}

#[async_trait]
impl Outbound for AwsOutbound {
    async fn send(&self, to: &Address, message: &Envelope, delay: Duration) -> Result<(), Failure> {
        let url = self.queue_url(to)?;
        let body = message.to_json()?;
        let request = self.sqs.send_message().queue_url(url).message_body(storable(&body));
        let request = request.set_delay_seconds(delay_seconds(delay));
        request.send().await.map_err(|error| match code(&error) {
            "QueueDoesNotExist" | "AWS.SimpleQueueService.NonExistentQueue" | "InvalidAddress" => {
                SendError::UnknownAddress(url.to_owned()).into()
            }
            "InvalidMessageContents" | "InvalidParameterValue" => Failure::set_aside(describe("SendMessage", &error)),
            _ => Failure::retry(describe("SendMessage", &error)),
        })?;
        Ok(())
    }

    async fn publish(&self, events: &[OutgoingEvent<'_>]) -> Vec<Result<(), SendError>> {
        match &self.topic {
            Some(topic) => topic.publish(events).await,
            None => events.iter().map(|event| Err(nowhere(event))).collect(),
        }
    }

    async fn set_aside(&self, body: &str, reason: &str) -> Result<(), SendError> {
        let attribute = MessageAttributeValue::builder().data_type("String").string_value(short_reason(reason)).build();
        let attribute = attribute.map_err(|error| SendError::Transient(error.to_string()))?;
        let request = self
            .sqs
            .send_message()
            .queue_url(&self.dead_letters)
            .message_body(if body.is_empty() { Cow::Borrowed("\"\"") } else { storable(body) })
            .message_attributes("reason", attribute);
        // Whatever the error is, the message stays on its queue, and the queue's redrive policy will move it.
        request.send().await.map_err(|error| SendError::Transient(describe("SendMessage", &error)))?;
        Ok(())
    }
}

fn nowhere(event: &OutgoingEvent<'_>) -> SendError {
    SendError::UnknownAddress(format!("events of type {}", event.type_name))
}

/// A delay as SQS takes it; a message without a delay gets the delay of its queue.
fn delay_seconds(delay: Duration) -> Option<i32> {
    i32::try_from(delay.min(LONGEST_DELAY).as_secs()).ok().filter(|seconds| *seconds > 0)
}

/// A reason as an attribute can hold it: not empty, not long, without characters that SQS refuses.
fn short_reason(reason: &str) -> String {
    let mut short: String =
        reason.chars().map(|character| if is_storable(character) { character } else { ' ' }).collect();
    short.truncate(short.floor_char_boundary(REASON_BYTES));
    if short.trim().is_empty() { "no reason given".to_owned() } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_at_most_what_sqs_takes() {
        let seconds = [0, 1, 900, 901, u64::MAX].map(|seconds| delay_seconds(Duration::from_secs(seconds)));
        assert_eq!(seconds, [None, Some(1), Some(900), Some(900), Some(900)]);
    }

    #[test]
    fn a_reason_is_short_and_storable() {
        assert_eq!(short_reason("bad \u{1b}[31m thing"), "bad  [31m thing");
        assert_eq!(short_reason(" \u{0}"), "no reason given");
        assert_eq!(short_reason(&"é".repeat(512)), "é".repeat(512));
        assert_eq!(short_reason(&"é".repeat(513)), "é".repeat(512));
        assert_eq!(short_reason(&format!("a{}", "é".repeat(512))), format!("a{}", "é".repeat(511)));
    }
}
