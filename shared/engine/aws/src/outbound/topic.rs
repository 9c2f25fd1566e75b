//! Events leave in batches to one topic.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_sns::Client;
use aws_sdk_sns::error::{BuildError, ProvideErrorMetadata};
use aws_sdk_sns::operation::publish_batch::PublishBatchOutput;
use aws_sdk_sns::types::{BatchResultErrorEntry, MessageAttributeValue, PublishBatchRequestEntry};
use futures_util::future::join_all;
use messaging::{OutgoingEvent, SendError};

use crate::errors::{code, describe};
use crate::text::storable;

/// How many events one call takes.
const BATCH: usize = 10;
/// How many bytes the events of one call have together, with their attributes.
const BATCH_BYTES: usize = 256 * 1024;
const ATTRIBUTE: &str = "type";
const TEXT: &str = "String";

/// The pauses before the events that SNS did not take are offered again. The SDK repeats a call that failed, but not a
/// call that failed for some of its events.
const PAUSES: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(100)];

/// A topic, and the client that publishes to it.
#[derive(Debug, Clone)]
pub(super) struct Topic {
    client: Client,
    arn: String,
}

impl Topic {
    pub(super) fn new(client: Client, arn: String) -> Self {
        Self { client, arn }
    }

    /// All batches leave at once: a topic that does not answer costs no more time than one call.
    pub(super) async fn publish(&self, events: &[OutgoingEvent<'_>]) -> Vec<Result<(), SendError>> {
        join_all(batches(events).into_iter().map(|batch| self.publish_batch(batch))).await.concat()
    }

    async fn publish_batch(&self, events: Vec<OutgoingEvent<'_>>) -> Vec<Result<(), SendError>> {
        let mut told = BTreeMap::new();
        let mut pauses = PAUSES.into_iter();
        let mut left: BTreeMap<usize, OutgoingEvent<'_>> = events.into_iter().enumerate().collect();
        loop {
            let answer = self.try_batch(&left).await;
            if left.len() > 1 && matches!(answer, Err(SendError::Rejected(_))) {
                // Alone each of them can leave, or be told that it never will.
                let events: Vec<_> = left.values().copied().collect();
                let (first, second) = events.split_at(events.len() / 2);
                let halves = [first, second].map(|half| Box::pin(self.publish_batch(half.to_vec())));
                told.extend(left.into_keys().zip(join_all(halves).await.concat()));
                return told.into_values().collect();
            }
            for index in left.keys() {
                let outcome = answer.as_ref().map_err(Clone::clone).and_then(|answer| outcome(answer, *index));
                told.insert(*index, outcome);
            }
            left.retain(|index, _| matches!(told.get(index), Some(Err(SendError::Transient(_)))));
            // A call that failed as a whole was repeated by the SDK.
            let pause = if answer.is_ok() && !left.is_empty() { pauses.next() } else { None };
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return told.into_values().collect(),
            }
        }
    }

    /// [`SendError::Rejected`] says that these events can never leave in one call.
    async fn try_batch(&self, events: &BTreeMap<usize, OutgoingEvent<'_>>) -> Result<PublishBatchOutput, SendError> {
        let entries = events.iter().map(|(index, event)| entry(*index, event)).collect::<Result<Vec<_>, _>>();
        let entries = entries.map_err(|error| SendError::Transient(error.to_string()))?;
        let request = self.client.publish_batch().topic_arn(&self.arn);
        let answer = request.set_publish_batch_request_entries(Some(entries)).send().await;
        answer.map_err(|error| match code(&error) {
            "NotFound" | "NotFoundException" => SendError::UnknownAddress(self.arn.clone()),
            // A wrong name of the topic can be repaired.
            code if is_of_the_events(code) && !error.message().unwrap_or_default().contains("TopicArn") => {
                SendError::Rejected(describe("PublishBatch", &error))
            }
            _ => SendError::Transient(describe("PublishBatch", &error)),
        })
    }
}

/// Neighbours share a call for as long as it takes them.
fn batches<'a>(events: &[OutgoingEvent<'a>]) -> Vec<Vec<OutgoingEvent<'a>>> {
    let mut batches: Vec<Vec<_>> = Vec::new();
    let mut bytes = 0;
    for event in events {
        let more = ATTRIBUTE.len() + TEXT.len() + event.type_name.len() + storable(event.body).len();
        match batches.last_mut() {
            Some(batch) if batch.len() < BATCH && bytes + more <= BATCH_BYTES => {
                batch.push(*event);
                bytes += more;
            }
            _ => {
                batches.push(vec![*event]);
                bytes = more;
            }
        }
    }
    batches
}

fn entry(index: usize, event: &OutgoingEvent<'_>) -> Result<PublishBatchRequestEntry, BuildError> {
    let attribute = MessageAttributeValue::builder().data_type(TEXT).string_value(event.type_name).build()?;
    PublishBatchRequestEntry::builder()
        .id(index.to_string())
        .message(storable(event.body))
        .message_attributes(ATTRIBUTE, attribute)
        .build()
}

/// What the answer says of the event at this place.
fn outcome(answer: &PublishBatchOutput, index: usize) -> Result<(), SendError> {
    let id = index.to_string();
    if answer.successful().iter().any(|entry| entry.id() == Some(&id)) {
        return Ok(());
    }
    match answer.failed().iter().find(|entry| entry.id() == id) {
        Some(failed) if is_final(failed) => Err(SendError::Rejected(told(failed))),
        Some(failed) => Err(SendError::Transient(told(failed))),
        None => Err(SendError::Transient("PublishBatch: the answer does not tell of the event".to_owned())),
    }
}

/// Only what SNS finds wrong with the event itself is final; a missing permission can be repaired.
fn is_final(failed: &BatchResultErrorEntry) -> bool {
    failed.sender_fault() && is_of_the_events(failed.code())
}

/// Whether SNS finds something wrong with what it was given.
fn is_of_the_events(code: &str) -> bool {
    ["InvalidParameter", "ParameterValueInvalid", "BatchRequestTooLong"].iter().any(|begin| code.starts_with(begin))
}

fn told(failed: &BatchResultErrorEntry) -> String {
    format!("PublishBatch: {}: {}", failed.code(), failed.message().unwrap_or("no message"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of these bodies go into each call.
    fn split(bodies: &[String]) -> Vec<usize> {
        let events: Vec<_> = bodies.iter().map(|body| OutgoingEvent { type_name: "shop", body }).collect();
        batches(&events).iter().map(Vec::len).collect()
    }

    fn of_lengths(bytes: &[usize]) -> Vec<usize> {
        split(&bytes.iter().map(|bytes| "x".repeat(*bytes)).collect::<Vec<_>>())
    }

    #[test]
    fn a_call_holds_ten_events_and_256_kilobytes_with_their_attributes() {
        assert_eq!(of_lengths(&[]), Vec::<usize>::new());
        assert_eq!(of_lengths(&[1; 10]), [10]);
        assert_eq!(of_lengths(&[1; 11]), [10, 1]);
        // The names "type" and "String" and the type "shop" count for each.
        let half = 128 * 1024 - 14;
        assert_eq!(of_lengths(&[half, half, 0]), [2, 1]);
        assert_eq!(of_lengths(&[half, half + 1]), [1, 1]);
        assert_eq!(of_lengths(&[0, 300 * 1024, 0]), [1, 1, 1]);
        // What is written as an escape takes six bytes.
        assert_eq!(split(&["\u{ffff}".repeat(22_000), "\u{ffff}".repeat(22_000)]), [1, 1]);
    }
}
