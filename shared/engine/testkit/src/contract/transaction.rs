//! Several items in one write: all of it, or nothing.

use std::sync::Arc;

use messaging::{Counted, Counter, Key, LoadError, Record, SHARDS, SaveError, Store, Write};

use super::StoreFixture;
use crate::builders::{counter, record};

pub(super) async fn contract(fixture: &StoreFixture) {
    a_record_and_its_counters_change_together(fixture).await;
    a_short_counter_is_told_from_a_missing_one(fixture).await;
    a_conflict_outweighs_a_counter(fixture).await;
    a_claim_is_taken_once(fixture).await;
    no_item_is_touched_twice(fixture).await;
    nothing_is_oversold(fixture).await;
    a_short_counter_that_is_one_of_several_says_so(fixture).await;
    what_lies_beside_an_item_is_replaced_with_it(fixture).await;
    a_look_shows_the_counters_that_there_are(fixture).await;
    a_look_shows_one_moment(fixture).await;
}

async fn set(fixture: &StoreFixture, key: &str, available: i64) {
    fixture.counters.save(&Write::of(counter(key, 1, available))).await.expect("a counter");
}

async fn available(fixture: &StoreFixture, key: &str) -> i64 {
    let record = fixture.counters.load(key).await.expect("a load").expect("a counter");
    record.attributes["available"].as_i64().expect("a number")
}

fn write(record: Record, counters: &[(&str, i64)]) -> Write {
    let counter = |(key, delta): &(&str, i64)| Counter { key: (*key).to_owned(), delta: *delta };
    Write { counters: counters.iter().map(counter).collect(), ..Write::of(record) }
}

async fn a_record_and_its_counters_change_together(fixture: &StoreFixture) {
    set(fixture, "tea", 5).await;
    set(fixture, "cake", 0).await;
    let created = write(record("together", 1), &[("tea", -5), ("cake", 2)]);
    assert_eq!(fixture.store.save(&created).await, Ok(()), "taking all there is");
    assert_eq!((available(fixture, "tea").await, available(fixture, "cake").await), (0, 2));
    assert_eq!(fixture.store.load("together").await, Ok(Some(record("together", 1))));
    let updated = write(record("together", 2), &[("tea", 5), ("cake", 0)]);
    assert_eq!(fixture.store.save(&updated).await, Ok(()), "giving it back");
    assert_eq!((available(fixture, "tea").await, available(fixture, "cake").await), (5, 2));
    assert_eq!(fixture.store.load("together").await, Ok(Some(record("together", 2))));
}

async fn a_short_counter_is_told_from_a_missing_one(fixture: &StoreFixture) {
    set(fixture, "plenty", 9).await;
    set(fixture, "scarce", 1).await;
    let refused = [
        (("scarce", -2), SaveError::CounterShort("scarce".to_owned())),
        (("absent", -1), SaveError::CounterMissing("absent".to_owned())),
        (("absent", 1), SaveError::CounterMissing("absent".to_owned())),
        (("absent", 0), SaveError::CounterMissing("absent".to_owned())),
    ];
    for (change, expected) in refused {
        let result = fixture.store.save(&write(record("refused", 1), &[("plenty", -1), change])).await;
        assert_eq!(result, Err(expected), "{change:?}");
    }
    assert_eq!(fixture.store.load("refused").await, Ok(None), "nothing of a refused write happens");
    assert_eq!((available(fixture, "plenty").await, available(fixture, "scarce").await), (9, 1));
    assert_eq!(fixture.counters.load("absent").await, Ok(None), "no counter comes into being");
}

async fn a_conflict_outweighs_a_counter(fixture: &StoreFixture) {
    set(fixture, "empty", 0).await;
    fixture.store.save(&Write::of(record("newer", 1))).await.expect("a creation");
    for change in [("empty", -1), ("absent", -1)] {
        let result = fixture.store.save(&write(record("newer", 1), &[change])).await;
        assert_eq!(result, Err(SaveError::Conflict), "{change:?} decided on an old version");
    }
    let result = fixture.store.save(&write(record("newer", 3), &[("empty", 1)])).await;
    assert_eq!(result, Err(SaveError::Conflict), "a version that is not the next");
    assert_eq!(available(fixture, "empty").await, 0, "nothing of a conflicting write happens");
}

async fn a_claim_is_taken_once(fixture: &StoreFixture) {
    set(fixture, "claimed", 5).await;
    let claim = Record { expires_at: Some(4_102_444_800), ..record("claim#1", 1) };
    let write = |version| Write { claim: Some(claim.clone()), ..write(record("owner", version), &[("claimed", -1)]) };
    assert_eq!(fixture.store.save(&write(1)).await, Ok(()));
    assert_eq!(fixture.store.load("claim#1").await, Ok(Some(claim.clone())));
    assert_eq!(fixture.store.save(&write(2)).await, Err(SaveError::Conflict), "a claim that is taken");
    assert_eq!(fixture.store.load("owner").await, Ok(Some(record("owner", 1))), "nothing of it happens");
    assert_eq!(available(fixture, "claimed").await, 4);
    let stale = Write { claim: Some(record("claim#2", 1)), ..Write::of(record("owner", 1)) };
    assert_eq!(fixture.store.save(&stale).await, Err(SaveError::Conflict), "an old version with a new claim");
    assert_eq!(fixture.store.load("claim#2").await, Ok(None));
}

async fn no_item_is_touched_twice(fixture: &StoreFixture) {
    set(fixture, "twice", 5).await;
    let result = fixture.store.save(&write(record("touched", 1), &[("twice", -1), ("twice", -1)])).await;
    assert!(matches!(result, Err(SaveError::Rejected(_))), "one counter twice: {result:?}");
    let itself = Write { claim: Some(record("touched", 1)), ..Write::of(record("touched", 1)) };
    let result = fixture.store.save(&itself).await;
    assert!(matches!(result, Err(SaveError::Rejected(_))), "a record that claims itself: {result:?}");
    assert_eq!((fixture.store.load("touched").await, available(fixture, "twice").await), (Ok(None), 5));
}

async fn nothing_is_oversold(fixture: &StoreFixture) {
    const BUYERS: usize = 24;
    const SUPPLY: i64 = 10;
    set(fixture, "paper", SUPPLY).await;
    let buy = |store: Arc<dyn Store>, buyer: usize| async move {
        loop {
            match store.save(&write(record(&format!("buyer-{buyer}"), 1), &[("paper", -1)])).await {
                Ok(()) => return true,
                Err(SaveError::CounterShort(_)) => return false,
                // Another buyer's transaction was under way.
                Err(SaveError::Conflict) => tokio::task::yield_now().await,
                Err(error) => panic!("{error}"),
            }
        }
    };
    let buyers: Vec<_> = (0..BUYERS).map(|buyer| tokio::spawn(buy(fixture.store.clone(), buyer))).collect();
    let mut sold = 0;
    for (buyer, task) in buyers.into_iter().enumerate() {
        let bought = task.await.expect("a buyer");
        let record = fixture.store.load(&format!("buyer-{buyer}")).await.expect("a load");
        assert_eq!(record.is_some(), bought, "buyer {buyer} has a record exactly when one was sold");
        sold += i64::from(bought);
    }
    assert_eq!((sold, available(fixture, "paper").await), (SUPPLY, 0));
}

fn shard(key: &str, version: u64, available: i64, of: u64) -> Record {
    let mut shard = counter(key, version, available);
    shard.attributes.insert(SHARDS.to_owned(), of.into());
    shard
}

fn keys(keys: &[&str]) -> Vec<Key> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

async fn a_short_counter_that_is_one_of_several_says_so(fixture: &StoreFixture) {
    fixture.counters.save(&Write::of(shard("ink", 1, 1, 2))).await.expect("a counter");
    let result = fixture.store.save(&write(record("inked", 1), &[("ink", -2)])).await;
    assert_eq!(result, Err(SaveError::ShardShort("ink".to_owned())));
    assert_eq!(fixture.store.save(&write(record("inked", 1), &[("ink", -1)])).await, Ok(()), "what it has it gives");
}

async fn what_lies_beside_an_item_is_replaced_with_it(fixture: &StoreFixture) {
    let spread = |version, counts: [i64; 2]| {
        let beside =
            (1..).zip(counts).map(|(number, left)| shard(&format!("glue/{number}"), version, left, 3)).collect();
        Write { beside, ..Write::of(shard("glue", version, 9, 3)) }
    };
    assert_eq!(fixture.counters.save(&spread(1, [8, 7])).await, Ok(()));
    assert_eq!(fixture.store.save(&write(record("glued", 1), &[("glue/1", -5), ("glue/2", -1)])).await, Ok(()));
    assert_eq!((available(fixture, "glue/1").await, available(fixture, "glue/2").await), (3, 6));
    assert_eq!(fixture.counters.save(&spread(1, [4, 4])).await, Err(SaveError::Conflict), "an old version of the item");
    assert_eq!((available(fixture, "glue/1").await, available(fixture, "glue/2").await), (3, 6));
    assert_eq!(fixture.counters.save(&spread(2, [2, 0])).await, Ok(()), "whatever they were");
    assert_eq!(fixture.counters.load("glue/1").await, Ok(Some(shard("glue/1", 2, 2, 3))));
    assert_eq!(available(fixture, "glue/2").await, 0);
    let itself = Write { beside: vec![record("glue", 3)], ..Write::of(record("glue", 3)) };
    let result = fixture.counters.save(&itself).await;
    assert!(matches!(result, Err(SaveError::Rejected(_))), "a record beside itself: {result:?}");
}

async fn a_look_shows_the_counters_that_there_are(fixture: &StoreFixture) {
    set(fixture, "tape", 4).await;
    fixture.counters.save(&Write::of(record("uncounted", 1))).await.expect("an item");
    let seen = fixture.store.count(&keys(&["tape", "none of this name", "uncounted"])).await;
    assert_eq!(seen, Ok(Counted::from([("tape".to_owned(), 4), ("uncounted".to_owned(), 0)])));
    let many: Vec<Key> = (0..101).map(|number| format!("many-{number}")).collect();
    assert_eq!(fixture.store.count(&many[..100]).await, Ok(Counted::new()));
    for wrong in [&many[..], &[], &keys(&["tape", "tape"])] {
        let result = fixture.store.count(wrong).await;
        assert!(matches!(result, Err(LoadError::Unreadable(_))), "{} keys: {result:?}", wrong.len());
    }
}

async fn a_look_shows_one_moment(fixture: &StoreFixture) {
    const MOVES: u64 = 20;
    set(fixture, "left", 1).await;
    set(fixture, "right", 0).await;
    let store = fixture.store.clone();
    // One piece goes to and fro: whoever looks at one counter after the other sees none, or two.
    let moving = tokio::spawn(async move {
        for version in 1..=MOVES {
            let delta = if version % 2 == 0 { 1 } else { -1 };
            let moved = write(record("moved", version), &[("left", delta), ("right", -delta)]);
            while store.save(&moved).await.is_err() {
                tokio::task::yield_now().await;
            }
        }
    });
    while !moving.is_finished() {
        match fixture.store.count(&keys(&["left", "right"])).await {
            Ok(seen) => assert_eq!(seen["left"] + seen["right"], 1, "{seen:?}"),
            // A move was under way for too long.
            Err(error) => assert!(matches!(error, LoadError::Transient(_)), "{error}"),
        }
    }
    moving.await.expect("the moves");
    assert_eq!((available(fixture, "left").await, available(fixture, "right").await), (1, 0));
}
