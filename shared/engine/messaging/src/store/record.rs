//! An item as it is stored: an aggregate's state with its version, inbox and outbox.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Address, Failure, Outgoing};

/// An item's key in its table.
pub type Key = String;

/// How many handled messages an item remembers; older repeats are recognised by the aggregate's state.
pub const INBOX_LIMIT: usize = 32;
/// The attribute of an item that a [`Counter`](crate::Counter) changes.
pub const AVAILABLE: &str = "available";
/// The attribute of a counter that is one of several over which a sum is spread: how many they are. A counter without it
/// is the whole sum.
pub const SHARDS: &str = "shards";
/// The names that an aggregate's attributes may not have: a record's own fields, and two of the adapters, `events` with
/// the number of entries in the outbox, and `touched_at` with the moment at which the item was made to be published again.
pub const RESERVED_ATTRIBUTES: [&str; 9] =
    ["key", "version", "schema", "state", "inbox", "outbox", "expires_at", "events", "touched_at"];

/// The attributes of a record, beside the keys, that an [`Index`](crate::Index) has: a record that is found by an index has neither
/// an inbox nor an outbox.
pub const INDEXED_ATTRIBUTES: [&str; 3] = ["version", "schema", "state"];

/// State that one conditional write changes.
pub trait Aggregate: Serialize + DeserializeOwned + Clone + Send + Sync {
    /// The schema version that is written.
    const SCHEMA: u32;

    /// Reads a state of any schema version up to [`Self::SCHEMA`].
    ///
    /// # Errors
    /// This code does not know the version, or the content does not fit it.
    fn read(schema: u32, state: Value) -> Result<Self, RecordError> {
        if schema == Self::SCHEMA { from_value(state) } else { Err(UnknownSchema(schema).into()) }
    }

    /// Attributes beside the state by which items are found or counted.
    fn attributes(&self) -> BTreeMap<&'static str, Value> {
        BTreeMap::new()
    }

    /// Items of the same table that are replaced with this item, whatever they were: what is added to its key, and their
    /// aggregates.
    fn beside(&self) -> Vec<(String, Self)> {
        Vec::new()
    }

    /// When the item may be forgotten.
    fn expires_at(&self) -> Option<OffsetDateTime> {
        None
    }
}

/// Reads a state that has the current schema.
///
/// # Errors
/// Content that does not fit the type.
pub fn from_value<T: DeserializeOwned>(state: Value) -> Result<T, RecordError> {
    serde_json::from_value(state).map_err(|error| RecordError::Malformed(wire::fault(&error)))
}

/// A schema version that this code does not know: a newer deployment wrote the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("unknown schema version {0}")]
pub struct UnknownSchema(pub u32);

/// Why a stored state cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RecordError {
    /// See [`UnknownSchema`].
    #[error(transparent)]
    UnknownSchema(#[from] UnknownSchema),
    /// The content does not fit its schema.
    #[error("malformed state: {0}")]
    Malformed(String),
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        match error {
            // A newer deployment wrote the item: its functions will handle the message.
            RecordError::UnknownSchema(_) => Self::retry(error),
            RecordError::Malformed(_) => Self::set_aside(error),
        }
    }
}

/// A message that was handled, and what was sent for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InboxEntry {
    /// The message's identity.
    pub id: Uuid,
    /// What is sent again when the message comes again.
    pub sent: Vec<Outgoing>,
}

/// What an inbox forgets of the messages that were sent for handled messages, because they need not be sent again. It
/// keeps the identities of what was handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgets {
    /// Nothing: a repeat sends all of them again.
    Nothing,
    /// Those to others. A message to the sender itself, such as a watchdog, may not have left yet and is still needed.
    ToOthers,
    /// All of them.
    Everything,
}

/// An event of the last write, ready to be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxEntry {
    /// The event's identity, derived from key, version and index.
    pub id: Uuid,
    /// The payload's type, by which subscribers filter.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The whole message as ProtoJSON.
    pub body: String,
}

/// An item as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The item's key in its table.
    pub key: Key,
    /// Counted up by every write, from 1.
    pub version: u64,
    /// The schema version of `state`.
    pub schema: u32,
    /// The aggregate.
    pub state: Value,
    /// The latest handled messages, oldest first, at most [`INBOX_LIMIT`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inbox: Vec<InboxEntry>,
    /// The events of the last write.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outbox: Vec<OutboxEntry>,
    /// Seconds since 1970 after which the item may be forgotten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
    /// Attributes beside the state by which items are found or counted.
    #[serde(flatten)]
    pub attributes: BTreeMap<String, Value>,
}

impl Record {
    /// The record of an aggregate with its next version; inbox and outbox are empty.
    ///
    /// # Errors
    /// A state that JSON cannot express.
    pub fn of<A: Aggregate>(key: Key, version: u64, aggregate: &A) -> Result<Self, RecordError> {
        let state = serde_json::to_value(aggregate).map_err(|error| RecordError::Malformed(wire::fault(&error)))?;
        Ok(Self {
            key,
            version,
            schema: A::SCHEMA,
            state,
            inbox: Vec::new(),
            outbox: Vec::new(),
            expires_at: aggregate.expires_at().map(seconds_of),
            attributes: aggregate.attributes().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        })
    }

    /// The aggregate.
    ///
    /// # Errors
    /// A state of an unknown schema version, or a state that does not fit its version.
    pub fn aggregate<A: Aggregate>(&self) -> Result<A, RecordError> {
        A::read(self.schema, self.state.clone())
    }

    /// What was sent for the message with this identity, if it was handled.
    pub fn sent_for(&self, message: Uuid) -> Option<&[Outgoing]> {
        self.inbox.iter().find(|entry| entry.id == message).map(|entry| entry.sent.as_slice())
    }

    /// Forgets messages that need not be sent again.
    pub fn forget(&mut self, forgets: Forgets) {
        let is_kept = |sent: &Outgoing| match forgets {
            Forgets::Nothing => true,
            Forgets::ToOthers => matches!(sent, Outgoing::Message { to: Address::Myself, .. }),
            Forgets::Everything => false,
        };
        self.inbox.iter_mut().for_each(|entry| entry.sent.retain(is_kept));
    }

    /// Remembers a handled message and forgets the oldest beyond the limit.
    pub fn remember(&mut self, entry: InboxEntry) {
        self.inbox.push(entry);
        let excess = self.inbox.len().saturating_sub(INBOX_LIMIT);
        self.inbox.drain(..excess);
    }
}

/// Whole seconds since 1970, as DynamoDB's time to live wants them.
pub fn seconds_of(time: OffsetDateTime) -> i64 {
    time.unix_timestamp()
}

/// A time as text that sorts as the times do: UTC, in milliseconds.
pub fn sortable_time(time: OffsetDateTime) -> String {
    let time = time.to_offset(time::UtcOffset::UTC);
    let (date, clock) = (time.date(), time.time());
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        date.year(),
        u8::from(date.month()),
        date.day(),
        clock.hour(),
        clock.minute(),
        clock.second(),
        clock.millisecond()
    )
}

#[cfg(test)]
mod tests;
