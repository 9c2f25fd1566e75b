//! Whose call it is, and whether it is a repeat.

use testkit::MemoryStore;
use testkit::builders::{at, id};

use super::super::*;
use super::shelf::{Fill, KEY, No, call, claim, claim_of, holding, left_by_a_step, putting, shelf, store_with};
use crate::Caller;

#[tokio::test]
async fn a_repeat_has_the_answer_of_its_call_whatever_came_between() {
    let fill = Fill::<true>::default();
    let store = store_with(left_by_a_step(Some("anna"), 5)).await;
    for (number, available) in [(7, 7), (8, 9)] {
        assert_eq!(execute(&fill, &store, putting(2), &call(number)).await, Ok(holding(available)));
    }
    assert_eq!(fill.decided(), 2);
    let later = Call { now: at(6 * 24 * 60 * 60), trace_parent: String::new(), ..call(7) };
    assert_eq!(execute(&fill, &store, putting(2), &later).await, Ok(holding(7)));
    assert_eq!((fill.decided(), store.peek(KEY).expect("an item").version), (0, 3), "recalled, not decided");
    assert_eq!(claim(&store, 7), Some(claim_of(7, 7, &putting(2))), "a repeat does not prolong the claim");
}

#[tokio::test]
async fn a_key_is_good_for_one_content_even_on_another_item() {
    let fill = Fill::<true>::default();
    let store = store_with(left_by_a_step(Some("anna"), 5)).await;
    execute(&fill, &store, putting(2), &call(7)).await.expect("a call");
    let elsewhere = testkit::shop::v1::FillShelfRequest { article_id: "shelf-2".to_owned(), ..putting(2) };
    for request in [putting(3), elsewhere] {
        let refused = execute(&fill, &store, request, &call(7)).await;
        let Err(RpcError::Refused { reason, message, metadata }) = refused else { panic!("not refused: {refused:?}") };
        assert_eq!((reason.name, metadata.len()), ("IDEMPOTENCY_KEY_REUSED", 0));
        assert!(message.contains("send a new key with a new request"), "{message}");
    }
    assert_eq!((shelf(&store).available, store.len()), (7, 2), "nothing is written");
}

#[tokio::test]
async fn an_item_that_derives_from_its_call_needs_no_claim() {
    let fill = Fill::<false>::default();
    let store = MemoryStore::default();
    for _ in 0..2 {
        assert_eq!(execute(&fill, &store, putting(2), &call(7)).await, Ok(holding(2)));
    }
    assert_eq!((fill.decided(), store.len()), (2, 1));
    assert_eq!(store.faults().seen(), 3, "load and save, then one load: a claim is not looked for");
}

#[tokio::test]
async fn only_its_owner_finds_an_item_whether_or_not_the_call_was_carried_out() {
    let fill = Fill::<true>::default();
    let store = store_with(left_by_a_step(Some("berta"), 5)).await;
    let not_found = Err(RpcError::refused(No::NoShelf, "there is no shelf-1"));
    assert_eq!(execute(&fill, &store, putting(2), &call(7)).await, not_found);
    assert_eq!((fill.decided(), store.len(), shelf(&store).available), (0, 1, 5));
    let berta = Call { caller: Caller { subject: "berta".to_owned() }, ..call(7) };
    assert_eq!(execute(&fill, &store, putting(2), &berta).await, Ok(holding(7)));
    assert_eq!(execute(&fill, &store, putting(2), &call(7)).await, not_found, "not even with a claim");
}

#[tokio::test]
async fn what_has_no_owner_is_found_by_nobody() {
    let fill = Fill::<true>::default();
    let store = store_with(left_by_a_step(None, 5)).await;
    let not_found = Err(RpcError::refused(No::NoShelf, "there is no shelf-1"));
    assert_eq!(execute(&fill, &store, putting(2), &call(7)).await, not_found);
    assert_eq!((fill.decided(), store.len(), shelf(&store).available), (0, 1, 5));
}

#[tokio::test]
async fn what_is_everybodys_is_changed_by_anybody() {
    for owner in [None, Some("berta")] {
        let store = store_with(left_by_a_step(owner, 5)).await;
        assert_eq!(execute(&Fill::<true, true>::default(), &store, putting(2), &call(7)).await, Ok(holding(7)));
        assert_eq!(shelf(&store).available, 7);
    }
}

#[tokio::test]
async fn a_repeat_is_what_asks_for_the_same_however_it_is_written() {
    let fill = Fill::<true>::default();
    let store = store_with(left_by_a_step(Some("anna"), 5)).await;
    // The number 1 in a field 99.
    let bytes = [buffa::Message::encode_to_vec(&putting(2)), vec![0x98, 0x06, 0x01]].concat();
    let unknown: testkit::shop::v1::FillShelfRequest = buffa::Message::decode_from_slice(&bytes).expect("a request");
    let capitals = testkit::shop::v1::FillShelfRequest { article_id: KEY.to_uppercase(), ..putting(2) };
    for request in [putting(2), unknown, capitals] {
        assert_eq!(execute(&fill, &store, request, &call(7)).await, Ok(holding(7)));
    }
    assert_eq!((fill.decided(), store.len()), (1, 2));
}

#[test]
fn an_item_repeats_only_the_content_that_it_was_created_with() {
    let context = CallContext { call: &call(7), fingerprint: id(1_007), next_version: 1, facts: &() };
    assert_eq!(context.must_repeat(id(1_007)), Ok(()));
    assert_eq!(context.must_repeat(id(1_008)), Err(key_reused()));
}
