//! One run of a saga: where it stands, and what was done and undone so far.

use std::collections::BTreeMap;

use messaging::{Aggregate, Envelope, Table, TableIndex, sortable_time};
use saga::{CommandSpec, Definition, Reaction, State};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use wire::Payload;

use crate::{Entry, EntryState, ProgressState, fingerprint};

/// How long a finished saga is kept for those who ask about it.
const KEPT_FOR: Duration = Duration::days(30);

/// One run of a saga.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SagaInstance {
    /// The saga's name.
    pub saga: String,
    /// The version of the definition it started with, and finishes on.
    pub definition_version: u32,
    /// Fingerprint of that definition. Instances written before this field existed have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Uuid>,
    /// The event that started it: all that its commands are worded from. A secret in it, such as a card's token, is
    /// forgotten as soon as no command needs it, and all of it once the saga is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Payload>,
    /// What it is about, as [`Registry::about`](crate::Registry::about) says it. Instances written before this field existed have none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// The identity of the event that started it. Instances written before this field existed have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_by: Option<Uuid>,
    /// Whether a person should look, because the awaited command can never be given up and was repeated often.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stuck: bool,
    /// Where the machine stands.
    pub state: State,
    /// Number of the current watchdog; a watchdog with another number is out of date.
    pub watchdog: u32,
    /// Number of the watchdog that set the current one, or 0 if an event or reply set it.
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
    /// The commands sent so far, in order: at most two for each step, and the undo of the start.
    pub entries: Vec<Entry>,
}

impl SagaInstance {
    /// The index of the sagas' table that lists them by their [`ProgressState`], the latest to start first. It has keys and
    /// nothing else, so that it is written only when the state changes, and holds no secret.
    pub const BY_STATE: TableIndex = Table::new("sagas").index("by-state", "progress", "created_at");

    /// Where it stands as a whole.
    pub fn progress(&self) -> ProgressState {
        if self.stuck { ProgressState::Stuck } else { self.state.position.into() }
    }

    /// A run that this event has just started.
    pub(crate) fn start(
        definition: &Definition,
        event: &Envelope,
        subject: String,
        reaction: &Reaction,
        now: OffsetDateTime,
    ) -> Self {
        let mut instance = Self {
            saga: definition.name.to_owned(),
            definition_version: definition.version,
            fingerprint: Some(fingerprint(definition)),
            data: Some(event.payload.clone()),
            subject,
            started_by: Some(event.message_id),
            stuck: false,
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

    /// Notes the outcome of the awaited command.
    pub(crate) fn settle(&mut self, outcome: EntryState, reason: &str, now: OffsetDateTime) {
        if let Some(entry) = self.entries.last_mut() {
            entry.settle(outcome, reason, now);
        }
    }

    /// Takes over the machine's reaction.
    pub(crate) fn advance(&mut self, reaction: &Reaction, now: OffsetDateTime) {
        self.state = reaction.state.clone();
        self.stuck = reaction.alarm;
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
                entry.repeat(self.state.repeats, now);
            }
            _ => self.entries.push(Entry::sent(command, now)),
        }
    }
}

impl Aggregate for SagaInstance {
    const SCHEMA: u32 = 1;

    fn attributes(&self) -> BTreeMap<&'static str, Value> {
        BTreeMap::from([
            ("saga", Value::from(self.saga.as_str())),
            (Self::BY_STATE.partition, Value::from(self.progress().name())),
            (Self::BY_STATE.sort, Value::from(sortable_time(self.started_at))),
        ])
    }

    fn expires_at(&self) -> Option<OffsetDateTime> {
        self.ended_at.map(|ended_at| ended_at + KEPT_FOR)
    }
}
