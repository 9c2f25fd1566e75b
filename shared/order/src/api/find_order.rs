//! FindOrder: one order of the caller's, with the sagas that carried it here.

use std::sync::Arc;

use async_trait::async_trait;
use connectrpc::Spec;
use contracts::order_api::v1 as api;
use messaging::{Entry, EntryState, Key, LoadMany, Record, SagaInstance, Store};
use rpc::{Caller, Query, RpcError};
use saga::Position;

use super::{no_order, order_key, wire};
use crate::domain::Order;

/// Shows one order.
pub struct FindOrder {
    orders: Arc<dyn Store>,
    sagas: Arc<dyn LoadMany>,
}

impl FindOrder {
    /// Reads orders and the sagas about them.
    pub fn new(orders: Arc<dyn Store>, sagas: Arc<dyn LoadMany>) -> Self {
        Self { orders, sagas }
    }

    async fn progress(&self, order: &Order) -> Result<Vec<api::SagaProgress>, RpcError> {
        let keys: Vec<Key> = order.sagas.iter().map(ToString::to_string).collect();
        let records = self.sagas.load_many(&keys).await?;
        let mut instances: Vec<SagaInstance> = records.iter().map(Record::aggregate).collect::<Result<_, _>>()?;
        instances.sort_by_key(|instance| instance.started_at);
        Ok(instances.iter().map(progress).collect())
    }
}

#[async_trait]
impl Query for FindOrder {
    type Request = api::FindOrderRequest;
    type Response = api::FindOrderResponse;
    const SPEC: Spec = api::ORDER_SERVICE_FIND_ORDER_SPEC;

    async fn answer(&self, request: Self::Request, caller: &Caller) -> Result<Self::Response, RpcError> {
        let key = order_key(&request.order_id)?;
        let record = self.orders.load(&key).await?.ok_or_else(|| no_order(&key))?;
        let order: Order = record.aggregate()?;
        if order.customer != caller.subject {
            return Err(no_order(&key));
        }
        let sagas = self.progress(&order).await?;
        Ok(api::FindOrderResponse { order: wire::order(&order).into(), sagas, ..Default::default() })
    }
}

fn progress(instance: &SagaInstance) -> api::SagaProgress {
    let state = match instance.state.position {
        Position::Doing(_) => api::SagaState::SAGA_STATE_RUNNING,
        Position::Undoing(_) | Position::UndoingStart => api::SagaState::SAGA_STATE_COMPENSATING,
        Position::Completed => api::SagaState::SAGA_STATE_COMPLETED,
        Position::Compensated => api::SagaState::SAGA_STATE_COMPENSATED,
    };
    api::SagaProgress {
        name: instance.saga.clone(),
        state: state.into(),
        steps: instance.entries.iter().map(step).collect(),
        started_at: wire::timestamp(instance.started_at).into(),
        ..Default::default()
    }
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
        sent_at: wire::timestamp(entry.sent_at).into(),
        ended_at: entry.ended_at.map(wire::timestamp).into(),
        ..Default::default()
    }
}
