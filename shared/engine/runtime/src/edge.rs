//! A function over HTTP, from the event that it is given to the event that it answers with.
//!
//! Whatever the event is, the answer is an HTTP answer: a function's error would tell its caller nothing but 500.
//! [`Edge`] reads the event (`edge/event.rs`), refuses what is not served (`edge/protocol.rs`), lets connectrpc call the RPC
//! behind the gate (`rpc_service.rs`) within the time that the call has (`edge/deadline.rs`), and writes the answer
//! (`edge/answer.rs`).

mod answer;
mod deadline;
mod event;
mod protocol;
mod refusal;

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use connectrpc::{ConnectRpcBody, IdempotencyLevel};
use futures_util::FutureExt;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use lambda_runtime::{LambdaEvent, service_fn};
use messaging::Store;
use rpc::{Api, Facts, Mutation, Query};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tower::ServiceExt;
use tower::util::BoxCloneSyncService;

use crate::clock::{self, Clock};
use crate::rpc_service::{Changing, Reading, Rpc, service};
use crate::{Error, Gate, start_logging};
use answer::{MAX_ANSWER_BYTES, keep_for, to_event};
pub(crate) use deadline::CallersTime;
use deadline::Deadline;
pub use event::MAX_REQUEST_BYTES;
use event::Received;
use protocol::Protocol;
use refusal::Refusal;

/// Serves an RPC that reads.
///
/// # Errors
/// An environment that is incomplete, or a Lambda runtime that cannot be reached.
pub async fn serve_query<Q: Query>(api: Api, query: Q) -> Result<(), Error> {
    start_logging();
    let gate = Gate::from_env(api.policy).await?;
    serve(&Edge::of_query(api, gate, query, clock::now)).await
}

/// Serves an RPC that changes an item of `store`.
///
/// # Errors
/// An environment that is incomplete, or a Lambda runtime that cannot be reached.
pub async fn serve_mutation<M, F>(api: Api, mutation: M, store: impl Store + 'static) -> Result<(), Error>
where
    M: Mutation<F>,
    F: Facts<M>,
{
    start_logging();
    let gate = Gate::from_env(api.policy).await?;
    serve(&Edge::of_mutation(api, gate, mutation, store, clock::now)).await
}

async fn serve(edge: &Edge) -> Result<(), Error> {
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Delivered>| async move {
        // A clock that is behind Lambda's leaves more time, never less than none.
        let left = event.context.deadline().duration_since(clock::now()).unwrap_or_default();
        Ok::<_, Error>(edge.answer_within(left, event.payload.0).await)
    }))
    .await
}

/// An event as Lambda delivers it. Text that serde_json cannot read, such as half of a surrogate pair or a nesting without end,
/// is an event of which nothing is known, rather than a function's error.
struct Delivered(Value);

impl<'de> Deserialize<'de> for Delivered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Value::deserialize(deserializer).unwrap_or_default()))
    }
}

/// One RPC as a function serves it over HTTP: an event in, an answer out.
pub struct Edge {
    domain: &'static str,
    protocol: Protocol,
    cache: Option<Duration>,
    service: BoxCloneSyncService<Request<Full<Bytes>>, Response<ConnectRpcBody>, Infallible>,
}

impl Edge {
    /// The edge of an RPC that reads.
    pub fn of_query<Q: Query>(api: Api, gate: Gate, query: Q, clock: Clock) -> Self {
        Self::of(api, gate, Reading(query), clock, Q::CACHE)
    }

    /// The edge of an RPC that changes an item of `store`.
    pub fn of_mutation<M, F>(api: Api, gate: Gate, mutation: M, store: impl Store + 'static, clock: Clock) -> Self
    where
        M: Mutation<F>,
        F: Facts<M>,
    {
        Self::of(api, gate, Changing::new(mutation, store), clock, None)
    }

    fn of<R: Rpc>(api: Api, gate: Gate, rpc: R, clock: Clock, cache: Option<Duration>) -> Self {
        let reads = R::SPEC.idempotency_level == IdempotencyLevel::NoSideEffects;
        Self {
            domain: api.error_domain,
            protocol: Protocol { procedure: R::SPEC.procedure, reads },
            cache,
            service: BoxCloneSyncService::new(service(api, Arc::new(gate), Arc::new(rpc), clock)),
        }
    }

    /// The answer to any event, in a function that never runs out of time.
    pub async fn answer(&self, event: Value) -> Value {
        self.answered(None, event).await
    }

    /// The answer to any event, in a function that has this much time left.
    pub async fn answer_within(&self, left: Duration, event: Value) -> Value {
        self.answered(Some(left), event).await
    }

    async fn answered(&self, left: Option<Duration>, event: Value) -> Value {
        let call = AssertUnwindSafe(self.call(left, event)).catch_unwind();
        // A panic is a defect of ours. lambda_runtime would make a function's error of it, which says nothing to the caller; what
        // was not saved is not there, and what was saved is whole, as an RPC writes once.
        let outcome = call.await.unwrap_or(Err(Refusal::Failed("it panicked")));
        to_event(outcome.unwrap_or_else(|refusal| self.refuse(refusal)))
    }

    async fn call(&self, left: Option<Duration>, event: Value) -> Result<Response<Bytes>, Refusal> {
        let received = Received::read(event)?;
        let deadline = Deadline::of(&received.headers, left)?;
        let keeps = self.cache.filter(|_| received.method == "GET");
        let mut request = self.protocol.request(received)?;
        request.extensions_mut().insert(deadline.callers());
        let mut response = deadline.keep(self.ask(request)).await?;
        if response.body().len() > MAX_ANSWER_BYTES {
            return Err(Refusal::Failed("its answer is longer than Lambda takes"));
        }
        if let Some(time) = keeps
            && response.status() == StatusCode::OK
        {
            keep_for(&mut response, time);
        }
        Ok(response)
    }

    async fn ask(&self, request: Request<Full<Bytes>>) -> Response<Bytes> {
        let Ok(response) = self.service.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let Ok(body) = body.collect().await;
        Response::from_parts(parts, body.to_bytes())
    }

    fn refuse(&self, refusal: Refusal) -> Response<Bytes> {
        let error = refusal.into_connect(self.domain);
        let mut response = Response::new(error.to_json());
        *response.status_mut() = error.http_status();
        *response.headers_mut() = error.response_headers().clone();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}

#[cfg(test)]
pub(crate) mod tests;
