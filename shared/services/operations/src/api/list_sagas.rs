//! ListSagas: which sagas are wanted is read from the request here; the lane's catalog finds them.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use buffa::EnumValue;
use buffa_types::google::protobuf::Timestamp;
use connectrpc::Spec;
use contracts::operations_api::v1 as api;
use futures_util::future::try_join;
use messaging::LoadError;
use orchestration::{Catalog, Number, ProgressState, Wanted};
use rpc::{Caller, Faults, Ownership, Query, RpcError, page_size};
use time::OffsetDateTime;

use super::shown;

/// The states that a saga can be in, and be asked for.
const STATES: [ProgressState; 5] = [
    ProgressState::Running,
    ProgressState::Compensating,
    ProgressState::Completed,
    ProgressState::Compensated,
    ProgressState::Stuck,
];

/// Shows the sagas of all orders.
pub struct ListSagas {
    sagas: Arc<dyn Catalog>,
}

impl ListSagas {
    /// Lists the sagas of this catalog.
    pub fn new(sagas: Arc<dyn Catalog>) -> Self {
        Self { sagas }
    }

    async fn counts(&self, wanted: &Wanted, asked_for: bool) -> Result<Vec<api::StateCount>, LoadError> {
        if !asked_for {
            return Ok(Vec::new());
        }
        let counted = self.sagas.count(wanted).await?;
        Ok(STATES.into_iter().map(|state| count(state, &counted)).collect())
    }
}

#[async_trait]
impl Query for ListSagas {
    type Request = api::ListSagasRequest;
    type Response = api::ListSagasResponse;
    const SPEC: Spec = api::SAGA_SERVICE_LIST_SAGAS_SPEC;
    const OWNERSHIP: Ownership =
        Ownership::Everybody("operators watch the sagas of all orders: a saga that is stuck is theirs to mend");

    async fn answer(&self, request: Self::Request, _caller: &Caller) -> Result<Self::Response, RpcError> {
        let wanted = wanted(&request)?;
        let size = page_size(request.page_size)?;
        let token = Some(request.page_token.as_str()).filter(|token| !token.is_empty());
        let (listed, counts) =
            try_join(self.sagas.list(&wanted, size, token), self.counts(&wanted, request.with_counts)).await?;
        Ok(api::ListSagasResponse {
            sagas: listed.sagas.iter().map(shown::summary).collect(),
            next_page_token: listed.next.unwrap_or_default(),
            counts,
            ..Default::default()
        })
    }
}

/// Which sagas a request wants. What is wrong with it is found all at once.
fn wanted(request: &api::ListSagasRequest) -> Result<Wanted, RpcError> {
    let mut faults = Faults::default();
    let states = states(&request.states, &mut faults);
    let started_after = time("started_after", request.started_after.as_option(), &mut faults);
    let started_before = time("started_before", request.started_before.as_option(), &mut faults);
    if started_after.zip(started_before).is_some_and(|(after, before)| after > before) {
        faults.add("started_after", "must not be later than started_before");
    }
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let (saga, step, text) = (given(&request.saga), given(&request.step), given(&request.text));
    faults.or(Some(Wanted { states, saga, step, started_after, started_before, text }))
}

fn states(asked: &[EnumValue<api::SagaState>], faults: &mut Faults) -> Vec<ProgressState> {
    // A list that is too long is not looked through.
    if asked.len() > STATES.len() {
        faults.add("states", format!("must be a list of 0 to {} items", STATES.len()));
        return Vec::new();
    }
    let mut states = Vec::new();
    for (index, asked) in asked.iter().enumerate() {
        let field = format!("states[{index}]");
        match STATES.into_iter().find(|state| asked.as_known() == Some(shown::state(*state))) {
            None => faults.add(
                field,
                "must be SAGA_STATE_RUNNING, SAGA_STATE_COMPENSATING, SAGA_STATE_COMPLETED, SAGA_STATE_COMPENSATED \
                 or SAGA_STATE_STUCK",
            ),
            Some(state) if states.contains(&state) => faults.add(field, "must be another state than those before it"),
            Some(state) => states.push(state),
        }
    }
    states
}

/// A time of the request, to the nanosecond.
fn time(field: &str, given: Option<&Timestamp>, faults: &mut Faults) -> Option<OffsetDateTime> {
    let Timestamp { seconds, nanos, .. } = given?;
    let nanos = i128::from(*seconds) * 1_000_000_000 + i128::from(*nanos);
    let time = OffsetDateTime::from_unix_timestamp_nanos(nanos);
    faults.take(field, time.map_err(|_| "must be a time of the years 1 to 9999"))
}

fn count(state: ProgressState, counted: &BTreeMap<ProgressState, Number>) -> api::StateCount {
    let Number { sagas, at_least } = counted.get(&state).copied().unwrap_or(Number { sagas: 0, at_least: false });
    api::StateCount { state: shown::state(state).into(), sagas, at_least, ..Default::default() }
}

#[cfg(test)]
mod tests;
