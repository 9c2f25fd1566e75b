//! What can never succeed is set aside, with a reason and without an effect.

use contracts::billing::v1::CancelCard;
use contracts::kitchen::v1::{CreateTicket, TicketItem};
use messaging::{Address, Failure, Store, Write};
use serde_json::json;
use testkit::builders::{RETURN_ADDRESS, command, event, record};
use testkit::{MemoryOutbound, Operation};

use crate::tally::{Kitchen, create_ticket, taking};

fn reason(result: Result<(), Failure>) -> String {
    match result {
        Err(Failure::SetAside(reason)) => reason,
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
    let newer = json!({"key": "order-1", "version": 1, "schema": 99, "state": {"handled": 1, "refused": ""}});
    let malformed = json!({"key": "order-1", "version": 1, "schema": 1, "state": {"handled": "many"}});
    for (item, expected) in [(garbage, "cannot be read"), (newer, "schema version 99"), (malformed, "malformed")] {
        let kitchen = Kitchen::default();
        kitchen.store().plant("order-1", item);
        assert!(reason(kitchen.deliver(&create_ticket(7)).await).contains(expected));
        assert_eq!((kitchen.database.faults().seen(), kitchen.outbound.sent()), (1, vec![]), "loaded, not saved");
    }
}

#[tokio::test]
async fn a_decision_that_cannot_be_saved_is_set_aside() {
    let kitchen = Kitchen::default();
    let products: Vec<String> = (0..5).map(|number| format!("{number}{}", "x".repeat(90_000))).collect();
    // Counters of a table that is not there cannot be the reason: they are.
    for key in &products {
        let save = Write::of(testkit::builders::counter(key, 1, 1));
        kitchen.database.table("stock").save(&save).await.expect("stock");
    }
    let item = |product: &String| TicketItem { product_id: product.clone(), quantity: 2, ..Default::default() };
    let items = products.iter().map(item).collect();
    let huge = CreateTicket { order_id: "order-1".to_owned(), items, ..Default::default() };
    // The refusal names one product of 90 KB; five inbox entries of it make the item too large.
    let mut results = Vec::new();
    for number in 0..5 {
        results.push(kitchen.deliver(&command(number, huge.clone())).await);
    }
    assert!(results[0].is_ok(), "{:?}", results[0].as_ref().map_err(|_| "an error"));
    assert!(reason(results.pop().expect("a result")).contains("too large"));
}

#[tokio::test]
async fn a_command_without_a_return_address_is_set_aside() {
    let kitchen = Kitchen::default();
    let orphan = event(7, CreateTicket { order_id: "order-1".to_owned(), ..Default::default() });
    assert!(reason(kitchen.deliver(&orphan).await).contains("no return address"));
}

#[tokio::test]
async fn a_reply_to_nowhere_is_set_aside() {
    let nowhere = Address::Queue(RETURN_ADDRESS.to_owned());
    let kitchen = Kitchen { outbound: MemoryOutbound::default().not_knowing([nowhere]), ..Kitchen::default() };
    assert!(reason(kitchen.deliver(&create_ticket(7)).await).contains("no queue is known"));
}

#[tokio::test]
async fn counters_of_a_table_without_any_are_rejected() {
    let kitchen = Kitchen::default();
    let store = kitchen.database.table("tickets");
    let counters = vec![messaging::Counter { key: "pizza".to_owned(), delta: -1 }];
    let write = Write { counters, ..Write::of(record("order-1", 1)) };
    assert!(matches!(store.save(&write).await, Err(messaging::SaveError::Rejected(_))));
    // A fault that has not come yet shows in its plan.
    store.faults().fail(Operation::SetAside, 1);
    assert!(!store.faults().are_over());
    assert!(kitchen.deliver(&taking(7, &[("pizza", 1)])).await.is_ok(), "with counters it is a refusal");
}
