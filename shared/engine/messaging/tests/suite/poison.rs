//! What can never succeed is set aside, with a reason and without an effect.

use messaging::{Address, Counter, Failure, SaveError, Store, Write};
use serde_json::json;
use testkit::MemoryOutbound;
use testkit::builders::{RETURN_ADDRESS, command, event, record};
use testkit::till::v1::RefundCard;
use testkit::warehouse::v1::ReserveGoods;

use testkit::tally::{Shop, Tally, reserve_goods, taking};

fn reason(result: Result<(), Failure>) -> String {
    match result {
        Err(Failure::SetAside(reason)) => reason.to_string(),
        other => panic!("not set aside: {other:?}"),
    }
}

#[tokio::test]
async fn a_message_for_somebody_else_is_set_aside_unseen() {
    let shop = Shop::default();
    let stray = command(7, RefundCard::default());
    assert!(reason(shop.deliver(&stray).await).contains("till.v1.RefundCard"));
    let nameless = command(7, ReserveGoods::default());
    assert!(reason(shop.deliver(&nameless).await).contains("names no sale"));
    assert_eq!(shop.database.faults().seen(), 0, "nothing is even loaded");
}

#[tokio::test]
async fn an_item_that_nobody_here_can_read_is_left_alone() {
    let garbage = json!({"key": "sale-1", "version": "one"});
    let malformed = json!({"key": "sale-1", "version": 1, "schema": 1, "state": {"handled": "many"}});
    for (item, expected) in [(garbage, "cannot be read"), (malformed, "malformed")] {
        let shop = Shop::default();
        shop.store().plant("sale-1", item);
        assert!(reason(shop.deliver(&reserve_goods(7)).await).contains(expected));
        assert_eq!((shop.database.faults().seen(), shop.outbound.sent()), (1, vec![]), "loaded, not saved");
    }
}

#[tokio::test]
async fn an_item_of_a_newer_deployment_waits_for_its_functions() {
    let shop = Shop::default();
    let newer = json!({"key": "sale-1", "version": 1, "schema": 99, "state": {"handled": 1, "refused": ""}});
    shop.store().plant("sale-1", newer);
    let failure = shop.deliver(&reserve_goods(7)).await.expect_err("a failure");
    assert!(matches!(&failure, Failure::Retry(reason) if reason.contains("schema version 99")), "{failure:?}");
    assert!(shop.outbound.sent().is_empty());
}

#[tokio::test]
async fn a_decision_that_cannot_be_saved_is_set_aside() {
    let shop = Shop::default();
    // Each refusal names an article of 75 KB, in the state and in the inbox, which remembers all: five are too many.
    let article = "x".repeat(75_000);
    for number in 1..=4 {
        assert!(shop.deliver(&taking(number, &[(&article, 2)])).await.is_ok(), "delivery {number}");
    }
    assert!(reason(shop.deliver(&taking(5, &[(&article, 2)])).await).contains("too large"));
    assert_eq!((shop.version(), shop.outbound.sent().len()), (4, 4));
}

#[tokio::test]
async fn a_command_without_a_return_address_is_set_aside() {
    let shop = Shop::default();
    let orphan = event(7, ReserveGoods { sale_id: "sale-1".to_owned(), ..Default::default() });
    assert_eq!(reason(shop.deliver(&orphan).await), "the message has no return address");
    assert_eq!((shop.version(), shop.outbound.sent()), (0, vec![]), "it has no effect either");
    // Nor has it an answer where the state says that there is nothing to do.
    shop.deliver(&reserve_goods(8)).await.expect("a delivery");
    let later = shop.deciding(Tally { recognises: true, ..Tally::default() });
    assert_eq!(reason(later.deliver(&orphan).await), "the message has no return address");
}

#[tokio::test]
async fn a_reply_to_nowhere_is_set_aside() {
    let nowhere = Address::Queue(RETURN_ADDRESS.to_owned());
    let shop = Shop { outbound: MemoryOutbound::default().not_knowing([nowhere]), ..Shop::default() };
    assert!(reason(shop.deliver(&reserve_goods(7)).await).contains("no queue is known"));
}

#[tokio::test]
async fn counters_of_a_table_without_any_are_rejected() {
    let store = Shop::default().database.table("parcels");
    let counters = vec![Counter { key: "paper".to_owned(), delta: 1 }];
    let write = Write { counters, ..Write::of(record("sale-1", 1)) };
    assert!(matches!(store.save(&write).await, Err(SaveError::Rejected(_))));
    assert!(store.is_empty());
}
