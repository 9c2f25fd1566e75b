//! How far a saga has come, the same from either lane.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::try_join_all;
use saga::{CommandSpec, Position};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Entry, Executions, Key, LoadError, LoadMany, Record, Registry, SagaInstance, history};

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
    /// Those of these sagas that have begun, in the order in which they did.
    async fn progress(&self, sagas: &[Uuid]) -> Result<Vec<SagaProgress>, LoadError>;
}

/// The Rust lane's sagas, as its orchestrator stores them.
pub struct RecordedSagas {
    /// The definitions.
    pub registry: Registry,
    /// The instances.
    pub instances: Arc<dyn LoadMany>,
}

#[async_trait]
impl Sagas for RecordedSagas {
    async fn progress(&self, sagas: &[Uuid]) -> Result<Vec<SagaProgress>, LoadError> {
        let keys: Vec<Key> = sagas.iter().map(ToString::to_string).collect();
        let records = self.instances.load_many(&keys).await?;
        let instances = records.iter().map(Record::aggregate::<SagaInstance>).collect::<Result<Vec<_>, _>>();
        let instances = instances.map_err(|error| LoadError::Unreadable(error.to_string()))?;
        Ok(in_order(instances.iter().map(|instance| recorded(&self.registry, instance)).collect()))
    }
}

/// What the Rust lane's record says.
pub fn recorded(registry: &Registry, instance: &SagaInstance) -> SagaProgress {
    let position = instance.state.position;
    // An instance of a definition that is not known here shows what it did, if not what it will do.
    let definition = registry.of(instance).map(|saga| saga.definition()).ok();
    let is_stuck = definition.is_some_and(|definition| definition.is_stuck(position, instance.state.repeats));
    SagaProgress {
        saga: instance.saga.clone(),
        version: instance.definition_version,
        state: if is_stuck { ProgressState::Stuck } else { position.into() },
        entries: instance.entries.clone(),
        remaining: definition.map(|definition| definition.remaining(position)).unwrap_or_default(),
        started_at: instance.started_at,
        ended_at: instance.ended_at,
    }
}

/// The Step Functions lane's sagas, as their executions' histories tell of them.
pub struct ExecutedSagas {
    /// The definitions.
    pub registry: Registry,
    /// The executions.
    pub executions: Arc<dyn Executions>,
}

impl ExecutedSagas {
    /// An identity does not say which saga it is one of, so each machine is asked until one knows it.
    async fn find(&self, saga: &Uuid) -> Result<Option<SagaProgress>, LoadError> {
        for definition in self.registry.definitions() {
            let events = self.executions.history(&definition.machine_name(), &saga.to_string()).await?;
            if let Some(progress) = events.and_then(|events| history::progress(definition, &events)) {
                return Ok(Some(progress));
            }
        }
        Ok(None)
    }
}

#[async_trait]
impl Sagas for ExecutedSagas {
    async fn progress(&self, sagas: &[Uuid]) -> Result<Vec<SagaProgress>, LoadError> {
        let found = try_join_all(sagas.iter().map(|saga| self.find(saga))).await?;
        Ok(in_order(found.into_iter().flatten().collect()))
    }
}

fn in_order(mut sagas: Vec<SagaProgress>) -> Vec<SagaProgress> {
    sagas.sort_by_key(|saga| saga.started_at);
    sagas
}
