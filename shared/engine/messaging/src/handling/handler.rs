//! What differs from message to message: the pure decision, and the effect that some decisions ask for.

use async_trait::async_trait;
use time::OffsetDateTime;
use uuid::Uuid;
use wire::Payload;

use crate::{Aggregate, Alarm, Counted, Counter, Envelope, Failure, Forgets, Key, Outgoing, SaveError};

/// What a decision may know beside state and message.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The time of handling.
    pub now: OffsetDateTime,
    /// The version the item will have when the decision is saved.
    pub next_version: u64,
    /// The message.
    pub message: &'a Envelope,
}

impl Context<'_> {
    /// The saga that sent the message, if a saga sent it.
    pub fn sender(&self) -> Option<Uuid> {
        self.message.correlation.as_ref().map(|correlation| correlation.saga_id)
    }
}

/// The next state and everything that follows from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision<A> {
    /// The state to save.
    pub state: A,
    /// The messages that are sent once the state is saved.
    pub sent: Vec<Outgoing>,
    /// The events that the write publishes through the outbox.
    pub events: Vec<Payload>,
    /// Counters that change with the write or not at all.
    pub counters: Vec<Counter>,
    /// What the inbox forgets of the messages that were sent earlier.
    pub forgets: Forgets,
    /// The alarms that are raised once the state is saved.
    pub alarms: Vec<Alarm>,
}

impl<A> Decision<A> {
    /// A decision that only saves `state`.
    pub fn save(state: A) -> Self {
        Self {
            state,
            sent: Vec::new(),
            events: Vec::new(),
            counters: Vec::new(),
            forgets: Forgets::Nothing,
            alarms: Vec::new(),
        }
    }

    /// Sends these messages as well.
    #[must_use]
    pub fn sending(mut self, sent: impl IntoIterator<Item = Outgoing>) -> Self {
        self.sent.extend(sent);
        self
    }
}

/// What to do about a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict<A, E> {
    /// Save the decision, then send what it sends.
    Save(Decision<A>),
    /// The state already says that the message was handled: send, and save nothing.
    Send(Vec<Outgoing>),
    /// First perform an effect outside our tables, then let [`Handler::conclude`] decide.
    Perform(E),
}

/// A counter that refused the write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CounterRefused {
    /// Too little is left.
    Short(Key),
    /// Too little is left, but the counter is one of several over which a sum is spread.
    ShardShort(Key),
    /// There is no such counter.
    Missing(Key),
}

impl From<CounterRefused> for SaveError {
    fn from(refused: CounterRefused) -> Self {
        match refused {
            CounterRefused::Short(key) => Self::CounterShort(key),
            CounterRefused::ShardShort(key) => Self::ShardShort(key),
            CounterRefused::Missing(key) => Self::CounterMissing(key),
        }
    }
}

/// What to do about a write that a counter refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recourse {
    /// Save the same decision with these counters instead.
    Count(Vec<Counter>),
    /// This counter has the last word: the handler decides again.
    Refuse(CounterRefused),
}

/// Handles the messages of one queue: what the engine runs. Write a [`Step`](crate::Step) or an
/// [`EffectStep`](crate::EffectStep) for a participant's command.
#[async_trait]
pub trait Handler: Send + Sync {
    /// The state that a message changes.
    type Aggregate: Aggregate;
    /// An effect outside our tables; [`std::convert::Infallible`] for a handler without effects.
    type Effect: Send + Sync;
    /// What is known once the effect was performed.
    type Outcome: Send + Sync;

    /// The function's name, as messages state their source.
    fn source(&self) -> &str;

    /// The item that the message names.
    ///
    /// # Errors
    /// A message that this handler can never handle.
    fn key(&self, message: &Envelope) -> Result<Key, Failure>;

    /// What the message contends for with other messages, such as the counters that it moves: of the messages of a batch
    /// that share a key, one is handled after the other. It is a hint that saves collisions; nothing depends on it.
    fn contends(&self, message: &Envelope) -> Vec<Key> {
        let _ = message;
        Vec::new()
    }

    /// Whether the inbox recognises a repeat of this message; if not, [`Handler::decide`] has to recognise it.
    fn remembers(&self, message: &Envelope) -> bool {
        let _ = message;
        true
    }

    /// Whether a repeat that the inbox recognises is decided all the same. An earlier delivery can have died after its
    /// effect and before the reversal that the state asks for; the repeat then performs the reversal.
    fn reverses(&self) -> bool {
        false
    }

    /// Decides, purely.
    ///
    /// # Errors
    /// A message that this state can never accept.
    fn decide(
        &self,
        state: Option<&Self::Aggregate>,
        context: &Context<'_>,
    ) -> Result<Verdict<Self::Aggregate, Self::Effect>, Failure>;

    /// Performs an effect. It may be performed again for the same message, and must then have the same outcome.
    ///
    /// # Errors
    /// [`Failure::Retry`] when the outcome is not known.
    async fn perform(&self, effect: &Self::Effect) -> Result<Self::Outcome, Failure>;

    /// Decides again once the effect's outcome is known, purely.
    ///
    /// # Errors
    /// An outcome that this state can never accept.
    fn conclude(
        &self,
        state: Option<&Self::Aggregate>,
        outcome: Self::Outcome,
        context: &Context<'_>,
    ) -> Result<Decision<Self::Aggregate>, Failure>;

    /// The counters to look at when a counter refused the write, before [`Handler::recourse`] is asked. Each group is seen as
    /// it is at one moment, and is at most [`TRANSACTION_LIMIT`](crate::TRANSACTION_LIMIT) long.
    ///
    /// # Errors
    /// A message that this handler can never handle.
    fn looks_at(&self, refused: &CounterRefused, message: &Envelope) -> Result<Vec<Vec<Key>>, Failure> {
        let _ = (refused, message);
        Ok(Vec::new())
    }

    /// What to do about the refusal, now that it is known what those counters have left. Other counters that refuse as
    /// well have changed since: the loop begins again.
    ///
    /// # Errors
    /// Nothing can be done for now, or ever.
    fn recourse(&self, refused: CounterRefused, seen: &Counted, message: &Envelope) -> Result<Recourse, Failure> {
        let _ = (seen, message);
        Ok(Recourse::Refuse(refused))
    }

    /// Decides again when a counter refused the write, purely; the new decision must not change counters.
    ///
    /// # Errors
    /// Returns an error by default; override it if `decide` changes counters.
    fn refused(
        &self,
        state: Option<&Self::Aggregate>,
        refused: CounterRefused,
        context: &Context<'_>,
    ) -> Result<Decision<Self::Aggregate>, Failure> {
        let _ = (state, context);
        Err(Failure::set_aside(format!("a counter refused a message that may not be refused: {refused:?}")))
    }
}
