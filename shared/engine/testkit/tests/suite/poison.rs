//! What can never succeed is set aside, with a reason and without an effect.

use contracts::billing::v1::CancelCard;
use contracts::kitchen::v1::CreateTicket;
use messaging::{Address, Counter, Failure, SaveError, Store, Write};
use serde_json::json;
use testkit::MemoryOutbound;
use testkit::builders::{RETURN_ADDRESS, command, event, record};

use crate::tally::{Kitchen, Tally, create_ticket, taking};

fn reason(result: Result<(), Failure>) -> String {
    match result {
        Err(Failure::SetAside(reason)) => reason.to_string(),
        other => panic!("not set aside: {other:?}"),
    }
}

#[tokio::test]
async fn a_message_for_somebody_else_is_set_aside_unseen() {
    let kitchen = Kitchen::default();
    let stray = command(7, CancelCard::default());
    assert!(reason(kitchen.deliver(&stray).await).contains("billing.v1.CancelCard"));
    let nameless = command(7, CreateTicket::default());
    assert!(reason(kitchen.deliver(&nameless).await).contains("names no order"));
    assert_eq!(kitchen.database.faults().seen(), 0, "nothing is even loaded");
}

#[tokio::test]
async fn an_item_that_nobody_here_can_read_is_left_alone() {
    let garbage = json!({"key": "order-1", "version": "one"});
    let malformed = json!({"key": "order-1", "version": 1, "schema": 1, "state": {"handled": "many"}});
    for (item, expected) in [(garbage, "cannot be read"), (malformed, "malformed")] {
        let kitchen = Kitchen::default();
        kitchen.store().plant("order-1", item);
        assert!(reason(kitchen.deliver(&create_ticket(7)).await).contains(expected));
        assert_eq!((kitchen.database.faults().seen(), kitchen.outbound.sent()), (1, vec![]), "loaded, not saved");
    }
}

#[tokio::test]
async fn an_item_of_a_newer_deployment_waits_for_its_functions() {
    let kitchen = Kitchen::default();
    let newer = json!({"key": "order-1", "version": 1, "schema": 99, "state": {"handled": 1, "refused": ""}});
    kitchen.store().plant("order-1", newer);
    let failure = kitchen.deliver(&create_ticket(7)).await.expect_err("a failure");
    assert!(matches!(&failure, Failure::Retry(reason) if reason.contains("schema version 99")), "{failure:?}");
    assert!(kitchen.outbound.sent().is_empty());
}

#[tokio::test]
async fn a_decision_that_cannot_be_saved_is_set_aside() {
    let kitchen = Kitchen::default();
    // Each refusal names a product of 75 KB, in the state and in the inbox, which remembers all: five are too many.
    let product = "x".repeat(75_000);
    for number in 1..=4 {
        assert!(kitchen.deliver(&taking(number, &[(&product, 2)])).await.is_ok(), "delivery {number}");
    }
    assert!(reason(kitchen.deliver(&taking(5, &[(&product, 2)])).await).contains("too large"));
    assert_eq!((kitchen.version(), kitchen.outbound.sent().len()), (4, 4));
}

#[tokio::test]
async fn a_command_without_a_return_address_is_set_aside() {
    let kitchen = Kitchen::default();
    let orphan = event(7, CreateTicket { order_id: "order-1".to_owned(), ..Default::default() });
    assert_eq!(reason(kitchen.deliver(&orphan).await), "the message has no return address");
    assert_eq!((kitchen.version(), kitchen.outbound.sent()), (0, vec![]), "it has no effect either");
    // Nor has it an answer where the state says that there is nothing to do.
    kitchen.deliver(&create_ticket(8)).await.expect("a delivery");
    let later = kitchen.deciding(Tally { recognises: true, ..Tally::default() });
    assert_eq!(reason(later.deliver(&orphan).await), "the message has no return address");
}

#[tokio::test]
async fn a_reply_to_nowhere_is_set_aside() {
    let nowhere = Address::Queue(RETURN_ADDRESS.to_owned());
    let kitchen = Kitchen { outbound: MemoryOutbound::default().not_knowing([nowhere]), ..Kitchen::default() };
    assert!(reason(kitchen.deliver(&create_ticket(7)).await).contains("no queue is known"));
}

#[tokio::test]
async fn counters_of_a_table_without_any_are_rejected() {
    let store = Kitchen::default().database.table("tickets");
    let counters = vec![Counter { key: "pizza".to_owned(), delta: 1 }];
    let write = Write { counters, ..Write::of(record("order-1", 1)) };
    assert!(matches!(store.save(&write).await, Err(SaveError::Rejected(_))));
    assert!(store.is_empty());
}
