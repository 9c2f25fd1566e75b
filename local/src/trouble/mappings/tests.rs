use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::routing::{get, put};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use tokio::sync::mpsc;

use super::*;
use crate::front::serving::{Reserved, Server};

/// A Lambda API with a mapping for the function `s-create-ticket`, another for `s-relay-outbox`, and no other.
pub(crate) struct FakeLambda {
    server: Server,
    /// Whether each change was accepted: the function, and whether it was switched on.
    pub(crate) changes: mpsc::UnboundedReceiver<(String, bool)>,
    states: Arc<Mutex<States>>,
}

struct States {
    off: Vec<String>,
    refusals: usize,
    changes: mpsc::UnboundedSender<(String, bool)>,
}

#[derive(Deserialize)]
struct OfFunction {
    #[serde(rename = "FunctionName")]
    function: String,
}

impl FakeLambda {
    /// With the mappings of `off` switched off.
    pub(crate) fn start(off: &[&str]) -> Self {
        let (sender, changes) = mpsc::unbounded_channel();
        let off = off.iter().map(|&name| name.to_owned()).collect();
        let states = Arc::new(Mutex::new(States { off, refusals: 0, changes: sender }));
        let router = Router::new()
            .route(PATH, get(list))
            .route(&format!("{PATH}{{id}}"), put(update))
            .with_state(Arc::clone(&states));
        Self { server: Reserved::port(None).unwrap().serve(router).unwrap(), changes, states }
    }

    pub(crate) fn url(&self) -> String {
        self.server.url()
    }

    /// The next so many changes are refused.
    pub(crate) fn refuse(&self, times: usize) {
        self.states.lock().unwrap().refusals = times;
    }

    /// The changes so far.
    pub(crate) fn changed(&mut self) -> Vec<(String, bool)> {
        std::iter::from_fn(|| self.changes.try_recv().ok()).collect()
    }
}

async fn list(State(states): State<Arc<Mutex<States>>>, Query(asked): Query<OfFunction>) -> Json<Value> {
    let is_off = states.lock().unwrap().off.contains(&asked.function);
    let state = if is_off { "Disabled" } else { "Enabled" };
    let known = ["s-create-ticket", "s-relay-outbox"].contains(&asked.function.as_str());
    let mappings: Vec<_> = known.then(|| json!({"UUID": asked.function, "State": state})).into_iter().collect();
    Json(json!({ "EventSourceMappings": mappings }))
}

async fn update(
    State(states): State<Arc<Mutex<States>>>,
    Path(id): Path<String>,
    Json(change): Json<Value>,
) -> StatusCode {
    let mut states = states.lock().unwrap();
    if let Some(left) = states.refusals.checked_sub(1) {
        states.refusals = left;
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    let enabled = change["Enabled"].as_bool().unwrap();
    states.off.retain(|off| *off != id);
    if !enabled {
        states.off.push(id.clone());
    }
    states.changes.send((id, enabled)).unwrap();
    StatusCode::OK
}

#[tokio::test]
async fn only_what_is_otherwise_is_switched() {
    let mut lambda = FakeLambda::start(&["s-relay-outbox"]);
    let mappings = Mappings { endpoint: lambda.url() };
    mappings.switch("s-relay-outbox", false).await.unwrap();
    mappings.switch("s-create-ticket", true).await.unwrap();
    assert_eq!(lambda.changed(), []);
    mappings.switch("s-relay-outbox", true).await.unwrap();
    mappings.switch("s-create-ticket", false).await.unwrap();
    assert_eq!(lambda.changed(), [("s-relay-outbox".to_owned(), true), ("s-create-ticket".to_owned(), false)]);
}

#[tokio::test]
async fn a_function_that_takes_from_nothing_cannot_be_stopped() {
    let mappings = Mappings { endpoint: FakeLambda::start(&[]).url() };
    assert!(mappings.switch("s-find-order", false).await.is_err(), "the server is gone");
    let lambda = FakeLambda::start(&[]);
    let mappings = Mappings { endpoint: lambda.url() };
    let error = mappings.switch("s-find-order", false).await.unwrap_err();
    assert!(error.to_string().contains("s-find-order has no event source mapping"), "{error}");
}
