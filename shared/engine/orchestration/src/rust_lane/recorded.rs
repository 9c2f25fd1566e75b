//! Reads the progress of the Rust lane's sagas from their records.

use std::sync::Arc;

use async_trait::async_trait;
use messaging::{Key, LoadError, LoadMany, Record};
use uuid::Uuid;

use crate::sagas::{AnySaga, in_order, in_time, log_unknown};
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
                return sagas.iter().map(|saga| SagaProgress::unknown(Some(*saga))).collect();
            }
        };
        in_order(records.iter().map(|record| self.told(record)).collect())
    }
}

impl RecordedSagas {
    /// What this record says of its saga. Only the state of a record that cannot be read is not known, which is logged.
    pub(super) fn told(&self, record: &Record) -> SagaProgress {
        self.read(record).unwrap_or_else(|error| {
            log_unknown(&record.key, &error);
            SagaProgress::unknown(Uuid::parse_str(&record.key).ok())
        })
    }

    /// What this record says of its saga.
    ///
    /// # Errors
    /// [`LoadError::Unreadable`] for a record that this version cannot read, such as one of a newer schema.
    pub(super) fn read(&self, record: &Record) -> Result<SagaProgress, LoadError> {
        let unreadable = |error| LoadError::Unreadable(format!("the saga {}: {error}", record.key));
        let instance = record.aggregate().map_err(unreadable)?;
        Ok(SagaProgress { id: Uuid::parse_str(&record.key).ok(), ..recorded(&self.registry, &instance) })
    }
}

/// What the Rust lane's record says, but for the saga's identity: that is the record's key.
pub fn recorded(registry: &Registry, instance: &SagaInstance) -> SagaProgress {
    let position = instance.state.position;
    // Without its definition an instance shows what it did, but not what it will do.
    let saga = registry.started_with(&instance.saga, instance.definition_version, instance.fingerprint).ok();
    let definition = saga.map(AnySaga::definition);
    // Instances of before do not note that they are stuck.
    let is_stuck = definition.is_some_and(|definition| definition.is_stuck(position, instance.state.repeats));
    SagaProgress {
        id: None,
        subject: instance.subject.clone(),
        started_by: instance.started_by,
        starting_event: saga.map(|saga| saga.event().to_owned()).unwrap_or_default(),
        deadline: (!instance.state.is_over()).then_some(instance.deadline),
        saga: instance.saga.clone(),
        version: instance.definition_version,
        state: if is_stuck { ProgressState::Stuck } else { instance.progress() },
        entries: instance.entries.clone(),
        remaining: definition.map(|definition| definition.remaining(position)).unwrap_or_default(),
        started_at: Some(instance.started_at),
        ended_at: instance.ended_at,
    }
}
