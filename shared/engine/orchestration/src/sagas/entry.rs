//! What was done and undone so far, command by command.

use saga::{CommandSpec, Outcome};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

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
    /// When it was repeated, of late: at most [`Entry::REPEATS_NOTED`] times.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "times")]
    pub repeated_at: Vec<OffsetDateTime>,
    /// When its outcome was known.
    #[serde(with = "time::serde::rfc3339::option", default)]
    pub ended_at: Option<OffsetDateTime>,
}

impl Entry {
    /// Of how many repeats the times are kept, the latest.
    pub const REPEATS_NOTED: usize = 15;

    /// A command that has just been sent for the first time.
    pub(crate) fn sent(command: CommandSpec, at: OffsetDateTime) -> Self {
        Self {
            handler: command.handler.to_owned(),
            participant: command.participant.to_owned(),
            state: EntryState::Sent,
            reason: String::new(),
            repeats: 0,
            sent_at: at,
            repeated_at: Vec::new(),
            ended_at: None,
        }
    }

    /// Notes that the command was repeated, for the time of this number.
    pub(crate) fn repeat(&mut self, repeats: u32, at: OffsetDateTime) {
        self.repeats = repeats;
        self.repeated_at.push(at);
        let excess = self.repeated_at.len().saturating_sub(Self::REPEATS_NOTED);
        self.repeated_at.drain(..excess);
    }

    /// Notes the command's outcome.
    pub(crate) fn settle(&mut self, outcome: EntryState, reason: &str, at: OffsetDateTime) {
        self.state = outcome;
        reason.clone_into(&mut self.reason);
        self.ended_at = Some(at);
    }
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
    /// No reply came before the command was given up.
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

/// Times as RFC 3339 writes them.
mod times {
    use serde::ser::SerializeSeq;
    use serde::{Deserialize, Deserializer, Serializer};
    use time::OffsetDateTime;

    #[derive(Deserialize)]
    struct At(#[serde(with = "time::serde::rfc3339")] OffsetDateTime);

    #[derive(serde::Serialize)]
    struct Told<'a>(#[serde(with = "time::serde::rfc3339")] &'a OffsetDateTime);

    pub(super) fn serialize<S: Serializer>(times: &[OffsetDateTime], to: S) -> Result<S::Ok, S::Error> {
        let mut told = to.serialize_seq(Some(times.len()))?;
        times.iter().try_for_each(|time| told.serialize_element(&Told(time)))?;
        told.end()
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<OffsetDateTime>, D::Error> {
        Ok(Vec::<At>::deserialize(from)?.into_iter().map(|At(at)| at).collect())
    }
}
