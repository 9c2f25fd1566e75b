//! What fails, and what is left of it.

use serde_json::json;
use testkit::{MemoryStore, Operation};

use super::super::*;
use super::shelf::{Fill, KEY, call, claim, claim_of, holding, left_by_a_step, putting, shelf, store_with};
use crate::Caller;

#[tokio::test]
async fn a_request_that_names_no_item_touches_nothing() {
    let store = MemoryStore::default();
    let nameless = testkit::shop::v1::FillShelfRequest::default();
    let result = execute(&Fill::<true>::default(), &store, nameless, &call(7)).await;
    assert_eq!((result, store.faults().seen()), (Err(RpcError::invalid("article_id", "must name a shelf")), 0));
}

#[tokio::test]
async fn whatever_fails_a_repeat_carries_the_call_out_once() {
    // Load the item, load the claim, save.
    for nth in 1..=3 {
        for crashes in [false, true] {
            let fill = Fill::<true>::default();
            let store = store_with(left_by_a_step(Some("anna"), 5)).await;
            match crashes {
                true => store.faults().crash_after(Operation::Any, nth),
                false => store.faults().fail(Operation::Any, nth),
            }
            let what = format!("operation {nth}, crash: {crashes}");
            let failed = execute(&fill, &store, putting(2), &call(7)).await;
            assert!(matches!(failed, Err(RpcError::Unavailable(_))), "{what}: {failed:?}");
            let written = if nth == 3 && crashes { 7 } else { 5 };
            assert_eq!((shelf(&store).available, store.faults().are_over()), (written, true), "{what}");
            assert_eq!(execute(&fill, &store, putting(2), &call(7)).await, Ok(holding(7)), "{what}");
            assert_eq!((shelf(&store).available, claim(&store, 7)), (7, Some(claim_of(7, 7, &putting(2)))), "{what}");
        }
    }
}

#[tokio::test]
async fn facts_that_cannot_be_read_leave_everything_as_it_was() {
    let fill = Fill::<true>::default();
    let store = MemoryStore::default();
    let result = execute(&fill, &store, putting(-1), &call(7)).await;
    assert_eq!(result, Err(RpcError::Unavailable("the facts are out of order".to_owned())));
    assert!(store.is_empty() && fill.decided() == 0);
}

#[tokio::test]
async fn what_nobody_here_can_read_is_left_alone() {
    let unreadable = json!({"key": KEY, "version": "one"});
    let newer = json!({"key": KEY, "version": 1, "schema": 99, "state": {}});
    let malformed = json!({"key": KEY, "version": 1, "schema": 3, "state": {"available": "much"}});
    let claim = format!("claim#{}", call(7).id);
    let strange = json!({"key": claim, "version": 1, "schema": 1, "state": {"response": {}}});
    for (key, item) in [(KEY, unreadable), (KEY, newer), (KEY, malformed), (claim.as_str(), strange)] {
        let store = MemoryStore::default();
        store.plant(key, item.clone());
        let result = execute(&Fill::<true>::default(), &store, putting(2), &call(7)).await;
        assert!(matches!(result, Err(RpcError::Internal(_))), "{item}: {result:?}");
        assert_eq!(store.len(), 1, "{item}");
    }
}

#[tokio::test]
async fn what_can_never_be_saved_is_a_failure_of_the_service() {
    // The item just fits into DynamoDB's 400 KB, but not together with the events of the call.
    let owner = "a".repeat(409_000);
    let before = left_by_a_step(Some(&owner), 5);
    let store = MemoryStore::default();
    store.plant(KEY, serde_json::to_value(Record { outbox: Vec::new(), ..before.clone() }).expect("JSON"));
    let call = Call { caller: Caller { subject: owner }, ..call(7) };
    let result = execute(&Fill::<true>::default(), &store, putting(2), &call).await;
    assert!(matches!(&result, Err(RpcError::Internal(cause)) if cause.contains("too large")), "{result:?}");
    assert_eq!((shelf(&store).available, store.len()), (5, 1));
}
