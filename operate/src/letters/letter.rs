//! A message that was set aside: what it holds, why it is here, and what may be shown of it.

use std::collections::HashMap;

use aws_sdk_sqs::types::{Message, MessageAttributeValue, MessageSystemAttributeName};
use messaging::{Envelope, OutboxEntry};
use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::speech::count;

/// Says why a function of ours set a message aside, and does not go back with it.
const REASON: &str = "reason";

/// A message on a dead-letter queue.
pub(crate) struct Letter {
    /// SQS's id of the message.
    pub(crate) id: String,
    /// What names the message to SQS while it is hidden.
    pub(crate) receipt: String,
    /// When the message was sent to its first queue.
    pub(crate) sent_at: Option<OffsetDateTime>,
    /// The body as it is.
    pub(crate) body: String,
    /// What the body holds.
    pub(crate) content: Content,
    receives: Option<usize>,
    was_moved: bool,
    attributes: HashMap<String, MessageAttributeValue>,
}

/// What a body holds.
pub(crate) enum Content {
    /// A command, reply or event of ours.
    Message(Box<Envelope>),
    /// An item as it was written, whose outbox the relay could not read.
    Image(Image),
    /// Where in a table's stream the writes stand that Lambda gave up; their data is not here.
    Positions(Positions),
    /// None of these. Why it cannot be read is not told: the error may quote it.
    Unknown,
}

/// The part of an item that the relay reads.
#[derive(Deserialize)]
pub(crate) struct Image {
    /// The item's key.
    pub(crate) key: String,
    /// The events of its last write, or `None` if they cannot be read here either.
    #[serde(skip)]
    pub(crate) outbox: Option<Vec<OutboxEntry>>,
}

#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    outbox: Vec<OutboxEntry>,
}

/// What a record of Lambda's says about a batch of a stream that it gave up.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Positions {
    shard_id: String,
    start_sequence_number: String,
    end_sequence_number: String,
    approximate_arrival_of_first_record: String,
    batch_size: u64,
    stream_arn: String,
}

impl Content {
    fn of(body: &str) -> Self {
        if let Ok(message) = Envelope::parse(body) {
            return Self::Message(Box::new(message));
        }
        let Ok(json) = serde_json::from_str::<Value>(body) else { return Self::Unknown };
        let positions = json.get("DDBStreamBatchInfo").map(Positions::deserialize);
        if let Some(Ok(positions)) = positions
            && positions.are_plain()
        {
            return Self::Positions(positions);
        }
        let item = serde_json::from_value::<serde_dynamo::Item>(json);
        let image = item.ok().and_then(|item| Some((serde_dynamo::from_item::<_, Image>(item.clone()).ok()?, item)));
        image.map_or(Self::Unknown, |(image, item)| {
            let outbox = serde_dynamo::from_item::<_, Written>(item).ok().map(|written| written.outbox);
            Self::Image(Image { outbox, ..image })
        })
    }

    /// What it is, by types and ids alone.
    fn told(&self, body: &str) -> String {
        match self {
            Self::Message(message) => told(message),
            Self::Image(image) => match Uuid::parse_str(&image.key) {
                Ok(order) => format!("an item whose outbox the relay could not read, order {order}"),
                Err(_) => "an item whose outbox the relay could not read".to_owned(),
            },
            Self::Positions(positions) => positions.told(),
            Self::Unknown => format!("{} bytes that are no message of ours", body.len()),
        }
    }
}

fn told(message: &Envelope) -> String {
    let payload = serde_json::to_value(&message.payload).unwrap_or_default();
    let order =
        payload.get("orderId").and_then(serde_json::Value::as_str).and_then(|order| Uuid::parse_str(order).ok());
    let mut told = format!("{}, message {}", message.payload.type_name(), message.message_id);
    let saga = message.correlation.as_ref().map(|correlation| correlation.saga_id);
    for (name, id) in [("saga", saga), ("order", order)] {
        if let Some(id) = id {
            told.push_str(&format!(", {name} {id}"));
        }
    }
    told
}

impl Positions {
    /// Whether what goes into a command is what AWS writes: the message may be another's, and its words would be pasted into a shell.
    fn are_plain(&self) -> bool {
        let Self { shard_id, start_sequence_number, end_sequence_number, stream_arn, .. } = self;
        [shard_id, start_sequence_number, end_sequence_number, stream_arn].into_iter().all(|word| is_plain(word))
    }

    fn told(&self) -> String {
        let Self { batch_size, approximate_arrival_of_first_record, .. } = self;
        format!(
            "where {batch_size} writes from {approximate_arrival_of_first_record} on stand in the stream; not the writes"
        )
    }

    /// The command that shows the writes from the first on, for as long as the stream keeps them: sequence number and key.
    ///
    /// Lambda counts the writes that its filter lets through, and the stream gives all: the last is known by its number.
    pub(crate) fn command(&self) -> String {
        let Self { shard_id, start_sequence_number, end_sequence_number, stream_arn, .. } = self;
        format!(
            "aws dynamodbstreams get-records --output text --query 'Records[].dynamodb.[SequenceNumber,Keys.key.S]' \
             --shard-iterator \"$(aws dynamodbstreams get-shard-iterator --stream-arn {stream_arn} --shard-id {shard_id} \
             --shard-iterator-type AT_SEQUENCE_NUMBER --sequence-number {start_sequence_number} --query ShardIterator \
             --output text)\"   # up to {end_sequence_number}"
        )
    }
}

/// Whether a word means itself to a shell, and is no option to the command that it stands behind.
fn is_plain(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_alphanumeric())
        && word.chars().all(|letter| letter.is_ascii_alphanumeric() || ":/._-".contains(letter))
}

impl Letter {
    /// Reads a message of SQS.
    pub(crate) fn of(message: Message) -> Self {
        let system = message.attributes.unwrap_or_default();
        let milliseconds = system.get(&MessageSystemAttributeName::SentTimestamp).and_then(|time| time.parse().ok());
        let nanoseconds = milliseconds.map(|milliseconds: i64| i128::from(milliseconds) * 1_000_000);
        let receives = system.get(&MessageSystemAttributeName::ApproximateReceiveCount);
        let body = message.body.unwrap_or_default();
        Self {
            id: message.message_id.unwrap_or_default(),
            receipt: message.receipt_handle.unwrap_or_default(),
            sent_at: nanoseconds.and_then(|time| OffsetDateTime::from_unix_timestamp_nanos(time).ok()),
            content: Content::of(&body),
            body,
            receives: receives.and_then(|times| times.parse().ok()),
            was_moved: system.contains_key(&MessageSystemAttributeName::DeadLetterQueueSourceArn),
            attributes: message.message_attributes.unwrap_or_default(),
        }
    }

    /// The attributes that the message was first sent with.
    pub(crate) fn attributes(&self) -> HashMap<String, MessageAttributeValue> {
        let mut attributes = self.attributes.clone();
        attributes.remove(REASON);
        attributes
    }

    /// Why the message is here.
    fn reason(&self) -> String {
        match (self.attributes.get(REASON).and_then(MessageAttributeValue::string_value), &self.content) {
            (Some(reason), _) => reason.to_owned(),
            (None, Content::Positions(_)) => {
                "Lambda gave these writes up: publishing them failed until they were too old".to_owned()
            }
            _ if self.was_moved => {
                let receives = self.receives.map_or("some receives".to_owned(), |times| count(times, "receive"));
                format!("moved here by SQS, after {receives} in all: its handler kept failing, see its log")
            }
            _ => "none is given: SNS could not deliver it, or it was put here by hand".to_owned(),
        }
    }

    /// What an operator is shown: never what a payload holds.
    pub(crate) fn told(&self) -> String {
        let sent = self.sent_at.and_then(|time| time.format(&Rfc3339).ok());
        let received =
            self.receives.map_or("received".to_owned(), |times| format!("received {}", count(times, "time")));
        let lines = [
            ("reason", self.reason()),
            ("holds", self.content.told(&self.body)),
            ("sent", format!("{}, {received}", sent.as_deref().unwrap_or("?"))),
        ];
        let lines = lines.map(|(name, text)| format!("  {name:<7}{}\n", printable(&text)));
        format!("{}\n{}", printable(&self.id), lines.concat())
    }
}

/// The text without what a terminal would obey.
fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

#[cfg(test)]
mod tests;
