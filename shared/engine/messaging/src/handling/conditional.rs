//! The loop that changes one item: load, decide, save if nobody else has saved meanwhile; begin again after a conflict.
//!
//! [`deliver`](crate::deliver) runs it for a message, `rpc::execute` for a call. What differs is a [`Conditional`].

use async_trait::async_trait;
use thiserror::Error;
use time::OffsetDateTime;
use uuid::Uuid;
use wire::Payload;

use crate::{
    Aggregate, Counted, Counter, CounterRefused, Envelope, Failure, Forgets, InboxEntry, Key, LoadError, OutboxEntry,
    Record, RecordError, Recourse, SaveError, Store, Write, ids,
};

/// How often a change is decided before it is given up because its item keeps changing.
pub const MAX_ATTEMPTS: u32 = 8;

/// What is stored under the key at one attempt.
#[derive(Debug)]
pub struct Loaded {
    key: Key,
    record: Option<Record>,
}

impl Loaded {
    /// The item, if it exists.
    pub fn record(&self) -> Option<&Record> {
        self.record.as_ref()
    }

    /// The item's state.
    ///
    /// # Errors
    /// See [`Record::aggregate`].
    pub fn aggregate<A: Aggregate>(&self) -> Result<Option<A>, RecordError> {
        self.record().map(Record::aggregate).transpose()
    }

    /// The version that the item has once the attempt is saved.
    pub fn next_version(&self) -> u64 {
        self.record().map_or(0, |record| record.version) + 1
    }
}

/// What one attempt decides.
pub enum Attempt<A, T> {
    /// Save nothing, and return this answer.
    Answer(T),
    /// Save this draft; its answer holds once the draft is saved.
    Save(Box<Draft<A, T>>),
}

/// A write before it has a key, a version and an outbox.
pub struct Draft<A, T> {
    /// The state to save.
    pub state: A,
    /// The events that the write publishes.
    pub events: Vec<Payload>,
    /// Counters that change with the write or not at all.
    pub counters: Vec<Counter>,
    /// The message that the inbox remembers from now on.
    pub handled: Option<InboxEntry>,
    /// What the inbox forgets of the messages that were sent earlier.
    pub forgets: Forgets,
    /// A new item that is written together with the changed item.
    pub claim: Option<Record>,
    /// What the caller of the loop gets once the draft is saved.
    pub answer: T,
}

/// What the events of a write say about their origin.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    /// The function or RPC that decided.
    pub source: &'a str,
    /// The message that was handled; `None` when a person called.
    pub causation_id: Option<Uuid>,
    /// W3C trace context; may be empty.
    pub trace_parent: &'a str,
    /// When it was decided.
    pub now: OffsetDateTime,
}

/// The item changed at every attempt.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the item {0} changed {MAX_ATTEMPTS} times while it was being decided")]
pub struct Contended(pub Key);

impl From<Contended> for Failure {
    fn from(error: Contended) -> Self {
        Self::retry(error)
    }
}

/// What differs between the messages and the calls that change an item.
#[async_trait]
pub trait Conditional: Send {
    /// The state that changes.
    type Aggregate: Aggregate;
    /// What the caller of the loop gets.
    type Answer: Send;
    /// Why the change does not happen.
    type Error: From<LoadError> + From<SaveError> + From<Contended>;

    /// What the events of the write say about their origin.
    fn origin(&self) -> Origin<'_>;

    /// Decides what to do about the item as it is now. The loop asks again after each conflict.
    ///
    /// # Errors
    /// The change cannot happen, now or ever.
    async fn decide(&mut self, loaded: &Loaded) -> Result<Attempt<Self::Aggregate, Self::Answer>, Self::Error>;

    /// The counters to look at when a counter refused the write; see [`Handler::looks_at`](crate::Handler::looks_at).
    ///
    /// # Errors
    /// The change cannot happen, now or ever.
    fn looks_at(&self, refused: &CounterRefused) -> Result<Vec<Vec<Key>>, Self::Error> {
        let _ = refused;
        Ok(Vec::new())
    }

    /// What to do about the refusal; see [`Handler::recourse`](crate::Handler::recourse).
    ///
    /// # Errors
    /// The change cannot happen, now or ever.
    fn recourse(&self, refused: CounterRefused, seen: &Counted) -> Result<Recourse, Self::Error> {
        let _ = seen;
        Ok(Recourse::Refuse(refused))
    }

    /// Decides again when a counter refused the write; the new draft must not change counters.
    ///
    /// # Errors
    /// Returns the counter's refusal by default; override it if drafts change counters.
    fn refused(
        &mut self,
        loaded: &Loaded,
        refused: CounterRefused,
    ) -> Result<Draft<Self::Aggregate, Self::Answer>, Self::Error> {
        let _ = loaded;
        Err(SaveError::from(refused).into())
    }
}

/// Changes the item with this key.
///
/// # Errors
/// The item could not be loaded or saved, `conditional` could not decide, or all [`MAX_ATTEMPTS`] met a conflict.
pub async fn change<C: Conditional>(store: &dyn Store, key: Key, conditional: &mut C) -> Result<C::Answer, C::Error> {
    let mut loaded = Loaded { key, record: None };
    for _ in 0..MAX_ATTEMPTS {
        loaded.record = store.load(&loaded.key).await?;
        let mut draft = match conditional.decide(&loaded).await? {
            Attempt::Answer(answer) => return Ok(answer),
            Attempt::Save(draft) => draft,
        };
        let refused = match save(store, &loaded, &draft, conditional.origin()).await {
            Ok(()) => return Ok(draft.answer),
            Err(SaveError::Conflict) => continue,
            Err(error) => CounterRefused::try_from(error)?,
        };
        let mut seen = Counted::new();
        for group in conditional.looks_at(&refused)? {
            seen.extend(store.count(&group).await?);
        }
        let has_other_counters = match conditional.recourse(refused, &seen)? {
            Recourse::Count(counters) => {
                draft.counters = counters;
                true
            }
            Recourse::Refuse(refused) => {
                *draft = conditional.refused(&loaded, refused)?;
                false
            }
        };
        match save(store, &loaded, &draft, conditional.origin()).await {
            Ok(()) => return Ok(draft.answer),
            Err(SaveError::Conflict) => {}
            // What was seen of the counters is out of date.
            Err(SaveError::CounterShort(_) | SaveError::ShardShort(_) | SaveError::CounterMissing(_))
                if has_other_counters => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Contended(loaded.key).into())
}

impl TryFrom<SaveError> for CounterRefused {
    type Error = SaveError;

    fn try_from(error: SaveError) -> Result<Self, SaveError> {
        match error {
            SaveError::CounterShort(key) => Ok(Self::Short(key)),
            SaveError::ShardShort(key) => Ok(Self::ShardShort(key)),
            SaveError::CounterMissing(key) => Ok(Self::Missing(key)),
            SaveError::Conflict | SaveError::Transient(_) | SaveError::Rejected(_) => Err(error),
        }
    }
}

async fn save<A: Aggregate, T>(
    store: &dyn Store,
    loaded: &Loaded,
    draft: &Draft<A, T>,
    origin: Origin<'_>,
) -> Result<(), SaveError> {
    let write = write(loaded, draft, origin)?;
    store.save(&write).await
}

fn write<A: Aggregate, T>(loaded: &Loaded, draft: &Draft<A, T>, origin: Origin<'_>) -> Result<Write, SaveError> {
    let record = Record::of(loaded.key.clone(), loaded.next_version(), &draft.state);
    let mut record = record.map_err(|error| SaveError::Rejected(error.to_string()))?;
    record.inbox = loaded.record().map(|loaded| loaded.inbox.clone()).unwrap_or_default();
    record.forget(draft.forgets);
    if let Some(handled) = &draft.handled {
        record.remember(handled.clone());
    }
    record.outbox = outbox(&record, &draft.events, origin)?;
    let beside = draft.state.beside().into_iter().map(|(ending, aggregate)| {
        let record = Record::of(format!("{}{ending}", record.key), record.version, &aggregate);
        record.map_err(|error| SaveError::Rejected(error.to_string()))
    });
    let beside = beside.collect::<Result<_, _>>()?;
    Ok(Write { record, counters: draft.counters.clone(), claim: draft.claim.clone(), beside })
}

fn outbox(record: &Record, events: &[Payload], origin: Origin<'_>) -> Result<Vec<OutboxEntry>, SaveError> {
    let entry = |(index, payload): (usize, &Payload)| {
        OutboxEntry::of(&Envelope {
            message_id: ids::event(&record.key, record.version, index),
            source: origin.source.to_owned(),
            causation_id: origin.causation_id,
            correlation: None,
            occurred_at: origin.now,
            trace_parent: origin.trace_parent.to_owned(),
            payload: payload.clone(),
        })
    };
    events.iter().enumerate().map(entry).collect()
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
