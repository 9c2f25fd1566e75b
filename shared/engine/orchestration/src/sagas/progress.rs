//! What either lane tells of its sagas.

use async_trait::async_trait;
use messaging::LoadError;
use saga::{CommandSpec, Position};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::Entry;

/// How far a saga has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SagaProgress {
    /// The saga's name.
    pub saga: String,
    /// The version of its definition.
    pub version: u32,
    /// Where it stands as a whole.
    pub state: ProgressState,
    /// The commands sent so far, in order.
    pub entries: Vec<Entry>,
    /// The commands still to be sent after those, in order, if nothing more goes wrong.
    pub remaining: Vec<CommandSpec>,
    /// When it started.
    pub started_at: OffsetDateTime,
    /// When it was over.
    pub ended_at: Option<OffsetDateTime>,
}

/// Where a saga stands as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// The progress of those of these sagas that have begun, the earliest first.
    async fn progress(&self, sagas: &[Uuid]) -> Result<Vec<SagaProgress>, LoadError>;
}

/// Sorts sagas by when they began.
pub(crate) fn in_order(mut sagas: Vec<SagaProgress>) -> Vec<SagaProgress> {
    sagas.sort_by_key(|saga| saga.started_at);
    sagas
}
