//! Reads the progress of the Step Functions lane's sagas from their executions' histories.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::join_all;
use messaging::LoadError;
use saga::Definition;
use uuid::Uuid;

use super::history;
use crate::sagas::{in_order, in_time, log_unknown};
use crate::{Executions, History, Registry, SagaProgress, Sagas};

/// The Step Functions lane's sagas, as their executions' histories tell of them.
pub struct ExecutedSagas {
    /// The definitions.
    pub registry: Registry,
    /// The executions.
    pub executions: Arc<dyn Executions>,
}

impl ExecutedSagas {
    async fn read(&self, saga: &Uuid) -> Option<SagaProgress> {
        in_time(self.execution_of(*saga)).await.map(|found| found.map(|(_, progress)| progress)).unwrap_or_else(
            |error| {
                log_unknown(saga, &error);
                Some(SagaProgress::unknown(Some(*saga)))
            },
        )
    }

    /// An identity does not tell the saga's name, so each state machine is asked for an execution of this identity. A
    /// history that cannot be read counts only if no other machine has the execution; one that may be read later counts before
    /// one that may not.
    pub(super) async fn execution_of(&self, saga: Uuid) -> Result<Option<(&Definition, SagaProgress)>, LoadError> {
        let mut unread = None;
        for definition in self.registry.definitions() {
            match self.execution(definition, saga).await {
                Ok(None) => {}
                Ok(Some(progress)) => return Ok(Some((definition, progress))),
                Err(_) if matches!(unread, Some(LoadError::Transient(_))) => {}
                Err(error) => unread = Some(error),
            }
        }
        unread.map_or(Ok(None), Err)
    }

    /// The progress of the execution that this definition's state machine has of the saga. A history that cannot be read to
    /// its end is told as far as it was read.
    pub(super) async fn execution(
        &self,
        definition: &Definition,
        saga: Uuid,
    ) -> Result<Option<SagaProgress>, LoadError> {
        let history = self.executions.history(&definition.machine_name(), &saga.to_string()).await?;
        let Some(History { events, cut_off }) = history else { return Ok(None) };
        let Some(progress) = history::progress(definition, &events) else { return Ok(None) };
        let event = self.registry.find(definition.name, definition.version).map(|saga| saga.event().to_owned());
        let progress = SagaProgress { id: Some(saga), starting_event: event.unwrap_or_default(), ..progress };
        let Some(error) = cut_off else { return Ok(Some(progress)) };
        log_unknown(&saga, &error);
        Ok(Some(progress.cut_off()))
    }
}

#[async_trait]
impl Sagas for ExecutedSagas {
    async fn progress(&self, sagas: &[Uuid]) -> Vec<SagaProgress> {
        in_order(join_all(sagas.iter().map(|saga| self.read(saga))).await.into_iter().flatten().collect())
    }
}
