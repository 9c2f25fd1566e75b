//! A write that moves counters, and the decision that takes its place when one forbids it.

use std::sync::Arc;

use messaging::{Failure, Store, Write};
use testkit::Operation;
use testkit::builders::counter;

use crate::tally::{Count, Kitchen, Tally, payloads, refused, succeeded, taking};

async fn stocked(tally: Tally, available: i64) -> Kitchen {
    let kitchen = Kitchen::of(tally);
    kitchen.database.table("stock").save(&Write::of(counter("pizza", 1, available))).await.expect("stock");
    kitchen
}

fn available(kitchen: &Kitchen) -> i64 {
    let record = kitchen.database.table("stock").peek("pizza").expect("stock");
    record.attributes["available"].as_i64().expect("a number")
}

#[tokio::test]
async fn counters_move_with_the_write_and_once() {
    let kitchen = stocked(Tally::default(), 5).await;
    for _ in 0..3 {
        assert_eq!(kitchen.deliver(&taking(7, &[("pizza", 2)])).await, Ok(()));
    }
    assert_eq!((available(&kitchen), kitchen.version()), (3, 1));
}

#[tokio::test]
async fn a_short_counter_turns_the_answer_into_a_refusal_that_is_remembered() {
    let kitchen = stocked(Tally::default(), 1).await;
    assert_eq!(kitchen.deliver(&taking(7, &[("pizza", 2)])).await, Ok(()));
    kitchen.database.table("stock").save(&Write::of(counter("pizza", 2, 9))).await.expect("stock");
    assert_eq!(kitchen.deliver(&taking(7, &[("pizza", 2)])).await, Ok(()), "the repeat finds enough, but too late");
    let refusal = refused("SHORT pizza", "");
    assert_eq!(payloads(&kitchen.outbound.sent()), [refusal.clone(), refusal]);
    assert_eq!(kitchen.count(), Some(Count { handled: 0, refused: "SHORT pizza".to_owned() }));
    assert_eq!((available(&kitchen), kitchen.version(), kitchen.decided()), (9, 1, 1));
}

#[tokio::test]
async fn a_missing_counter_is_told_from_a_short_one_and_the_others_stay() {
    let kitchen = stocked(Tally::default(), 5).await;
    assert_eq!(kitchen.deliver(&taking(7, &[("pizza", 2), ("unknown", 1)])).await, Ok(()));
    assert_eq!(payloads(&kitchen.outbound.sent()), [refused("MISSING unknown", "")]);
    assert_eq!(available(&kitchen), 5);
}

#[tokio::test]
async fn a_write_in_between_outdates_the_refusal_as_well() {
    let kitchen = Arc::new(stocked(Tally::default(), 1).await);
    let other = kitchen.clone();
    // The first save is refused by the counter; before the second one another message is handled.
    kitchen.database.faults().before(Operation::Save, 2, || async move {
        other.deliver(&taking(8, &[("pizza", 1)])).await.expect("a delivery");
    });
    assert_eq!(kitchen.deliver(&taking(7, &[("pizza", 2)])).await, Ok(()));
    assert_eq!(payloads(&kitchen.outbound.sent()), [succeeded(), refused("SHORT pizza", "")]);
    assert_eq!((available(&kitchen), kitchen.version(), kitchen.decided()), (0, 2, 3));
}

#[tokio::test]
async fn a_counter_that_must_not_forbid_anything_needs_a_person() {
    let kitchen = stocked(Tally { needs_counters: true, ..Tally::default() }, 1).await;
    let result = kitchen.deliver(&taking(7, &[("pizza", 2)])).await;
    assert!(matches!(result, Err(Failure::SetAside(_))), "{result:?}");
    assert_eq!((kitchen.version(), kitchen.outbound.sent()), (0, vec![]));
}
