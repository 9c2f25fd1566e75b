//! Lists the Rust lane's sagas by an index of their states.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::try_join_all;
use messaging::{IndexedKey, Key, KeyIndex, LoadError, Span, sortable_time};
use uuid::Uuid;

use crate::sagas::{Cursor, Place, log_unknown};
use crate::{Catalog, Listed, Number, ProgressState, RecordedSagas, SagaProgress, Wanted};

/// By which its page tokens are told from those of the other lane.
const LANE: &str = "recorded";
/// How many sagas one call for a page looks at.
const LOOKED_AT: u32 = 200;
/// How many records are read at once where it is not known how many of them are wanted.
const AT_ONCE: usize = 100;
/// Up to how many sagas of a state are counted.
const COUNTED: u32 = 1000;
/// Up to how many sagas of a state are read to count those of a name. The index has nothing but keys, and a saga's key is derived
/// from the event that started it: neither tells the name. An index that did would be another one, written at every saga's cost.
const COUNTED_BY_NAME: u32 = 100;

/// The Rust lane's sagas, and the index that lists them.
pub struct RecordedCatalog {
    /// The records.
    pub recorded: RecordedSagas,
    /// The index [`BY_STATE`](crate::SagaInstance::BY_STATE).
    pub by_state: Arc<dyn KeyIndex>,
}

#[async_trait]
impl Catalog for RecordedCatalog {
    async fn list(&self, wanted: &Wanted, limit: u32, token: Option<&str>) -> Result<Listed, LoadError> {
        let below = token.map(|token| Cursor::read(LANE, wanted, token)).transpose()?.map(|cursor| cursor.below);
        let limit = usize::try_from(limit.max(1)).unwrap_or(usize::MAX);
        let Ahead { places, goes_on } = self.ahead(wanted, below).await?;
        let (mut sagas, mut last) = (Vec::new(), None);
        'page: for some in places.chunks(if wanted.looks() { AT_ONCE } else { limit }) {
            let mut known = self.read(some).await?;
            for place in some {
                last = Some(place);
                // A record that is gone has been forgotten since the index was read.
                sagas.extend(known.remove(&place.key).filter(|saga| wanted.is_met_by(saga)));
                if sagas.len() == limit {
                    break 'page;
                }
            }
        }
        let next = last.filter(|last| goes_on || places.last() != Some(last));
        let next = next.map(|below| Cursor::new(LANE, wanted, below.clone()).write()).transpose()?;
        Ok(Listed { sagas, next })
    }

    async fn count(&self, wanted: &Wanted) -> Result<BTreeMap<ProgressState, Number>, LoadError> {
        let span = span(wanted, None);
        let numbers = ProgressState::STORED.map(|state| self.number(state, &span, wanted.saga.as_deref()));
        Ok(ProgressState::STORED.into_iter().zip(try_join_all(numbers).await?).collect())
    }

    async fn find(&self, saga: Uuid) -> Result<Option<SagaProgress>, LoadError> {
        let records = self.recorded.instances.load_many(&[saga.to_string()]).await;
        // What the store says of an item that is no record names none.
        let records = records.map_err(|error| match error {
            LoadError::Unreadable(why) => LoadError::Unreadable(format!("the saga {saga}: {why}")),
            error => error,
        })?;
        records.first().map(|record| self.recorded.read(record)).transpose()
    }
}

/// What follows in a list.
struct Ahead {
    /// The places of the next sagas, the latest first.
    places: Vec<Place>,
    /// Whether there may be others after those.
    goes_on: bool,
}

impl RecordedCatalog {
    /// The next sagas of the wanted states and times. More than one look shows may have started in one millisecond: those that
    /// it does not show cannot be told apart, and the list goes on behind them.
    async fn ahead(&self, wanted: &Wanted, below: Option<Place>) -> Result<Ahead, LoadError> {
        let ahead = self.look(wanted, below.as_ref()).await?;
        match below.filter(|_| ahead.goes_on && ahead.places.is_empty()).and_then(|below| below.earlier()) {
            Some(earlier) => self.look(wanted, Some(&earlier)).await,
            None => Ok(ahead),
        }
    }

    /// What the lists of the wanted states show below a place.
    async fn look(&self, wanted: &Wanted, below: Option<&Place>) -> Result<Ahead, LoadError> {
        let states = if wanted.states.is_empty() { &ProgressState::STORED[..] } else { &wanted.states };
        let span = span(wanted, below);
        let lists = states.iter().map(|state| self.by_state.latest(state.name(), &span, LOOKED_AT));
        let mut places = BTreeSet::new();
        let mut floor = None;
        for keys in try_join_all(lists).await? {
            // What follows a full list is not known, nor all that started in the millisecond in which it ends.
            let is_full = u32::try_from(keys.len()).is_ok_and(|keys| keys >= LOOKED_AT);
            floor = floor.max(keys.last().filter(|_| is_full).map(|key| key.sort.clone()));
            // A saga whose state has just changed can be found by both states.
            places.extend(keys.into_iter().map(|IndexedKey { key, sort }| Place { at: sort, key }));
        }
        places.retain(|place| below.is_none_or(|below| place < below));
        let above = places.iter().filter(|place| floor.as_ref().is_none_or(|floor| place.at > *floor)).count();
        // All that the full list has may have started at its end; what other lists have from before has to wait.
        let known =
            if above > 0 { above } else { places.iter().filter(|place| Some(&place.at) == floor.as_ref()).count() };
        Ok(Ahead { places: places.into_iter().rev().take(known).collect(), goes_on: floor.is_some() })
    }

    /// How many sagas are in a state.
    async fn number(&self, state: ProgressState, span: &Span, saga: Option<&str>) -> Result<Number, LoadError> {
        let most = if saga.is_none() { COUNTED } else { COUNTED_BY_NAME };
        let mut keys = self.by_state.latest(state.name(), span, most.saturating_add(1)).await?;
        let counted = usize::try_from(most).unwrap_or(usize::MAX);
        let mut at_least = keys.len() > counted;
        keys.truncate(counted);
        let mut number = keys.len();
        if let Some(saga) = saga {
            let places: Vec<Place> = keys.into_iter().map(|key| Place { at: key.sort, key: key.key }).collect();
            let known = self.read(&places).await?;
            number = known.values().filter(|known| known.saga == saga).count();
            at_least |= known.values().any(|known| known.state == ProgressState::Unknown);
        }
        Ok(Number { sagas: u32::try_from(number).unwrap_or(u32::MAX), at_least })
    }

    /// The sagas at these places, by their keys, but for those that are forgotten.
    async fn read(&self, places: &[Place]) -> Result<BTreeMap<Key, SagaProgress>, LoadError> {
        if places.is_empty() {
            return Ok(BTreeMap::new());
        }
        let keys: Vec<Key> = places.iter().map(|place| place.key.clone()).collect();
        let mut sagas: BTreeMap<Key, SagaProgress> = match self.recorded.instances.load_many(&keys).await {
            Ok(records) => {
                records.into_iter().map(|record| (record.key.clone(), self.recorded.told(&record))).collect()
            }
            // One of them is no record: it must not hide the others.
            Err(LoadError::Unreadable(_)) => {
                let each = keys.into_iter().map(|key| async { Ok((self.read_one(&key).await?, key)) });
                let each = try_join_all(each).await?;
                each.into_iter().filter_map(|(saga, key)| Some((key, saga?))).collect()
            }
            Err(error) => return Err(error),
        };
        for place in places {
            if let Some(saga) = sagas.get_mut(&place.key) {
                // The index knows this much of a record that cannot be read.
                saga.started_at = saga.started_at.or_else(|| place.time());
            }
        }
        Ok(sagas)
    }

    /// The saga with this key, as unknown if its record cannot be read.
    async fn read_one(&self, key: &Key) -> Result<Option<SagaProgress>, LoadError> {
        match self.recorded.instances.load_many(std::slice::from_ref(key)).await {
            Ok(records) => Ok(records.first().map(|record| self.recorded.told(record))),
            Err(error @ LoadError::Unreadable(_)) => {
                log_unknown(key, &error);
                Ok(Some(SagaProgress::unknown(Uuid::parse_str(key).ok())))
            }
            Err(error) => Err(error),
        }
    }
}

/// The part of the index that a list has still to show.
fn span(wanted: &Wanted, below: Option<&Place>) -> Span {
    let before = wanted.started_before.and_then(|before| before.checked_sub(time::Duration::NANOSECOND));
    let bounds = [below.map(|below| below.at.clone()), before.map(sortable_time)];
    Span { from: wanted.started_after.map(sortable_time), to: bounds.into_iter().flatten().min() }
}
