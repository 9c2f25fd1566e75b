//! One RPC per function: the gate, then the call.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use connectrpc::dispatcher::{
    Dispatcher, MethodDescriptor, RequestStream, StreamingResult, UnaryResult, unimplemented_streaming,
    unimplemented_unary,
};
use connectrpc::{CodecFormat, ConnectRpcService, IdempotencyLevel, Payload, RequestContext, Response, Spec};
use futures_util::future::BoxFuture;
use messaging::Store;
use rpc::{Api, Call, Caller, Facts, Mutation, Query, RpcError, execute};
use time::OffsetDateTime;
use wire::WireMessage;
use wire::shape::Shaped;

use crate::clock::Clock;
use crate::decode::decode;
use crate::edge::CallersTime;
use crate::{Gate, idempotency, trace};

/// What connectrpc serves of the RPC: it decodes, asks [`OneRpc`] and encodes. How long a request may be, the edge has looked.
pub(crate) fn service<R: Rpc>(api: Api, gate: Arc<Gate>, rpc: Arc<R>, clock: Clock) -> ConnectRpcService<OneRpc<R>> {
    ConnectRpcService::new(OneRpc { api, gate, rpc, clock })
}

/// What a query and a mutation have in common when they are called over HTTP.
pub(crate) trait Rpc: Send + Sync + 'static {
    type Request: WireMessage + Shaped + Send + Sync + 'static;
    type Response: WireMessage + Send + Sync + 'static;
    const SPEC: Spec;

    fn call<'a>(
        &'a self,
        request: Self::Request,
        caller: Caller,
        context: &'a RequestContext,
        now: SystemTime,
    ) -> BoxFuture<'a, Result<Self::Response, RpcError>>;
}

/// A query as an RPC.
pub(crate) struct Reading<Q>(pub(crate) Q);

impl<Q: Query> Rpc for Reading<Q> {
    type Request = Q::Request;
    type Response = Q::Response;
    const SPEC: Spec = Q::SPEC;

    fn call<'a>(
        &'a self,
        request: Q::Request,
        caller: Caller,
        _context: &'a RequestContext,
        _now: SystemTime,
    ) -> BoxFuture<'a, Result<Q::Response, RpcError>> {
        Box::pin(async move { self.0.answer(request, &caller).await })
    }
}

/// A mutation as an RPC, with the store of what it changes.
pub(crate) struct Changing<M, S, F> {
    mutation: M,
    store: S,
    facts: PhantomData<fn() -> F>,
}

impl<M, S, F> Changing<M, S, F> {
    pub(crate) fn new(mutation: M, store: S) -> Self {
        Self { mutation, store, facts: PhantomData }
    }
}

impl<M: Mutation<F>, S: Store + 'static, F: Facts<M>> Rpc for Changing<M, S, F> {
    type Request = M::Request;
    type Response = M::Response;
    const SPEC: Spec = M::SPEC;

    fn call<'a>(
        &'a self,
        request: M::Request,
        caller: Caller,
        context: &'a RequestContext,
        now: SystemTime,
    ) -> BoxFuture<'a, Result<M::Response, RpcError>> {
        Box::pin(async move {
            let call = Call {
                id: idempotency::call_id(context.headers(), &caller, M::SPEC.procedure)?,
                now: OffsetDateTime::from(now),
                trace_parent: trace::trace_parent(context.headers()),
                caller,
            };
            execute(&self.mutation, &self.store, request, &call).await
        })
    }
}

/// Dispatches the one RPC of a function. The gate comes first: a caller without permission learns nothing of a
/// request's form.
pub(crate) struct OneRpc<R> {
    api: Api,
    gate: Arc<Gate>,
    rpc: Arc<R>,
    clock: Clock,
}

impl<R: Rpc> OneRpc<R> {
    fn serves(path: &str) -> bool {
        path == R::SPEC.procedure.trim_start_matches('/')
    }
}

impl<R: Rpc> Dispatcher for OneRpc<R> {
    fn lookup(&self, path: &str) -> Option<MethodDescriptor> {
        let reads_only = R::SPEC.idempotency_level == IdempotencyLevel::NoSideEffects;
        Self::serves(path).then(|| MethodDescriptor::unary(reads_only).with_spec(R::SPEC))
    }

    fn call_unary(&self, path: &str, context: RequestContext, request: Payload, format: CodecFormat) -> UnaryResult {
        if !Self::serves(path) {
            return unimplemented_unary(path);
        }
        let (gate, rpc, clock) = (Arc::clone(&self.gate), Arc::clone(&self.rpc), self.clock);
        let domain = self.api.error_domain;
        let callers_time = context.extensions().get().copied().unwrap_or_else(CallersTime::default);
        Box::pin(async move {
            let caller = gate.admit(context.headers(), R::SPEC.procedure, clock()).await;
            let caller = caller.map_err(|turned_away| turned_away.into_connect(domain))?;
            let answering = async {
                let request = decode(request.bytes(), format)?;
                rpc.call(request, caller, &context, clock()).await
            };
            let response = callers_time.keep(answering).await.map_err(|over| over.into_connect(domain))?;
            let response = response.map_err(|error| error.into_connect(domain))?;
            Response::new(response).encode::<R::Response>(format)
        })
    }

    fn call_server_streaming(&self, path: &str, _: RequestContext, _: Bytes, _: CodecFormat) -> StreamingResult {
        unimplemented_streaming(path)
    }

    fn call_client_streaming(&self, path: &str, _: RequestContext, _: RequestStream, _: CodecFormat) -> UnaryResult {
        unimplemented_unary(path)
    }

    fn call_bidi_streaming(&self, path: &str, _: RequestContext, _: RequestStream, _: CodecFormat) -> StreamingResult {
        unimplemented_streaming(path)
    }
}

#[cfg(test)]
pub(crate) mod tests;
