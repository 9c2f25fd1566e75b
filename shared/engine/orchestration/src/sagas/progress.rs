//! What either lane tells of its sagas.

use std::time::Duration;

use async_trait::async_trait;
use messaging::LoadError;
use saga::{CommandSpec, Position};
use time::OffsetDateTime;
use tokio::time::timeout;
use uuid::Uuid;

use crate::Entry;

/// How long a saga's record is awaited. Whoever asks has 10 seconds to answer, and other things to read.
const PATIENCE: Duration = Duration::from_secs(4);

/// How far a saga has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SagaProgress {
    /// Its identity; `None` if it is not known.
    pub id: Option<Uuid>,
    /// What it is about, such as the key of the item whose event started it; empty if it is not known.
    pub subject: String,
    /// The event that started it, if that is known.
    pub started_by: Option<Uuid>,
    /// The type of that event; empty if it is not known.
    pub starting_event: String,
    /// The saga's name; empty if it is not known.
    pub saga: String,
    /// The version of its definition; 0 if it is not known.
    pub version: u32,
    /// Where it stands as a whole.
    pub state: ProgressState,
    /// The commands sent so far, in order.
    pub entries: Vec<Entry>,
    /// The commands still to be sent after those, in order, if nothing more goes wrong.
    pub remaining: Vec<CommandSpec>,
    /// When it started, if that is known.
    pub started_at: Option<OffsetDateTime>,
    /// When it was over.
    pub ended_at: Option<OffsetDateTime>,
    /// When the latest command is repeated or given up unless it is answered before; `None` once the saga is over, or if it
    /// is not known.
    pub deadline: Option<OffsetDateTime>,
}

/// Where a saga stands as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProgressState {
    /// It goes forward.
    Running,
    /// It goes back.
    Compensating,
    /// Every step has succeeded.
    Completed,
    /// Everything has been undone.
    Compensated,
    /// A command that can never be given up stays unanswered: a person should look.
    Stuck,
    /// Its record could not be read, or not to its end: it may have come further, and it may not have begun.
    Unknown,
}

impl ProgressState {
    /// The states that a saga is stored in: all but [`Self::Unknown`].
    pub const STORED: [Self; 5] = [Self::Running, Self::Compensating, Self::Completed, Self::Compensated, Self::Stuck];

    /// The state in lower case, as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Compensating => "compensating",
            Self::Completed => "completed",
            Self::Compensated => "compensated",
            Self::Stuck => "stuck",
            Self::Unknown => "unknown",
        }
    }
}

impl SagaProgress {
    /// The saga of this identity, of which nothing could be read.
    pub(crate) fn unknown(id: Option<Uuid>) -> Self {
        Self {
            id,
            subject: String::new(),
            started_by: None,
            starting_event: String::new(),
            saga: String::new(),
            version: 0,
            state: ProgressState::Unknown,
            entries: Vec::new(),
            remaining: Vec::new(),
            started_at: None,
            ended_at: None,
            deadline: None,
        }
    }

    /// The saga as far as it is known: what follows is not known.
    pub(crate) fn cut_off(self) -> Self {
        Self { state: ProgressState::Unknown, remaining: Vec::new(), ended_at: None, deadline: None, ..self }
    }
}

impl From<Position> for ProgressState {
    fn from(position: Position) -> Self {
        match position {
            Position::Doing(_) => Self::Running,
            Position::Undoing(_) | Position::UndoingStart => Self::Compensating,
            Position::Completed => Self::Completed,
            Position::Compensated => Self::Compensated,
        }
    }
}

/// Tells how far sagas have come.
#[async_trait]
pub trait Sagas: Send + Sync {
    /// The progress of those of these sagas that have begun, the earliest first; then those that cannot be read now,
    /// which is logged.
    async fn progress(&self, sagas: &[Uuid]) -> Vec<SagaProgress>;
}

/// Sorts sagas by when they began, with those last of which that is not known.
pub(crate) fn in_order(mut sagas: Vec<SagaProgress>) -> Vec<SagaProgress> {
    sagas.sort_by_key(|saga| (saga.started_at.is_none(), saga.started_at));
    sagas
}

/// What was read, if it comes in time.
pub(crate) async fn in_time<T>(reading: impl Future<Output = Result<T, LoadError>>) -> Result<T, LoadError> {
    let late = |_| LoadError::Transient(format!("no answer within {} s", PATIENCE.as_secs()));
    timeout(PATIENCE, reading).await.map_err(late)?
}

/// Tells why a saga, or whatever it names, is shown as unknown.
pub(crate) fn log_unknown(saga: &impl std::fmt::Debug, reason: &LoadError) {
    tracing::warn!(?saga, %reason, "a saga is shown as unknown");
}
