//! GetSaga: a saga that is there and cannot be read now is asked for again, and so its caller is told to repeat the call.

use std::sync::Arc;

use async_trait::async_trait;
use connectrpc::Spec;
use contracts::Reason;
use contracts::operations_api::v1 as api;
use orchestration::{Catalog, ProgressState};
use rpc::{Caller, Ownership, Query, RpcError};
use uuid::Uuid;

use super::shown;

/// Shows one saga.
pub struct GetSaga {
    sagas: Arc<dyn Catalog>,
}

impl GetSaga {
    /// Finds sagas in this catalog.
    pub fn new(sagas: Arc<dyn Catalog>) -> Self {
        Self { sagas }
    }
}

#[async_trait]
impl Query for GetSaga {
    type Request = api::GetSagaRequest;
    type Response = api::GetSagaResponse;
    const SPEC: Spec = api::SAGA_SERVICE_GET_SAGA_SPEC;
    const OWNERSHIP: Ownership =
        Ownership::Everybody("an operator answers for every saga, whoever placed the order that it is about");

    async fn answer(&self, request: Self::Request, _caller: &Caller) -> Result<Self::Response, RpcError> {
        let id = parse_saga_id(&request.saga_id)?;
        // Whatever stands in the way may pass: a newer deployment may have written the record, for example.
        let found = self.sagas.find(id).await.map_err(|error| RpcError::Unavailable(error.to_string()))?;
        let saga = found.ok_or_else(|| no_saga(id))?;
        if saga.state == ProgressState::Unknown && saga.entries.is_empty() {
            return Err(RpcError::Unavailable(format!("nothing of the saga {id} can be read")));
        }
        Ok(api::GetSagaResponse { saga: shown::saga(&saga).into(), ..Default::default() })
    }
}

fn parse_saga_id(saga_id: &str) -> Result<Uuid, RpcError> {
    Uuid::parse_str(saga_id).map_err(|_| RpcError::invalid("saga_id", "must be a UUID of 36 characters"))
}

fn no_saga(id: Uuid) -> RpcError {
    let message = format!("there is no saga {id}, or it is forgotten: choose one that ListSagas shows");
    RpcError::refused(Reason::SagaNotFound, message).about("saga_id", id)
}

#[cfg(test)]
mod tests;
