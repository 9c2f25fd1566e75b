//! An RPC that changes one item: ownership, the idempotency rule, a pure decision, one conditional write.

use std::marker::PhantomData;

use async_trait::async_trait;
use connectrpc::Spec;
use messaging::conditional::{Attempt, Conditional, Draft, Loaded, Origin, change};
use messaging::{Aggregate, Forgets, Key, Record, RecordError, Store, from_value, ids, seconds_of};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use wire::shape::Shaped;
use wire::{Payload, WireMessage};

use crate::{Call, EdgeReason, Ownership, RpcError};

/// How long a repeat of a call is recognised.
pub const CLAIM_KEPT_FOR: Duration = Duration::days(7);

/// What a mutation decides.
#[derive(Debug, Clone, PartialEq)]
pub enum Change<A, R> {
    /// Save this.
    Save {
        /// The state to save.
        state: A,
        /// The answer, for this call and for its repeats.
        response: R,
        /// The events that the write publishes.
        events: Vec<Payload>,
    },
    /// The state says that this very call was carried out before.
    Repeated(R),
}

/// What a decision may know beside state and input.
#[derive(Debug, Clone, Copy)]
pub struct CallContext<'a, F = ()> {
    /// Who calls, when, and under which identity.
    pub call: &'a Call,
    /// Fingerprint of what is asked; see [`fingerprint`].
    pub fingerprint: Uuid,
    /// The version that the item gets when the change is saved.
    pub next_version: u64,
    /// What was read for the decision.
    pub facts: &'a F,
}

/// An RPC with side effects on one item. `F` is what its decision has to know beside the state; most decisions need no
/// facts.
pub trait Mutation<F = ()>: Send + Sync + 'static {
    /// What is asked.
    type Request: WireMessage + Shaped + Send + Sync + 'static;
    /// What is asked, parsed: nothing of the request is read after this.
    type Input: Send + Sync + 'static;
    /// What is answered.
    type Response: WireMessage + Send + Sync + 'static;
    /// What changes.
    type Aggregate: Aggregate;
    /// The RPC's path and idempotency level, as generated.
    const SPEC: Spec;
    /// Whose things are changed. [`execute`] keeps to it, by [`Mutation::owner`].
    const OWNERSHIP: Ownership;
    /// Whether a call is remembered in an item of its own. Not needed where [`Mutation::key`] derives from the call.
    const CLAIMS: bool;

    /// Parses a request, once for each call.
    ///
    /// # Errors
    /// Everything that is wrong with it, as [`RpcError::Invalid`], or a refusal of what it says.
    fn parse(&self, request: Self::Request) -> Result<Self::Input, RpcError>;

    /// The request that asks for just this. However a client writes a request, this is how its fingerprint is taken, so
    /// that requests which mean the same are the same.
    fn canonical(&self, input: &Self::Input) -> Self::Request;

    /// The item that the call names.
    fn key(&self, input: &Self::Input, call: &Call) -> Key;

    /// The only subject who may see the item where it is the caller's own: nobody may see what has no owner.
    fn owner<'a>(&self, _state: &'a Self::Aggregate) -> Option<&'a str> {
        None
    }

    /// The refusal of an item that is not there, or that belongs to somebody else: nobody can tell which.
    fn not_found(&self, key: &Key) -> RpcError;

    /// Decides, purely.
    ///
    /// # Errors
    /// See [`RpcError`].
    fn decide(
        &self,
        state: Option<&Self::Aggregate>,
        input: &Self::Input,
        context: &CallContext<'_, F>,
    ) -> Result<Change<Self::Aggregate, Self::Response>, RpcError>;
}

/// What the decision of the mutation `M` has to know beside the state. It is read again after each conflict.
#[async_trait]
pub trait Facts<M: Mutation<Self>>: Sized + Send + Sync + 'static {
    /// Reads the facts.
    ///
    /// # Errors
    /// See [`RpcError`].
    async fn read(mutation: &M, state: Option<&M::Aggregate>, input: &M::Input) -> Result<Self, RpcError>;
}

#[async_trait]
impl<M: Mutation> Facts<M> for () {
    async fn read(_: &M, _: Option<&M::Aggregate>, _: &M::Input) -> Result<(), RpcError> {
        Ok(())
    }
}

/// Fingerprint of what a request asks for. It differs when a key is used for a request that asks for something else; how the
/// request was written does not matter.
pub fn fingerprint<M: Mutation<F>, F>(mutation: &M, input: &M::Input) -> Uuid {
    ids::fingerprint(&buffa::Message::encode_to_vec(&mutation.canonical(input)))
}

/// Carries a call out, once, however often it is repeated: parses the request, checks the owner, recalls the answer to a repeat, decides and
/// saves with one conditional write.
///
/// # Errors
/// See [`RpcError`]. After any error a repeat with the same key is safe.
pub async fn execute<M: Mutation<F>, F: Facts<M>>(
    mutation: &M,
    store: &dyn Store,
    request: M::Request,
    call: &Call,
) -> Result<M::Response, RpcError> {
    let input = mutation.parse(request)?;
    let (key, fingerprint) = (mutation.key(&input, call), fingerprint(mutation, &input));
    let mut execution = Execution { mutation, store, input, call, key: key.clone(), fingerprint, facts: PhantomData };
    change(store, key, &mut execution).await
}

/// One call on its way through the loop.
struct Execution<'a, M: Mutation<F>, F> {
    mutation: &'a M,
    store: &'a dyn Store,
    input: M::Input,
    call: &'a Call,
    key: Key,
    fingerprint: Uuid,
    facts: PhantomData<fn() -> F>,
}

#[async_trait]
impl<M: Mutation<F>, F: Facts<M>> Conditional for Execution<'_, M, F> {
    type Aggregate = M::Aggregate;
    type Answer = M::Response;
    type Error = RpcError;

    fn origin(&self) -> Origin<'_> {
        let Call { now, trace_parent, .. } = self.call;
        Origin { source: M::SPEC.procedure, causation_id: None, trace_parent, now: *now }
    }

    async fn decide(&mut self, loaded: &Loaded) -> Result<Attempt<M::Aggregate, M::Response>, RpcError> {
        let state = loaded.aggregate::<M::Aggregate>()?;
        let subject = Some(self.call.caller.subject.as_str());
        let is_others = |state: &M::Aggregate| self.mutation.owner(state) != subject;
        if M::OWNERSHIP == Ownership::Caller && state.as_ref().is_some_and(is_others) {
            return Err(self.mutation.not_found(&self.key));
        }
        if M::CLAIMS
            && let Some(claim) = self.store.load(&claim_key(self.call.id)).await?
        {
            return claim.aggregate::<Claim>()?.recall(self.fingerprint).map(Attempt::Answer);
        }
        let facts = F::read(self.mutation, state.as_ref(), &self.input).await?;
        let context = CallContext {
            call: self.call,
            fingerprint: self.fingerprint,
            next_version: loaded.next_version(),
            facts: &facts,
        };
        let (state, response, events) = match self.mutation.decide(state.as_ref(), &self.input, &context)? {
            Change::Repeated(response) => return Ok(Attempt::Answer(response)),
            Change::Save { state, response, events } => (state, response, events),
        };
        let claim = if M::CLAIMS { Some(Claim::of(&response, self.fingerprint, self.call)?) } else { None };
        let counters = Vec::new();
        let draft =
            Draft { state, events, counters, handled: None, forgets: Forgets::Nothing, claim, answer: response };
        Ok(Attempt::Save(Box::new(draft)))
    }
}

/// A call that was carried out: the item that recognises its repeats.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Claim {
    fingerprint: Uuid,
    response: Value,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
}

/// The key of the item that remembers the call with this identity.
pub fn claim_key(call: Uuid) -> Key {
    format!("claim#{call}")
}

impl Claim {
    fn of<R: WireMessage>(response: &R, fingerprint: Uuid, call: &Call) -> Result<Record, RecordError> {
        let response = serde_json::to_value(response).map_err(|error| RecordError::Malformed(error.to_string()))?;
        let expires_at = call.now + CLAIM_KEPT_FOR;
        let mut record = Record::of(claim_key(call.id), 1, &Self { fingerprint, response, expires_at })?;
        record.expires_at = Some(seconds_of(expires_at));
        Ok(record)
    }

    fn recall<R: WireMessage>(self, fingerprint: Uuid) -> Result<R, RpcError> {
        if self.fingerprint != fingerprint {
            return Err(key_reused());
        }
        Ok(from_value(self.response)?)
    }
}

impl Aggregate for Claim {
    const SCHEMA: u32 = 1;
}

/// The refusal of a key that has been used for another request.
pub(crate) fn key_reused() -> RpcError {
    RpcError::refused(
        EdgeReason::IdempotencyKeyReused,
        "this Idempotency-Key was used for a request with another content: send a new key with a new request",
    )
}

impl<F> CallContext<'_, F> {
    /// Compares the fingerprint that an item was created with.
    ///
    /// # Errors
    /// The item was created by a request with another content.
    pub fn must_repeat(&self, fingerprint: Uuid) -> Result<(), RpcError> {
        if self.fingerprint == fingerprint { Ok(()) } else { Err(key_reused()) }
    }
}

#[cfg(test)]
mod tests;
