//! Pages of a table and of its indexes.

use async_trait::async_trait;
use messaging::{Index, IndexedKey, KeyIndex, LoadError, Page, PageToken, Record, Scan, SortOrder, Span};
use serde_json::Value;

use super::MemoryStore;

/// An [`Index`] and a [`KeyIndex`] in memory; it never lags behind. Of a record it has what an index has, and its own two keys.
#[derive(Debug, Clone)]
pub struct MemoryIndex {
    store: MemoryStore,
    partition: String,
    sort: String,
}

impl MemoryStore {
    /// The index of this table by the attribute `partition`, in the order of the attribute `sort`.
    pub fn index(&self, partition: impl Into<String>, sort: impl Into<String>) -> MemoryIndex {
        MemoryIndex { store: self.clone(), partition: partition.into(), sort: sort.into() }
    }
}

impl MemoryIndex {
    /// What the index has of a record.
    fn projected(&self, record: Record) -> Record {
        let Record { key, version, schema, state, mut attributes, .. } = record;
        attributes.retain(|name, _| [&self.partition, &self.sort].contains(&name));
        Record { key, version, schema, state, inbox: Vec::new(), outbox: Vec::new(), expires_at: None, attributes }
    }

    /// Where the item with this key and these attributes stands; `None` when it is not in the index.
    fn place<'a>(&self, key: &str, attribute: impl Fn(&str) -> Option<&'a Value>) -> Option<Place> {
        let text = |name: &str| attribute(name).and_then(Value::as_str).map(str::to_owned);
        Some(Place { partition: text(&self.partition)?, sort: text(&self.sort)?, key: key.to_owned() })
    }
}

/// Where a record stands in an index.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    partition: String,
    sort: String,
    key: String,
}

#[async_trait]
impl Index for MemoryIndex {
    async fn page(&self, value: &str, limit: u32, order: SortOrder, token: Option<&str>) -> Result<Page, LoadError> {
        self.store.enter_load().await?;
        let last = token.map(read_token::<3>).transpose()?;
        let last = last.map(|[partition, sort, key]| Place { partition, sort, key });
        if last.as_ref().is_some_and(|last| last.partition != value) {
            return Err(LoadError::BadToken);
        }
        let mut records: Vec<(Place, Record)> = (self.store.records()?.into_iter())
            .filter_map(|record| Some((self.place(&record.key, |name| record.attributes.get(name))?, record)))
            .filter(|(place, _)| place.partition == value)
            .collect();
        records.sort_by(|(one, _), (other, _)| one.cmp(other));
        if order == SortOrder::NewestFirst {
            records.reverse();
        }
        let follows = |place: &Place, last: &Place| match order {
            SortOrder::OldestFirst => place > last,
            SortOrder::NewestFirst => place < last,
        };
        records.retain(|(place, _)| last.as_ref().is_none_or(|last| follows(place, last)));
        let token_of = |(place, _): &(Place, Record)| write_token([&place.partition, &place.sort, &place.key]);
        Ok(first(records, limit, token_of, |(_, record)| self.projected(record)))
    }
}

#[async_trait]
impl KeyIndex for MemoryIndex {
    async fn latest(&self, value: &str, span: &Span, limit: u32) -> Result<Vec<IndexedKey>, LoadError> {
        self.store.enter_load().await?;
        // An index knows nothing of what a state says, so that it finds an unreadable item as well.
        let items = self.store.items();
        let mut places: Vec<Place> =
            items.iter().filter_map(|(key, item)| self.place(key, |name| item.get(name))).collect();
        let Span { from, to } = span;
        places.retain(|place| {
            let is_in = from.as_ref().is_none_or(|from| place.sort >= *from);
            place.partition == value && is_in && to.as_ref().is_none_or(|to| place.sort <= *to)
        });
        places.sort_by(|one, other| other.cmp(one));
        places.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(places.into_iter().map(|Place { key, sort, .. }| IndexedKey { key, sort }).collect())
    }
}

#[async_trait]
impl Scan for MemoryStore {
    async fn page(&self, limit: u32, token: Option<&str>) -> Result<Page, LoadError> {
        self.enter_load().await?;
        let last = token.map(read_token::<1>).transpose()?;
        let mut records = self.records()?;
        records.retain(|record| last.as_ref().is_none_or(|[last]| record.key > *last));
        Ok(first(records, limit, |record| write_token([&record.key]), |record| record))
    }
}

/// The first `limit` entries, with a token if others follow.
fn first<T>(
    mut entries: Vec<T>,
    limit: u32,
    token_of: impl FnOnce(&T) -> PageToken,
    record_of: impl FnMut(T) -> Record,
) -> Page {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let goes_on = entries.len() > limit;
    entries.truncate(limit);
    let next = entries.last().filter(|_| goes_on).map(token_of);
    Page { records: entries.into_iter().map(record_of).collect(), next }
}

fn write_token<const PARTS: usize>(parts: [&str; PARTS]) -> PageToken {
    Value::from_iter(parts).to_string()
}

fn read_token<const PARTS: usize>(token: &str) -> Result<[String; PARTS], LoadError> {
    let parts: Vec<String> = serde_json::from_str(token).map_err(|_| LoadError::BadToken)?;
    <[String; PARTS]>::try_from(parts).map_err(|_| LoadError::BadToken)
}
