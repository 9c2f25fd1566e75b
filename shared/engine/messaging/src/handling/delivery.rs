//! The loop for messages: at-least-once in, exactly-once effect, at-least-once out.

use std::time::Duration;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::conditional::{Attempt, Conditional, Draft, Loaded, Origin, change};
use crate::message::wrap;
use crate::{
    Alarm, Context, Counted, CounterRefused, Decision, Envelope, Failure, Handler, InboxEntry, Key, Outbound, Outgoing,
    Recourse, Store, Verdict,
};

/// Handles one message: loads the item that the message names, recognises a repeat, decides, saves with one conditional
/// write, raises alarms and sends. When this returns `Ok`, the message may be acknowledged.
///
/// # Errors
/// See [`Failure`]. After any failure a repeat is safe: nothing was done that it would do twice.
pub async fn deliver<H: Handler>(
    handler: &H,
    store: &dyn Store,
    outbound: &dyn Outbound,
    message: &Envelope,
    now: OffsetDateTime,
) -> Result<(), Failure> {
    let key = handler.key(message)?;
    let mut delivery = Delivery { handler, message, now, performed: false };
    let Handled { sent, alarms } = change(store, key, &mut delivery).await?;
    alarms.iter().for_each(Alarm::raise);
    send(handler, outbound, message, &sent, now).await
}

/// One delivery of one message.
struct Delivery<'a, H> {
    handler: &'a H,
    message: &'a Envelope,
    now: OffsetDateTime,
    /// Whether an attempt of this delivery has performed an effect.
    performed: bool,
}

/// What a delivery leaves to be done once the item is saved.
#[derive(Default)]
struct Handled {
    sent: Vec<Outgoing>,
    alarms: Vec<Alarm>,
}

impl<A> Attempt<A, Handled> {
    /// Sends, and saves nothing.
    fn send(sent: Vec<Outgoing>) -> Self {
        Self::Answer(Handled { sent, alarms: Vec::new() })
    }
}

impl<'a, H: Handler> Delivery<'a, H> {
    fn context(&self, loaded: &Loaded) -> Context<'a> {
        Context { now: self.now, next_version: loaded.next_version(), message: self.message }
    }

    fn draft(&self, decision: Decision<H::Aggregate>) -> Draft<H::Aggregate, Handled> {
        let Decision { state, sent, events, counters, forgets, alarms } = decision;
        let is_remembered = self.handler.remembers(self.message);
        let handled = is_remembered.then(|| InboxEntry { id: self.message.message_id, sent: sent.clone() });
        Draft { state, events, counters, handled, forgets, claim: None, answer: Handled { sent, alarms } }
    }

    /// A command without a return address cannot be answered, so it must have no effect either.
    fn must_be_answerable(&self) -> Result<(), Failure> {
        if self.message.correlation.is_some() { Ok(()) } else { Err(no_return_address()) }
    }
}

#[async_trait]
impl<H: Handler> Conditional for Delivery<'_, H> {
    type Aggregate = H::Aggregate;
    type Answer = Handled;
    type Error = Failure;

    fn origin(&self) -> Origin<'_> {
        Origin {
            source: self.handler.source(),
            causation_id: Some(self.message.message_id),
            trace_parent: &self.message.trace_parent,
            now: self.now,
        }
    }

    async fn decide(&mut self, loaded: &Loaded) -> Result<Attempt<H::Aggregate, Handled>, Failure> {
        let (handler, message) = (self.handler, self.message);
        let remembering = loaded.record().filter(|_| handler.remembers(message));
        let handled = remembering.and_then(|record| record.sent_for(message.message_id));
        if let Some(sent) = handled.filter(|_| !self.performed && !handler.reverses()) {
            return Ok(Attempt::send(sent.to_vec()));
        }
        let state = loaded.aggregate::<H::Aggregate>()?;
        let context = self.context(loaded);
        let verdict = handler.decide(state.as_ref(), &context)?;
        if let Some(sent) = handled {
            // A concurrent or earlier delivery has saved. This delivery's effect, or that of a delivery that died, may
            // have come after a cancellation: perform the reversal that the state asks for.
            if let Verdict::Perform(effect) = verdict {
                handler.perform(&effect).await?;
            }
            return Ok(Attempt::send(sent.to_vec()));
        }
        let decision = match verdict {
            Verdict::Save(decision) => decision,
            Verdict::Send(sent) => return Ok(Attempt::send(sent)),
            Verdict::Perform(effect) => {
                self.must_be_answerable()?;
                let outcome = handler.perform(&effect).await?;
                self.performed = true;
                handler.conclude(state.as_ref(), outcome, &context)?
            }
        };
        if decision.sent.iter().any(|sent| matches!(sent, Outgoing::Reply(_))) {
            self.must_be_answerable()?;
        }
        Ok(Attempt::Save(Box::new(self.draft(decision))))
    }

    fn looks_at(&self, refused: &CounterRefused) -> Result<Vec<Vec<Key>>, Failure> {
        self.handler.looks_at(refused, self.message)
    }

    fn recourse(&self, refused: CounterRefused, seen: &Counted) -> Result<Recourse, Failure> {
        self.handler.recourse(refused, seen, self.message)
    }

    fn refused(&mut self, loaded: &Loaded, refused: CounterRefused) -> Result<Draft<H::Aggregate, Handled>, Failure> {
        let state = loaded.aggregate::<H::Aggregate>()?;
        let decision = self.handler.refused(state.as_ref(), refused, &self.context(loaded))?;
        Ok(self.draft(decision))
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
