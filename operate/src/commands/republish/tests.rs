use messaging::OutboxEntry;
use serde_json::{Value, json};
use testkit::builders::{self, at};
use testkit::shop::v1::SalePlaced;

use super::*;

/// The order that an earlier deployment wrote, in this status, with an event of the moment 0 in its outbox.
fn record(status: &Value) -> Record {
    let pending = include_str!("../../../../shared/services/order/fixtures/order.1.pending.json");
    let mut state: Value = serde_json::from_str(pending).expect("JSON");
    state["status"] = status.clone();
    let event = OutboxEntry::of(&builders::event(1, SalePlaced::default())).expect("an entry");
    Record { state, outbox: vec![event], ..builders::record(&Uuid::from_u128(1).to_string(), 1) }
}

#[test]
fn an_order_waits_while_a_saga_has_it_locked() {
    let owner = Uuid::from_u128(5);
    for name in ["APPROVAL_PENDING", "CANCEL_PENDING"] {
        let record = record(&json!({"name": name, "owner": owner}));
        assert_eq!(Waiting::of(&record, at(0)).expect("read"), None, "not yet for long enough");
        let waiting = Waiting::of(&record, at(1)).expect("read").expect("an order that waits");
        assert_eq!((waiting.saga, waiting.event.as_str(), waiting.since), (owner, "shop.v1.SalePlaced", at(0)));
        assert!(waiting.told().contains("shop.v1.SalePlaced should start the saga"), "{}", waiting.told());
    }
    for status in [json!({"name": "APPROVED"}), json!({"name": "REJECTED", "reason": "R"}), json!({"name": "CANCELED"})]
    {
        assert_eq!(Waiting::of(&record(&status), at(1)).expect("read"), None, "{status}");
    }
    let claim = builders::record(&rpc::claim_key(Uuid::from_u128(1)), 1);
    assert_eq!(Waiting::of(&claim, at(1)).expect("read"), None, "a claim is no order");
}

#[test]
fn an_order_that_cannot_be_read_is_not_taken_for_an_order_that_does_not_wait() {
    let pending = json!({"name": "APPROVAL_PENDING", "owner": Uuid::from_u128(5)});
    let newer = Record { schema: 99, ..record(&pending) };
    let malformed = record(&json!({"name": "NO_SUCH_STATUS"}));
    for record in [newer, malformed] {
        Waiting::of(&record, at(1)).expect_err("an error");
    }
}

#[tokio::test]
async fn an_order_whose_saga_has_begun_is_left_to_its_saga() {
    let sagas = testkit::MemoryStore::default();
    let waiting = |number| Waiting {
        order: Uuid::from_u128(number),
        saga: Uuid::from_u128(100 + number),
        event: "a.B".to_owned(),
        since: at(0),
    };
    let all = [waiting(1), waiting(2)];
    let begun = builders::record(&Uuid::from_u128(101).to_string(), 1);
    sagas.save(&messaging::Write::of(begun)).await.expect("saved");
    assert_eq!(without_saga(&sagas, &all).await.expect("read"), [&all[1]]);
}
