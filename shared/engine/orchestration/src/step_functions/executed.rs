//! Reads the progress of the Step Functions lane's sagas from their executions' histories.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::join_all;
use messaging::LoadError;
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
        in_time(self.find(saga)).await.unwrap_or_else(|error| {
            log_unknown(saga, &error);
            Some(SagaProgress::unknown())
        })
    }

    /// An identity does not tell the saga's name, so each state machine is asked for an execution of this identity. A
    /// history that cannot be read counts only if no other machine has the execution.
    async fn find(&self, saga: &Uuid) -> Result<Option<SagaProgress>, LoadError> {
        let mut unread = None;
        for definition in self.registry.definitions() {
            let history = match self.executions.history(&definition.machine_name(), &saga.to_string()).await {
                Ok(history) => history,
                Err(error) => {
                    unread = Some(error);
                    continue;
                }
            };
            let Some(History { events, cut_off }) = history else { continue };
            let Some(progress) = history::progress(definition, &events) else { continue };
            let Some(error) = cut_off else { return Ok(Some(progress)) };
            log_unknown(saga, &error);
            return Ok(Some(progress.cut_off()));
        }
        unread.map_or(Ok(None), Err)
    }
}

#[async_trait]
impl Sagas for ExecutedSagas {
    async fn progress(&self, sagas: &[Uuid]) -> Vec<SagaProgress> {
        in_order(join_all(sagas.iter().map(|saga| self.read(saga))).await.into_iter().flatten().collect())
    }
}
