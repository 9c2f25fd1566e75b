//! One item: versions, conditions, and everything a record holds.

use std::collections::BTreeMap;

use messaging::{Address, Correlation, InboxEntry, LoadError, OutboxEntry, Outgoing, Record, SaveError, Write};
use serde_json::json;

use super::StoreFixture;
use crate::builders::{id, record};
use crate::till::v1::RefundCard;

pub(super) async fn contract(fixture: &StoreFixture) {
    an_item_is_created_only_once(fixture).await;
    a_write_needs_the_version_before(fixture).await;
    of_two_writers_one_loses(fixture).await;
    no_update_is_lost(fixture).await;
    everything_in_a_record_survives(fixture).await;
    what_can_never_be_saved_is_rejected(fixture).await;
    many_are_loaded_at_once(fixture).await;
}

async fn an_item_is_created_only_once(fixture: &StoreFixture) {
    let store = &fixture.store;
    assert_eq!(store.load("created").await, Ok(None), "an item that was never written");
    assert_eq!(store.save(&Write::of(record("created", 1))).await, Ok(()));
    let other = Record { state: json!("other"), ..record("created", 1) };
    assert_eq!(store.save(&Write::of(other)).await, Err(SaveError::Conflict), "a second creation");
    assert_eq!(store.load("created").await, Ok(Some(record("created", 1))), "the first creation stays");
}

async fn a_write_needs_the_version_before(fixture: &StoreFixture) {
    let store = &fixture.store;
    let absent = store.save(&Write::of(record("chain", 2))).await;
    assert_eq!(absent, Err(SaveError::Conflict), "an update of an item that is not there");
    for version in 1..=4 {
        assert_eq!(store.save(&Write::of(record("chain", version))).await, Ok(()), "version {version}");
    }
    for version in [1, 3, 4, 6] {
        let result = store.save(&Write::of(record("chain", version))).await;
        assert_eq!(result, Err(SaveError::Conflict), "version {version} after version 4");
    }
    assert_eq!(store.load("chain").await, Ok(Some(record("chain", 4))));
}

async fn of_two_writers_one_loses(fixture: &StoreFixture) {
    let store = &fixture.store;
    store.save(&Write::of(record("raced", 1))).await.expect("a creation");
    let mine = Record { state: json!("mine"), ..record("raced", 2) };
    let yours = Record { state: json!("yours"), ..record("raced", 2) };
    assert_eq!(store.save(&Write::of(mine.clone())).await, Ok(()));
    assert_eq!(store.save(&Write::of(yours)).await, Err(SaveError::Conflict), "a write over an unseen version");
    assert_eq!(store.load("raced").await, Ok(Some(mine)));
}

async fn no_update_is_lost(fixture: &StoreFixture) {
    const WRITERS: u64 = 8;
    fixture.store.save(&Write::of(Record { state: json!(0), ..record("sum", 1) })).await.expect("a creation");
    let add_one = |store: std::sync::Arc<dyn messaging::Store>| async move {
        loop {
            let loaded = store.load("sum").await.expect("a load").expect("an item");
            let sum = loaded.state.as_u64().expect("a number") + 1;
            let next = Record { state: json!(sum), version: loaded.version + 1, ..loaded };
            match store.save(&Write::of(next)).await {
                Ok(()) => return,
                Err(SaveError::Conflict) => {}
                Err(error) => panic!("{error}"),
            }
        }
    };
    let writers: Vec<_> = (0..WRITERS).map(|_| tokio::spawn(add_one(fixture.store.clone()))).collect();
    for writer in writers {
        writer.await.expect("a writer");
    }
    let sum = fixture.store.load("sum").await.expect("a load").expect("an item");
    assert_eq!((sum.state, sum.version), (json!(WRITERS), WRITERS + 1), "concurrent additions");
}

/// A record in which everything is set.
fn full() -> Record {
    let payload = RefundCard { sale_id: "Zoë 🍕".to_owned(), ..Default::default() };
    let correlation =
        Correlation { saga_id: id(3), step: "s".to_owned(), reply_to: "q".to_owned(), reply_token: String::new() };
    let message = Outgoing::Message {
        to: Address::Handler("refund-card".to_owned()),
        id: id(2),
        correlation: Some(correlation),
        delay_seconds: 900,
        payload: payload.clone().into(),
    };
    Record {
        state: json!({
            "null": null, "object": {}, "list": [], "text": "", "flag": false, "nested": [[{"a": {"b": null}}], 0],
            "unicode": "Zoë 🍕 \u{0} \u{ffff} 名前", "least": i64::MIN, "most": u64::MAX, "minus": -1, "fraction": 0.5,
        }),
        inbox: vec![
            InboxEntry { id: id(1), sent: vec![Outgoing::Reply(payload.into()), message] },
            InboxEntry { id: id(4), sent: Vec::new() },
        ],
        outbox: vec![
            OutboxEntry { id: id(5), type_name: "a.B".to_owned(), body: r#"{"a":"\u0000"}"#.to_owned() },
            OutboxEntry { id: id(6), type_name: "a.C".to_owned(), body: "{}".to_owned() },
        ],
        expires_at: Some(4_102_444_800),
        attributes: BTreeMap::from([
            ("buyer".to_owned(), json!("auth0|Zoë")),
            ("created_at".to_owned(), json!("2026-01-01T00:00:00Z")),
            ("available".to_owned(), json!(-7)),
        ]),
        ..record("full 🍕", 1)
    }
}

async fn everything_in_a_record_survives(fixture: &StoreFixture) {
    let store = &fixture.store;
    store.save(&Write::of(full())).await.expect("a save");
    assert_eq!(store.load("full 🍕").await, Ok(Some(full())));
    // A write replaces the item: nothing of the version before stays.
    store.save(&Write::of(record("full 🍕", 2))).await.expect("a save");
    assert_eq!(store.load("full 🍕").await, Ok(Some(record("full 🍕", 2))));
}

async fn what_can_never_be_saved_is_rejected(fixture: &StoreFixture) {
    let huge = Record { state: json!("x".repeat(410 * 1024)), ..record("huge", 1) };
    let hidden = BTreeMap::from([("version".to_owned(), json!(9))]);
    let wrong = [
        ("an item of more than 400 KB", huge),
        ("an empty key", record("", 1)),
        ("the version 0", record("zero", 0)),
        ("an attribute in the place of a field", Record { attributes: hidden, ..record("hidden", 1) }),
    ];
    for (what, record) in wrong {
        let result = fixture.store.save(&Write::of(record.clone())).await;
        assert!(matches!(result, Err(SaveError::Rejected(_))), "{what}: {result:?}");
        let claimed = Write { claim: Some(record), ..Write::of(super::record::record("claims", 1)) };
        let result = fixture.store.save(&claimed).await;
        assert!(matches!(result, Err(SaveError::Rejected(_))), "{what} in a transaction: {result:?}");
    }
    assert!(matches!(fixture.store.load("").await, Err(LoadError::Unreadable(_))), "an empty key");
    assert_eq!(fixture.store.load("claims").await, Ok(None));
}

async fn many_are_loaded_at_once(fixture: &StoreFixture) {
    let keys: Vec<String> = (0..100).map(|number| format!("many-{number:03}")).collect();
    for key in keys.iter().step_by(2) {
        fixture.store.save(&Write::of(record(key, 1))).await.expect("a save");
    }
    let mut loaded = fixture.many.load_many(&keys).await.expect("records");
    loaded.sort_by(|one, other| one.key.cmp(&other.key));
    let expected: Vec<Record> = keys.iter().step_by(2).map(|key| record(key, 1)).collect();
    assert_eq!(loaded, expected, "the items that exist among 100 keys");
    assert_eq!(fixture.many.load_many(&[]).await, Ok(Vec::new()), "no keys");
    let twice = [keys[0].clone(), keys[0].clone()];
    assert_eq!(fixture.many.load_many(&twice).await, Ok(vec![record(&keys[0], 1)]), "the same key twice");
}
