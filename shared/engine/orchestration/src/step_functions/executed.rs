//! Reads the progress of the Step Functions lane's sagas from their executions' histories.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::try_join_all;
use messaging::LoadError;
use uuid::Uuid;

use super::history;
use crate::sagas::in_order;
use crate::{Executions, Registry, SagaProgress, Sagas};

/// The Step Functions lane's sagas, as their executions' histories tell of them.
pub struct ExecutedSagas {
    /// The definitions.
    pub registry: Registry,
    /// The executions.
    pub executions: Arc<dyn Executions>,
}

impl ExecutedSagas {
    /// An identity does not tell the saga's name, so each state machine is asked for an execution of this identity.
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
