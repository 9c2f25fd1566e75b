//! FindOrder: one order of the caller's, with the sagas that carried it here. A saga that cannot be read now is shown as
//! unknown: the order is answered all the same.

use std::sync::Arc;

use async_trait::async_trait;
use connectrpc::Spec;
use contracts::order_api::v1 as api;
use messaging::Store;
use orchestration::{Entry, EntryState, ProgressState, SagaProgress, Sagas};
use rpc::{Caller, Ownership, Query, RpcError};
use saga::CommandSpec;

use super::{no_order, parse_order_id, shown};
use crate::domain::Order;

/// Shows one order.
pub struct FindOrder {
    orders: Arc<dyn Store>,
    sagas: Arc<dyn Sagas>,
}

impl FindOrder {
    /// Reads orders and the sagas about them.
    pub fn new(orders: Arc<dyn Store>, sagas: Arc<dyn Sagas>) -> Self {
        Self { orders, sagas }
    }
}

#[async_trait]
impl Query for FindOrder {
    type Request = api::FindOrderRequest;
    type Response = api::FindOrderResponse;
    const SPEC: Spec = api::ORDER_SERVICE_FIND_ORDER_SPEC;
    const OWNERSHIP: Ownership = Ownership::Caller;

    async fn answer(&self, request: Self::Request, caller: &Caller) -> Result<Self::Response, RpcError> {
        let key = parse_order_id(&request.order_id)?.to_string();
        let record = self.orders.load(&key).await?.ok_or_else(|| no_order(&key))?;
        let order: Order = record.aggregate()?;
        if order.customer != caller.subject {
            return Err(no_order(&key));
        }
        let sagas = self.sagas.progress(&order.sagas).await.iter().map(progress).collect();
        Ok(api::FindOrderResponse { order: shown::order(&order).into(), sagas, ..Default::default() })
    }
}

fn progress(saga: &SagaProgress) -> api::SagaProgress {
    let state = match saga.state {
        ProgressState::Running => api::SagaState::SAGA_STATE_RUNNING,
        ProgressState::Compensating => api::SagaState::SAGA_STATE_COMPENSATING,
        ProgressState::Completed => api::SagaState::SAGA_STATE_COMPLETED,
        ProgressState::Compensated => api::SagaState::SAGA_STATE_COMPENSATED,
        ProgressState::Stuck => api::SagaState::SAGA_STATE_STUCK,
        ProgressState::Unknown => api::SagaState::SAGA_STATE_UNKNOWN,
    };
    api::SagaProgress {
        name: saga.saga.clone(),
        version: saga.version,
        state: state.into(),
        steps: saga.entries.iter().map(step).collect(),
        remaining: saga.remaining.iter().map(remaining).collect(),
        started_at: saga.started_at.map(shown::timestamp).into(),
        ended_at: saga.ended_at.map(shown::timestamp).into(),
        ..Default::default()
    }
}

fn remaining(command: &CommandSpec) -> api::RemainingStep {
    let (name, service) = (command.handler.to_owned(), command.participant.to_owned());
    api::RemainingStep { name, service, ..Default::default() }
}

fn step(entry: &Entry) -> api::SagaStep {
    let state = match entry.state {
        EntryState::Sent => api::SagaStepState::SAGA_STEP_STATE_SENT,
        EntryState::Succeeded => api::SagaStepState::SAGA_STEP_STATE_SUCCEEDED,
        EntryState::Refused => api::SagaStepState::SAGA_STEP_STATE_REFUSED,
        EntryState::Unknown => api::SagaStepState::SAGA_STEP_STATE_UNKNOWN,
    };
    api::SagaStep {
        name: entry.handler.clone(),
        service: entry.participant.clone(),
        state: state.into(),
        reason: entry.reason.clone(),
        repeats: entry.repeats,
        sent_at: shown::timestamp(entry.sent_at).into(),
        ended_at: entry.ended_at.map(shown::timestamp).into(),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests;
