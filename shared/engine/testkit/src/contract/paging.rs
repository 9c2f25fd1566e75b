//! Lists in pages.

use std::collections::BTreeMap;

use messaging::{InboxEntry, Index, LoadError, OutboxEntry, Page, Record, Scan, SortOrder, Write};
use serde_json::json;

use super::StoreFixture;
use crate::builders::{counter, id, record};

pub(super) async fn contract(fixture: &StoreFixture) {
    an_index_gives_its_pages_in_order(fixture).await;
    an_index_has_what_its_readers_read(fixture).await;
    a_full_scan_gives_every_item_once(fixture).await;
    a_token_leads_only_where_it_came_from(fixture).await;
}

/// Listed by its buyer, as number `number` in the order of creation.
fn listed(buyer: &str, number: u32) -> Record {
    let attributes = BTreeMap::from([
        ("buyer".to_owned(), json!(buyer)),
        ("created_at".to_owned(), json!(format!("2026-01-01T00:00:{number:02}Z"))),
    ]);
    // The keys run against the order of creation, so that an order by key shows.
    Record { attributes, ..record(&format!("{buyer}-{:02}", 50 - number), 1) }
}

async fn all_pages(index: &dyn Index, buyer: &str, limit: u32, order: SortOrder) -> Vec<Vec<Record>> {
    let (mut pages, mut token) = (Vec::new(), None);
    loop {
        let Page { records, next } = index.page(buyer, limit, order, token.as_deref()).await.expect("a page");
        assert!(records.len() <= limit as usize, "no page is longer than asked for");
        pages.push(records);
        assert!(pages.len() < 20, "pages that never end");
        token = match next {
            None => return pages,
            next => next,
        };
    }
}

async fn an_index_gives_its_pages_in_order(fixture: &StoreFixture) {
    for number in [3, 1, 5, 2, 4] {
        fixture.store.save(&Write::of(listed("ann", number))).await.expect("a save");
    }
    fixture.store.save(&Write::of(listed("bob", 1))).await.expect("a save");
    fixture.store.save(&Write::of(record("unlisted", 1))).await.expect("a save");
    let oldest_first: Vec<Record> = (1..=5).map(|number| listed("ann", number)).collect();
    let newest_first: Vec<Record> = (1..=5).rev().map(|number| listed("ann", number)).collect();
    for limit in [1, 2, 3, 5, 100] {
        let pages = all_pages(fixture.index.as_ref(), "ann", limit, SortOrder::OldestFirst).await;
        assert_eq!(pages[0], oldest_first[..5.min(limit as usize)], "the first page of {limit}");
        assert_eq!(pages.concat(), oldest_first, "pages of {limit}, oldest first");
        assert_eq!(pages.len(), 5_usize.div_ceil(limit as usize), "no page of {limit} is empty");
        let pages = all_pages(fixture.index.as_ref(), "ann", limit, SortOrder::NewestFirst).await;
        assert_eq!(pages.concat(), newest_first, "pages of {limit}, newest first");
    }
    let none = Page { records: Vec::new(), next: None };
    assert_eq!(fixture.index.page("nobody", 10, SortOrder::NewestFirst, None).await, Ok(none));
}

/// An index that had more would be paid with each write and read for nothing; with less, no aggregate could be read.
async fn an_index_has_what_its_readers_read(fixture: &StoreFixture) {
    let found = listed("carla", 1);
    let mut written = Record { expires_at: Some(4_000_000_000), ..found.clone() };
    written.remember(InboxEntry { id: id(1), sent: Vec::new() });
    written.outbox = vec![OutboxEntry { id: id(2), type_name: "shop.v1.SalePlaced".to_owned(), body: "{}".to_owned() }];
    written.attributes.insert("colour".to_owned(), json!("red"));
    fixture.store.save(&Write::of(written.clone())).await.expect("a save");
    let page = fixture.index.page("carla", 10, SortOrder::OldestFirst, None).await.expect("a page");
    assert_eq!(page.records, [found]);
    assert_eq!(fixture.store.load(&written.key).await.expect("a load"), Some(written), "the table has all of it");
}

async fn a_full_scan_gives_every_item_once(fixture: &StoreFixture) {
    for number in 0..5 {
        fixture.counters.save(&Write::of(counter(&format!("scanned-{number}"), 1, number))).await.expect("a save");
    }
    let (mut keys, mut token) = (Vec::new(), None);
    loop {
        let Page { records, next } = scan(fixture, 2, token.as_deref()).await.expect("a page");
        assert!(records.len() <= 2, "no page is longer than asked for");
        assert!(!records.is_empty(), "no page is empty");
        keys.extend(records.into_iter().map(|record| record.key).filter(|key| key.starts_with("scanned-")));
        assert!(keys.len() < 100, "pages that never end");
        token = next;
        if token.is_none() {
            break;
        }
    }
    keys.sort_unstable();
    assert_eq!(keys, ["scanned-0", "scanned-1", "scanned-2", "scanned-3", "scanned-4"]);
}

async fn scan(fixture: &StoreFixture, limit: u32, token: Option<&str>) -> Result<Page, LoadError> {
    Scan::page(fixture.scan.as_ref(), limit, token).await
}

async fn a_token_leads_only_where_it_came_from(fixture: &StoreFixture) {
    let index = fixture.index.as_ref();
    let ann = index.page("ann", 1, SortOrder::OldestFirst, None).await.expect("a page").next.expect("a token");
    let scanned = scan(fixture, 1, None).await.expect("a page").next.expect("a token");
    for bad in ["", "nonsense", "e30", "[]", "{}", &scanned] {
        let result = index.page("ann", 1, SortOrder::OldestFirst, Some(bad)).await;
        assert_eq!(result, Err(LoadError::BadToken), "the token {bad:?}");
    }
    for bad in ["", "nonsense", "e30", "[]", "{}", &ann] {
        assert_eq!(scan(fixture, 1, Some(bad)).await, Err(LoadError::BadToken), "the token {bad:?} of a scan");
    }
    let others = index.page("bob", 1, SortOrder::OldestFirst, Some(&ann)).await;
    assert_eq!(others, Err(LoadError::BadToken), "another buyer's token");
}
