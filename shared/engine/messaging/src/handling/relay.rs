//! The outbox's way out: publishes the events of written items.

use std::collections::BTreeMap;

use crate::{Envelope, Failure, Outbound, OutboxEntry, OutgoingEvent, SET_ASIDE, SendError};

/// A write to an item, and what leaves because of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenItem {
    key: String,
    leaving: Vec<Leaving>,
}

/// What leaves because of a write: an event, or what should have been an event and can never be published.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Leaving {
    Event(OutboxEntry),
    Poison { body: String, reason: String },
}

impl WrittenItem {
    /// The write of this outbox to the item with this key. An entry whose envelope cannot be read, or whose type is not
    /// the outbox's, will be set aside; a payload is read by its subscribers.
    pub fn new(key: impl Into<String>, outbox: Vec<OutboxEntry>) -> Self {
        let leaving = outbox.into_iter().map(|entry| match check(&entry) {
            Ok(()) => Leaving::Event(entry),
            Err(failure) => Leaving::Poison { body: entry.body, reason: failure.reason().in_full() },
        });
        Self { key: key.into(), leaving: leaving.collect() }
    }

    /// The write of an outbox that cannot be read: its `body` will be set aside with this reason.
    pub fn unreadable(key: impl Into<String>, body: String, reason: String) -> Self {
        Self { key: key.into(), leaving: vec![Leaving::Poison { body, reason }] }
    }
}

fn check(entry: &OutboxEntry) -> Result<(), Failure> {
    let event = Envelope::parse(&entry.body)?;
    if event.payload.type_name() == entry.type_name {
        Ok(())
    } else {
        Err(Failure::set_aside(format!(
            "the outbox says {:?}, the event is {:?}",
            entry.type_name,
            event.payload.type_name()
        )))
    }
}

/// The first write of which something has not left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRelayed {
    /// Its place among the writes.
    pub index: usize,
    /// Why it has not left.
    pub reason: SendError,
}

/// Publishes the events of these writes, the oldest write first; a repeat publishes the same events under the same
/// identities. What can never be published is set aside.
///
/// Events leave together in rounds: the first event of each item, then the second of each item, so an event never
/// overtakes an earlier event of its item. When something has not left, what was written before it still leaves, and
/// of what was written after it, nothing more leaves than what left together with it: the caller comes back with that
/// write and all after it.
///
/// # Errors
/// [`NotRelayed`] with the first write that is to come again.
pub async fn relay(outbound: &dyn Outbound, writes: &[WrittenItem]) -> Result<(), NotRelayed> {
    let mut failed = None;
    for round in rounds(writes) {
        for (index, leaving) in &round {
            if let Leaving::Poison { body, reason } = leaving
                && is_before(&failed, *index)
            {
                note(&mut failed, *index, set_aside(outbound, body, reason).await);
            }
        }
        let events = round.into_iter().filter_map(|(index, leaving)| match leaving {
            Leaving::Event(entry) if is_before(&failed, index) => Some((index, entry)),
            _ => None,
        });
        let (indices, entries): (Vec<_>, Vec<_>) = events.unzip();
        for ((index, entry), result) in indices.into_iter().zip(&entries).zip(publish(outbound, &entries).await) {
            let result = match result {
                Err(SendError::Rejected(reason)) => set_aside(outbound, &entry.body, &reason).await,
                result => result,
            };
            note(&mut failed, index, result);
        }
    }
    failed.map_or(Ok(()), Err)
}

/// What leaves together: nothing that is of one item.
fn rounds(writes: &[WrittenItem]) -> impl Iterator<Item = Vec<(usize, &Leaving)>> {
    let mut rounds: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    let mut turns: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, write) in writes.iter().enumerate() {
        for leaving in &write.leaving {
            let turn = turns.entry(&write.key).or_default();
            rounds.entry(*turn).or_default().push((index, leaving));
            *turn += 1;
        }
    }
    rounds.into_values()
}

async fn publish(outbound: &dyn Outbound, entries: &[&OutboxEntry]) -> Vec<Result<(), SendError>> {
    if entries.is_empty() {
        return Vec::new();
    }
    let events = entries.iter().map(|entry| OutgoingEvent { type_name: &entry.type_name, body: &entry.body });
    outbound.publish(&events.collect::<Vec<_>>()).await
}

async fn set_aside(outbound: &dyn Outbound, body: &str, reason: &str) -> Result<(), SendError> {
    outbound.set_aside(body, reason).await?;
    tracing::error!(alarm = SET_ASIDE, reason, "an event is set aside");
    Ok(())
}

/// Whether a write comes before every write that has failed.
fn is_before(failed: &Option<NotRelayed>, index: usize) -> bool {
    failed.as_ref().is_none_or(|failed| index < failed.index)
}

fn note(failed: &mut Option<NotRelayed>, index: usize, result: Result<(), SendError>) {
    if let Err(reason) = result
        && is_before(failed, index)
    {
        *failed = Some(NotRelayed { index, reason });
    }
}
