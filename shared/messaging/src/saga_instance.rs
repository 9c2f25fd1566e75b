//! One run of a saga: where it stands, and what was done and undone so far.

use std::collections::BTreeMap;

use contracts::Payload;
use saga::{CommandSpec, Definition, Outcome, Reaction, State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{Aggregate, fingerprint};

/// How long a finished saga is kept for those who ask about it.
const KEPT_FOR: Duration = Duration::days(30);

/// One run of a saga.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SagaInstance {
    /// The saga's name.
    pub saga: String,
    /// The version of the definition it started with, and finishes on.
    pub definition_version: u32,
    /// Over that definition; absent from instances that are older than it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Uuid>,
    /// The event that started it: all that its commands are worded from. Forgotten once the saga is over, as it may
    /// hold what is nobody's business any more, such as a card's token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Payload>,
    /// Where the machine stands.
    pub state: State,
    /// The number of the watchdog's latest arming.
    pub watchdog: u32,
    /// The arming whose watchdog armed the latest one; 0 when a message other than a watchdog did.
    #[serde(default)]
    pub armed_by: u32,
    /// When silence begins; meaningless once the saga is over.
    #[serde(with = "time::serde::rfc3339")]
    pub deadline: OffsetDateTime,
    /// When it started.
    #[serde(with = "time::serde::rfc3339")]
    pub started_at: OffsetDateTime,
    /// When it was over.
    #[serde(with = "time::serde::rfc3339::option", default)]
    pub ended_at: Option<OffsetDateTime>,
    /// The commands sent so far, in order: at most two per step and one.
    pub entries: Vec<Entry>,
}

/// One command and its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The function that handles it.
    pub handler: String,
    /// The service that owns the function.
    pub participant: String,
    /// Its outcome.
    pub state: EntryState,
    /// Why it was refused; empty otherwise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// How often it was repeated because no reply came.
    pub repeats: u32,
    /// When it was first sent.
    #[serde(with = "time::serde::rfc3339")]
    pub sent_at: OffsetDateTime,
    /// When its outcome was known.
    #[serde(with = "time::serde::rfc3339::option", default)]
    pub ended_at: Option<OffsetDateTime>,
}

/// The outcome of one command, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// Its reply is awaited.
    Sent,
    /// It took effect.
    Succeeded,
    /// A business rule forbade it.
    Refused,
    /// It stayed silent to the end.
    Unknown,
}

impl EntryState {
    /// What became of the command, or `None` while its reply is awaited.
    pub fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Sent => None,
            Self::Succeeded => Some(Outcome::Succeeded),
            Self::Refused => Some(Outcome::Refused),
            Self::Unknown => Some(Outcome::Unknown),
        }
    }
}

impl SagaInstance {
    /// A run that has just started.
    pub(crate) fn start(definition: &Definition, data: Payload, reaction: &Reaction, now: OffsetDateTime) -> Self {
        let mut instance = Self {
            saga: definition.name.to_owned(),
            definition_version: definition.version,
            fingerprint: Some(fingerprint(definition)),
            data: Some(data),
            state: reaction.state.clone(),
            watchdog: 0,
            armed_by: 0,
            deadline: now,
            started_at: now,
            ended_at: None,
            entries: Vec::new(),
        };
        instance.advance(reaction, now);
        instance
    }

    /// Notes that the awaited command came to `outcome`.
    pub(crate) fn settle(&mut self, outcome: EntryState, reason: &str, now: OffsetDateTime) {
        if let Some(entry) = self.entries.last_mut() {
            entry.state = outcome;
            reason.clone_into(&mut entry.reason);
            entry.ended_at = Some(now);
        }
    }

    /// Takes over the machine's reaction.
    pub(crate) fn advance(&mut self, reaction: &Reaction, now: OffsetDateTime) {
        self.state = reaction.state.clone();
        match reaction.send {
            None => {
                self.ended_at = Some(now);
                self.data = None;
            }
            Some((command, wait)) => {
                self.deadline = now + wait;
                self.note(command, now);
            }
        }
    }

    fn note(&mut self, command: CommandSpec, now: OffsetDateTime) {
        match self.entries.last_mut() {
            Some(entry) if entry.handler == command.handler && entry.state == EntryState::Sent => {
                entry.repeats = self.state.repeats;
            }
            _ => self.entries.push(Entry {
                handler: command.handler.to_owned(),
                participant: command.participant.to_owned(),
                state: EntryState::Sent,
                reason: String::new(),
                repeats: 0,
                sent_at: now,
                ended_at: None,
            }),
        }
    }
}

impl Aggregate for SagaInstance {
    const SCHEMA: u32 = 1;

    fn attributes(&self) -> BTreeMap<&'static str, Value> {
        BTreeMap::from([("saga", Value::from(self.saga.as_str()))])
    }

    fn expires_at(&self) -> Option<OffsetDateTime> {
        self.ended_at.map(|ended_at| ended_at + KEPT_FOR)
    }
}
