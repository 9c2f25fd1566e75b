//! GetSaga: of a saga that can be read in part, that part is shown; one that this version can never read is a failure that a person
//! has to look into, as a repeat would not help.

use std::sync::Arc;

use async_trait::async_trait;
use connectrpc::Spec;
use contracts::Reason;
use contracts::operations_api::v1 as api;
use orchestration::Catalog;
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
        let saga = self.sagas.find(id).await?.ok_or_else(|| no_saga(id))?;
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
