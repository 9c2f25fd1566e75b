//! The loop: at-least-once in, exactly-once effect, at-least-once out.

use std::time::Duration;

use time::OffsetDateTime;

use crate::message::wrap;
use crate::{
    Aggregate, Context, CounterRefused, Decision, Envelope, Failure, Handler, InboxEntry, Outbound, OutboxEntry,
    Outgoing, Record, SaveError, Store, Verdict, Write, ids,
};

/// How often a message is decided anew because its item changed meanwhile, before it goes back to its queue.
const MAX_ATTEMPTS: u32 = 8;

/// Handles one message; when this returns `Ok`, the message may be acknowledged.
///
/// # Errors
/// See [`Failure`]; whatever it is, nothing was done that a repeat would do twice.
pub async fn deliver<H: Handler>(
    handler: &H,
    store: &dyn Store,
    outbound: &dyn Outbound,
    message: &Envelope,
    now: OffsetDateTime,
) -> Result<(), Failure> {
    let key = handler.key(message)?;
    let mut performed = false;
    for _ in 0..MAX_ATTEMPTS {
        let record = store.load(&key).await?;
        let remembering = record.as_ref().filter(|_| handler.remembers(message));
        let handled = remembering.and_then(|record| record.sent_for(message.message_id));
        if let Some(sent) = handled.filter(|_| !performed && !handler.reverses()) {
            return send(handler, outbound, message, sent, now).await;
        }
        let state = record.as_ref().map(Record::aggregate::<H::Aggregate>).transpose()?;
        let next_version = record.as_ref().map_or(0, |record| record.version) + 1;
        let context = Context { now, next_version, message };
        let verdict = handler.decide(state.as_ref(), &context)?;
        if let Some(sent) = handled {
            // Another delivery of this message was faster. This delivery's effect, or a dead delivery's, may follow
            // what forbids it.
            if let Verdict::Perform(effect) = verdict {
                handler.perform(&effect).await?;
            }
            return send(handler, outbound, message, sent, now).await;
        }
        let decision = match verdict {
            Verdict::Save(decision) => decision,
            Verdict::Send(sent) => return send(handler, outbound, message, &sent, now).await,
            Verdict::Perform(_) if message.correlation.is_none() => return Err(no_return_address()),
            Verdict::Perform(effect) => {
                let outcome = handler.perform(&effect).await?;
                performed = true;
                handler.conclude(state.as_ref(), outcome, &context)?
            }
        };
        // What cannot be answered must have no effect either.
        if message.correlation.is_none() && decision.sent.iter().any(|sent| matches!(sent, Outgoing::Reply(_))) {
            return Err(no_return_address());
        }
        match save(handler, store, record.as_ref(), state.as_ref(), &context, decision).await? {
            Some(sent) => return send(handler, outbound, message, &sent, now).await,
            None => continue,
        }
    }
    Err(Failure::retry(format!("the item {key} changed {MAX_ATTEMPTS} times while it was being decided")))
}

/// Saves the decision, or the one that takes its place when a counter forbids it; `None` after a conflict.
async fn save<H: Handler>(
    handler: &H,
    store: &dyn Store,
    loaded: Option<&Record>,
    state: Option<&H::Aggregate>,
    context: &Context<'_>,
    decision: Decision<H::Aggregate>,
) -> Result<Option<Vec<Outgoing>>, Failure> {
    let refused = match try_save(handler, store, loaded, context, &decision).await {
        Ok(()) => return Ok(Some(decision.sent)),
        Err(SaveError::Conflict) => return Ok(None),
        Err(SaveError::CounterShort(key)) => CounterRefused::Short(key),
        Err(SaveError::CounterMissing(key)) => CounterRefused::Missing(key),
        Err(error) => return Err(failure(error)),
    };
    let decision = handler.refused(state, refused, context)?;
    match try_save(handler, store, loaded, context, &decision).await {
        Ok(()) => Ok(Some(decision.sent)),
        Err(SaveError::Conflict) => Ok(None),
        Err(error) => Err(failure(error)),
    }
}

async fn try_save<H: Handler>(
    handler: &H,
    store: &dyn Store,
    loaded: Option<&Record>,
    context: &Context<'_>,
    decision: &Decision<H::Aggregate>,
) -> Result<(), SaveError> {
    let rejected = |error: &dyn ToString| SaveError::Rejected(error.to_string());
    let key = match loaded {
        Some(record) => record.key.clone(),
        None => handler.key(context.message).map_err(|error| rejected(&error))?,
    };
    let mut record = record_of(key, context.next_version, &decision.state, loaded).map_err(|e| rejected(&e))?;
    if decision.is_final {
        record.inbox.iter_mut().for_each(|entry| entry.sent.clear());
    }
    if handler.remembers(context.message) {
        record.remember(InboxEntry { id: context.message.message_id, sent: decision.sent.clone() });
    }
    record.outbox = outbox(&record, decision, context.message, handler.source(), context.now)?;
    store.save(&Write { record, counters: decision.counters.clone(), claim: None }).await
}

fn record_of<A: Aggregate>(
    key: String,
    version: u64,
    state: &A,
    loaded: Option<&Record>,
) -> Result<Record, crate::RecordError> {
    let mut record = Record::of(key, version, state)?;
    record.inbox = loaded.map(|loaded| loaded.inbox.clone()).unwrap_or_default();
    Ok(record)
}

fn outbox<A>(
    record: &Record,
    decision: &Decision<A>,
    cause: &Envelope,
    source: &str,
    now: OffsetDateTime,
) -> Result<Vec<OutboxEntry>, SaveError> {
    let entry = |(index, payload): (usize, &wire::Payload)| {
        let event = Envelope {
            message_id: ids::event(&record.key, record.version, index),
            source: source.to_owned(),
            causation_id: Some(cause.message_id),
            correlation: None,
            occurred_at: now,
            trace_parent: cause.trace_parent.clone(),
            payload: payload.clone(),
        };
        OutboxEntry::of(&event)
    };
    decision.events.iter().enumerate().map(entry).collect()
}

impl OutboxEntry {
    /// The entry that publishes this event.
    ///
    /// # Errors
    /// An event that is too long to be published.
    pub fn of(event: &Envelope) -> Result<Self, SaveError> {
        let body = event.to_json().map_err(|error| SaveError::Rejected(error.to_string()))?;
        Ok(Self { id: event.message_id, type_name: event.payload.type_name().to_owned(), body })
    }
}

async fn send<H: Handler>(
    handler: &H,
    outbound: &dyn Outbound,
    cause: &Envelope,
    sent: &[Outgoing],
    now: OffsetDateTime,
) -> Result<(), Failure> {
    for outgoing in sent {
        let Some(addressed) = wrap(outgoing, cause, handler.source(), now) else {
            return Err(no_return_address());
        };
        let delay = Duration::from_secs(addressed.delay_seconds.into());
        outbound.send(&addressed.to, &addressed.envelope, delay).await?;
    }
    Ok(())
}

fn no_return_address() -> Failure {
    Failure::set_aside("the message has no return address")
}

fn failure(error: SaveError) -> Failure {
    match error {
        SaveError::Conflict | SaveError::Transient(_) => Failure::retry(error),
        SaveError::CounterShort(_) | SaveError::CounterMissing(_) | SaveError::Rejected(_) => Failure::set_aside(error),
    }
}
