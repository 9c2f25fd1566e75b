//! Reads the progress of the Rust lane's sagas from their records.

use std::sync::Arc;

use async_trait::async_trait;
use messaging::{Key, LoadError, LoadMany};
use uuid::Uuid;

use crate::sagas::{in_order, in_time, log_unknown};
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
    async fn progress(&self, sagas: &[Uuid]) -> Vec<SagaProgress> {
        let keys: Vec<Key> = sagas.iter().map(ToString::to_string).collect();
        let records = match in_time(self.instances.load_many(&keys)).await {
            Ok(records) => records,
            Err(error) => {
                log_unknown(&keys, &error);
                return vec![SagaProgress::unknown(); keys.len()];
            }
        };
        let progress = records.iter().map(|record| match record.aggregate::<SagaInstance>() {
            Ok(instance) => recorded(&self.registry, &instance),
            Err(error) => {
                log_unknown(&record.key, &LoadError::Unreadable(error.to_string()));
                SagaProgress::unknown()
            }
        });
        in_order(progress.collect())
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
        id: None,
        subject: String::new(),
        started_by: None,
        starting_event: String::new(),
        deadline: None,
        saga: instance.saga.clone(),
        version: instance.definition_version,
        state: if is_stuck { ProgressState::Stuck } else { position.into() },
        entries: instance.entries.clone(),
        remaining: definition.map(|definition| definition.remaining(position)).unwrap_or_default(),
        started_at: Some(instance.started_at),
        ended_at: instance.ended_at,
    }
}
