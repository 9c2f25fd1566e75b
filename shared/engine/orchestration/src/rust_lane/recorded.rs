//! Reads the progress of the Rust lane's sagas from their records.

use std::sync::Arc;

use async_trait::async_trait;
use messaging::{Key, LoadError, LoadMany, Record};
use uuid::Uuid;

use crate::sagas::in_order;
use crate::{ProgressState, Registry, SagaInstance, SagaProgress, Sagas};

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
    // Without its definition an instance shows what it did, but not what it will do.
    let definition = registry
        .started_with(&instance.saga, instance.definition_version, instance.fingerprint)
        .map(|saga| saga.definition())
        .ok();
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
