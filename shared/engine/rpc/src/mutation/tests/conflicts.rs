//! Another write comes first: the call is decided anew, on what is there now, or has changed nothing.

use messaging::conditional::MAX_ATTEMPTS;
use messaging::{Envelope, Write, ids};
use testkit::builders::at;
use testkit::{MemoryStore, Operation};

use super::super::*;
use super::shelf::{Fill, KEY, No, call, claim, claim_of, holding, left_by_a_step, putting, shelf, store_with};
use crate::Caller;

/// Whatever a call has written, except for its claim.
fn must_be_written_whole(store: &MemoryStore, before: Option<&Record>, available: i32, what: &str) {
    let record = store.peek(KEY).expect("an item");
    let version = before.map_or(0, |before| before.version) + 1;
    assert_eq!((record.version, record.schema), (version, 3), "{what}: one write");
    assert_eq!(shelf(store).available, available, "{what}");
    assert_eq!(record.inbox, before.map(|before| before.inbox.clone()).unwrap_or_default(), "{what}");
    let published: Vec<Envelope> =
        record.outbox.iter().map(|entry| Envelope::parse(&entry.body).expect("an event")).collect();
    for (index, (entry, event)) in record.outbox.iter().zip(&published).enumerate() {
        assert_eq!((entry.id, event.message_id), (ids::event(KEY, version, index), entry.id), "{what}");
        assert_eq!(entry.type_name, event.payload.type_name(), "{what}");
        assert_eq!(event.source, "/shop.v1.ShopService/FillShelf", "{what}");
        assert_eq!((event.causation_id, &event.correlation), (None, &None), "{what}: a person caused it");
        assert_eq!((event.occurred_at, event.trace_parent.as_str()), (at(0), "00-1-2-01"), "{what}");
    }
    let types: Vec<&str> = record.outbox.iter().map(|entry| entry.type_name.as_str()).collect();
    assert_eq!(types, ["shop.v1.SaleCompleted", "shop.v1.SaleCanceled"], "{what}");
    let told = published[1].unpack::<testkit::shop::v1::SaleCanceled>().expect("an event");
    assert_eq!((told.sale_id, told.reason), (available.to_string(), version.to_string()), "{what}");
}

async fn after_conflicts<const CLAIMS: bool>(conflicts: u32, before: Option<Record>) {
    let what = format!("{conflicts} conflicts, claims: {CLAIMS}, new: {}", before.is_none());
    let store = match before.clone() {
        Some(before) => store_with(before).await,
        None => MemoryStore::default(),
    };
    (1..=conflicts).for_each(|nth| store.faults().conflict(nth as usize));
    let fill = Fill::<CLAIMS>::default();
    let result = execute(&fill, &store, putting(2), &call(7)).await;
    assert!(store.faults().are_over(), "{what}: it gave up too early");
    if conflicts < MAX_ATTEMPTS {
        let available = if before.is_some() { 7 } else { 2 };
        assert_eq!(result, Ok(holding(available)), "{what}");
        must_be_written_whole(&store, before.as_ref(), available, &what);
        assert_eq!(claim(&store, 7), CLAIMS.then(|| claim_of(7, available, &putting(2))), "{what}");
        assert_eq!(fill.decided(), conflicts as usize + 1, "{what}");
    } else {
        let reason = "the item shelf-1 changed 8 times while it was being decided".to_owned();
        assert_eq!(result, Err(RpcError::Unavailable(reason)), "{what}");
        assert_eq!((store.peek(KEY), claim(&store, 7)), (before, None), "{what}: nothing is written");
        assert_eq!(fill.decided(), MAX_ATTEMPTS as usize, "{what}");
    }
}

#[tokio::test]
async fn after_any_number_of_conflicts_a_call_is_written_once_and_whole_or_not_at_all() {
    assert_eq!(MAX_ATTEMPTS, 8);
    for conflicts in 0..=MAX_ATTEMPTS {
        for before in [None, Some(left_by_a_step(Some("anna"), 5))] {
            after_conflicts::<true>(conflicts, before.clone()).await;
            after_conflicts::<false>(conflicts, before).await;
        }
    }
}

/// Right before the first save this call is carried out from beginning to end.
fn overtaken_by<const CLAIMS: bool>(store: &MemoryStore, fill: &Fill<CLAIMS>, other: Call, brings: i32) {
    let (fill, there) = (fill.clone(), store.clone());
    store.faults().before(Operation::Save, 1, move || async move {
        execute(&fill, &there, putting(brings), &other).await.expect("a call");
    });
}

#[tokio::test]
async fn a_call_that_is_overtaken_adds_to_what_it_finds() {
    let fill = Fill::<true>::default();
    let store = store_with(left_by_a_step(Some("anna"), 5)).await;
    overtaken_by(&store, &fill, call(8), 10);
    assert_eq!(execute(&fill, &store, putting(2), &call(7)).await, Ok(holding(17)));
    let between = Record { version: 2, ..left_by_a_step(Some("anna"), 0) };
    must_be_written_whole(&store, Some(&between), 17, "overtaken");
    assert_eq!(
        (claim(&store, 7), claim(&store, 8)),
        (Some(claim_of(7, 17, &putting(2))), Some(claim_of(8, 15, &putting(10))))
    );
    assert_eq!((fill.decided(), store.len()), (3, 3));
}

#[tokio::test]
async fn a_repeat_that_is_overtaken_by_its_call_recalls_the_answer() {
    let claiming = Fill::<true>::default();
    let store = store_with(left_by_a_step(Some("anna"), 5)).await;
    overtaken_by(&store, &claiming, call(7), 2);
    assert_eq!(execute(&claiming, &store, putting(2), &call(7)).await, Ok(holding(7)));
    assert_eq!((shelf(&store).available, store.peek(KEY).expect("an item").version), (7, 2));
    assert_eq!(claiming.decided(), 2, "the claim answers without a decision");

    let deriving = Fill::<false>::default();
    let store = MemoryStore::default();
    overtaken_by(&store, &deriving, call(7), 2);
    assert_eq!(execute(&deriving, &store, putting(2), &call(7)).await, Ok(holding(2)));
    assert_eq!((shelf(&store).available, store.peek(KEY).expect("an item").version), (2, 1));
    assert_eq!(deriving.decided(), 3, "the item itself answers");
}

#[tokio::test]
async fn a_key_that_another_request_uses_meanwhile_is_refused() {
    let fill = Fill::<true>::default();
    let store = store_with(left_by_a_step(Some("anna"), 5)).await;
    overtaken_by(&store, &fill, call(7), 10);
    assert_eq!(execute(&fill, &store, putting(2), &call(7)).await, Err(key_reused()));
    assert_eq!((shelf(&store).available, store.peek(KEY).expect("an item").version), (15, 2));
}

#[tokio::test]
async fn an_item_that_changes_hands_meanwhile_is_not_found_any_more() {
    let store = store_with(left_by_a_step(Some("anna"), 5)).await;
    let bertas = Record { version: 2, ..left_by_a_step(Some("berta"), 5) };
    let (there, written) = (store.clone(), bertas.clone());
    store.faults().before(Operation::Save, 1, || async move {
        there.save(&Write::of(written)).await.expect("a save");
    });
    let result = execute(&Fill::<true>::default(), &store, putting(2), &call(7)).await;
    assert_eq!(result, Err(RpcError::refused(No::NoShelf, "there is no shelf-1")));
    assert_eq!((store.peek(KEY), store.len()), (Some(bertas), 1), "nothing is written");
}

#[tokio::test]
async fn what_is_forbidden_by_then_is_refused_and_leaves_no_claim() {
    let fill = Fill::<true>::default();
    let store = store_with(left_by_a_step(Some("anna"), 5)).await;
    overtaken_by(&store, &fill, call(8), 90);
    let full = RpcError::refused(No::Full, "the shelf holds 100").about("shelf", KEY);
    assert_eq!(execute(&fill, &store, putting(6), &call(7)).await, Err(full));
    assert_eq!((shelf(&store).available, claim(&store, 7)), (95, None));
}

#[tokio::test]
async fn calls_at_the_same_time_are_each_carried_out_once() {
    let fill = Fill::<true, true>::default();
    let store = store_with(left_by_a_step(Some("anna"), 0)).await;
    let subject = |number: u128| Caller { subject: format!("caller-{number}") };
    let calls: Vec<Call> = (0..6).map(|number| Call { caller: subject(number / 2), ..call(number / 2) }).collect();
    let results =
        futures_util::future::join_all(calls.iter().map(|call| execute(&fill, &store, putting(2), call))).await;
    for twice in results.chunks(2) {
        assert!(twice[0].is_ok() && twice[0] == twice[1], "a repeat has the answer of its call: {twice:?}");
    }
    assert_eq!((shelf(&store).available, store.peek(KEY).expect("an item").version), (6, 4));
}
