//! An index of keys.

use std::collections::BTreeMap;

use messaging::{IndexedKey, Record, Span, Write};
use serde_json::json;

use super::StoreFixture;
use crate::builders::record;

pub(super) async fn contract(fixture: &StoreFixture) {
    the_latest_come_first_and_no_more_than_asked_for(fixture).await;
    both_ends_of_a_span_belong_to_it(fixture).await;
    an_item_is_found_by_the_value_that_it_has_now(fixture).await;
}

fn time(second: u32) -> String {
    format!("2026-01-01T00:00:{second:02}Z")
}

/// On a shelf since this second.
fn on(shelf: &str, key: &str, second: u32) -> Record {
    let attributes =
        BTreeMap::from([("shelf".to_owned(), json!(shelf)), ("created_at".to_owned(), json!(time(second)))]);
    Record { attributes, ..record(key, 1) }
}

async fn save(fixture: &StoreFixture, record: Record) {
    fixture.store.save(&Write::of(record)).await.expect("a save");
}

async fn latest(fixture: &StoreFixture, shelf: &str, span: &Span, limit: u32) -> Vec<IndexedKey> {
    fixture.keys.latest(shelf, span, limit).await.expect("keys")
}

fn key(key: &str, second: u32) -> IndexedKey {
    IndexedKey { key: key.to_owned(), sort: time(second) }
}

async fn the_latest_come_first_and_no_more_than_asked_for(fixture: &StoreFixture) {
    // The keys run against the order of creation, so that an order by key shows.
    for (name, second) in [("kept-d", 2), ("kept-e", 1), ("kept-b", 4), ("kept-c", 3), ("kept-a", 5)] {
        save(fixture, on("kept", name, second)).await;
    }
    save(fixture, on("other", "shelf-elsewhere", 3)).await;
    save(fixture, record("shelf-less", 1)).await;
    let all =
        [("kept-a", 5), ("kept-b", 4), ("kept-c", 3), ("kept-d", 2), ("kept-e", 1)].map(|(name, at)| key(name, at));
    for limit in [1, 2, 4, 5, 6, 1000] {
        let found = latest(fixture, "kept", &Span::default(), limit).await;
        assert_eq!(found, all[..5.min(limit as usize)], "the latest {limit}");
    }
    assert_eq!(latest(fixture, "nobody's", &Span::default(), 10).await, []);
}

async fn both_ends_of_a_span_belong_to_it(fixture: &StoreFixture) {
    for second in 1..=5 {
        save(fixture, on("spanned", &format!("spanned-{second}"), second)).await;
    }
    let within = async |from: Option<u32>, to: Option<u32>, limit: u32| {
        let span = Span { from: from.map(time), to: to.map(time) };
        let found = latest(fixture, "spanned", &span, limit).await;
        found.into_iter().map(|key| key.sort).collect::<Vec<_>>()
    };
    let times = |seconds: &[u32]| seconds.iter().copied().map(time).collect::<Vec<_>>();
    assert_eq!(within(Some(2), Some(4), 10).await, times(&[4, 3, 2]));
    assert_eq!(within(Some(2), Some(4), 2).await, times(&[4, 3]));
    assert_eq!(within(Some(4), None, 10).await, times(&[5, 4]));
    assert_eq!(within(None, Some(2), 10).await, times(&[2, 1]));
    assert_eq!(within(Some(3), Some(3), 10).await, times(&[3]));
    assert_eq!(within(Some(4), Some(2), 10).await, times(&[]), "it ends before it begins");
}

async fn an_item_is_found_by_the_value_that_it_has_now(fixture: &StoreFixture) {
    save(fixture, on("before", "shelf-moved", 1)).await;
    assert_eq!(latest(fixture, "before", &Span::default(), 10).await, [key("shelf-moved", 1)]);
    save(fixture, Record { version: 2, ..on("after", "shelf-moved", 1) }).await;
    assert_eq!(latest(fixture, "before", &Span::default(), 10).await, []);
    assert_eq!(latest(fixture, "after", &Span::default(), 10).await, [key("shelf-moved", 1)]);
    save(fixture, Record { version: 3, ..record("shelf-moved", 3) }).await;
    assert_eq!(latest(fixture, "after", &Span::default(), 10).await, []);
}
