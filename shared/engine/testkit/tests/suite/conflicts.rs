//! Another write came first: decide anew.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::future::join_all;
use messaging::{Envelope, Failure, Outgoing, Store, Write, ids};
use testkit::Operation;
use testkit::builders::{at, counter, id};
use wire::Payload;

use crate::tally::{Kitchen, Tally, create_ticket, payloads, refused, succeeded, taking};

#[tokio::test]
async fn a_write_in_between_is_decided_upon_anew() {
    let kitchen = Arc::new(Kitchen::default());
    let other = kitchen.clone();
    // Right before the first save another message of the same item is handled from beginning to end.
    kitchen.database.faults().before(Operation::Save, 1, || async move {
        other.deliver(&create_ticket(8)).await.expect("a delivery");
    });
    assert_eq!(kitchen.deliver(&create_ticket(7)).await, Ok(()));
    assert_eq!(kitchen.count().map(|count| count.handled), Some(2), "no update is lost");
    assert_eq!((kitchen.version(), kitchen.decided(), kitchen.outbound.sent().len()), (2, 3, 2));
}

#[tokio::test]
async fn a_duplicate_in_between_is_answered_with_its_reply() {
    let kitchen = Arc::new(Kitchen::default());
    let other = kitchen.clone();
    kitchen.database.faults().before(Operation::Save, 1, || async move {
        other.deliver(&create_ticket(7)).await.expect("a delivery");
    });
    assert_eq!(kitchen.deliver(&create_ticket(7)).await, Ok(()));
    assert_eq!((kitchen.version(), kitchen.decided(), kitchen.outbound.sent().len()), (1, 2, 2));
}

/// How often a message is decided before it goes back to its queue.
const MAX_ATTEMPTS: usize = 8;

/// A kitchen that has handled two commands, takes stock and publishes.
async fn busy_kitchen(stock: i64) -> Kitchen {
    let kitchen = Kitchen::of(Tally { publishes: true, ..Tally::default() });
    for number in 1..=2 {
        kitchen.deliver(&create_ticket(number)).await.expect("a delivery");
    }
    kitchen.database.table("stock").save(&Write::of(counter("pizza", 1, stock))).await.expect("stock");
    kitchen.outbound.take_sent();
    kitchen.tally.decided.store(0, Ordering::Relaxed);
    kitchen
}

fn stock(kitchen: &Kitchen) -> i64 {
    let record = kitchen.database.table("stock").peek("pizza").expect("stock");
    record.attributes["available"].as_i64().expect("a number")
}

/// The command number 7, which takes two of the stock.
fn taking_two() -> Envelope {
    Envelope { trace_parent: "00-1-2-01".to_owned(), ..taking(7, &[("pizza", 2)]) }
}

/// The write of the command number 7, and its reply.
fn must_be_handled_whole(kitchen: &Kitchen, reply: &Payload, events: usize, what: &str) {
    let record = kitchen.store().peek("order-1").expect("an item");
    assert_eq!(record.version, 3, "{what}: one write");
    assert_eq!(record.inbox.iter().map(|entry| entry.id).collect::<Vec<_>>(), [1, 2, 7].map(id), "{what}");
    let remembered = [succeeded(), succeeded(), reply.clone()].map(|reply| vec![Outgoing::Reply(reply)]);
    assert_eq!(record.inbox.iter().map(|entry| entry.sent.clone()).collect::<Vec<_>>(), remembered, "{what}");
    assert_eq!(record.outbox.len(), events, "{what}");
    for (index, entry) in record.outbox.iter().enumerate() {
        let event = Envelope::parse(&entry.body).expect("an event");
        assert_eq!((entry.id, event.message_id), (ids::event("order-1", 3, index), entry.id), "{what}");
        assert_eq!(entry.type_name, event.payload.type_name(), "{what}");
        assert_eq!((event.source.as_str(), event.causation_id), ("create-ticket", Some(id(7))), "{what}");
        assert_eq!((event.correlation, event.occurred_at), (None, at(60)), "{what}");
        assert_eq!(event.trace_parent, "00-1-2-01", "{what}");
    }
    let sent = kitchen.outbound.sent();
    assert_eq!(payloads(&sent), std::slice::from_ref(reply), "{what}");
    assert_eq!((sent[0].message.occurred_at, sent[0].message.trace_parent.as_str()), (at(60), "00-1-2-01"), "{what}");
}

#[tokio::test]
async fn after_any_number_of_conflicts_a_message_is_handled_once_and_whole_or_not_at_all() {
    for conflicts in 0..=MAX_ATTEMPTS {
        let what = format!("{conflicts} conflicts");
        let kitchen = busy_kitchen(5).await;
        let before = kitchen.store().peek("order-1");
        (1..=conflicts).for_each(|nth| kitchen.database.faults().conflict(nth));
        let result = kitchen.deliver_at(&taking_two(), at(60)).await;
        assert!(kitchen.database.faults().are_over(), "{what}: it gave up too early");
        if conflicts < MAX_ATTEMPTS {
            assert_eq!((result, kitchen.decided(), stock(&kitchen)), (Ok(()), conflicts + 1, 3), "{what}");
            must_be_handled_whole(&kitchen, &succeeded(), 2, &what);
        } else {
            let reason = "the item order-1 changed 8 times while it was being decided";
            assert_eq!((result, kitchen.decided()), (Err(Failure::retry(reason)), MAX_ATTEMPTS), "{what}");
            assert_eq!((kitchen.store().peek("order-1"), stock(&kitchen)), (before, 5), "{what}: nothing is written");
            assert_eq!(kitchen.outbound.sent(), [], "{what}");
        }
    }
}

/// Each attempt is refused by the counter, and the write that takes its place meets a conflict.
#[tokio::test]
async fn after_any_number_of_conflicts_a_refusal_is_written_once_or_not_at_all() {
    for conflicts in 0..=MAX_ATTEMPTS {
        let what = format!("{conflicts} conflicts");
        let kitchen = busy_kitchen(1).await;
        let before = kitchen.store().peek("order-1");
        (1..=conflicts).for_each(|nth| kitchen.database.faults().conflict(2 * nth));
        let result = kitchen.deliver_at(&taking_two(), at(60)).await;
        assert!(kitchen.database.faults().are_over(), "{what}: it gave up too early");
        assert_eq!(stock(&kitchen), 1, "{what}");
        if conflicts < MAX_ATTEMPTS {
            assert_eq!((result, kitchen.decided()), (Ok(()), conflicts + 1), "{what}");
            must_be_handled_whole(&kitchen, &refused("SHORT pizza", ""), 0, &what);
        } else {
            assert!(matches!(result, Err(Failure::Retry(_))), "{what}: {result:?}");
            assert_eq!((kitchen.store().peek("order-1"), kitchen.outbound.sent()), (before, vec![]), "{what}");
        }
    }
}

#[tokio::test]
async fn a_refusal_that_lost_its_race_is_decided_anew_and_may_find_enough() {
    let kitchen = busy_kitchen(1).await;
    let stock_table = kitchen.database.table("stock");
    kitchen.database.faults().conflict(2);
    kitchen.database.faults().before(Operation::Save, 2, move || async move {
        let stock = serde_json::to_value(counter("pizza", 2, 9)).expect("JSON");
        stock_table.plant("pizza", stock);
    });
    assert_eq!(kitchen.deliver_at(&taking_two(), at(60)).await, Ok(()));
    assert_eq!(stock(&kitchen), 7);
    must_be_handled_whole(&kitchen, &succeeded(), 2, "refused, then enough");
}

#[tokio::test]
async fn messages_at_the_same_time_each_take_effect_once() {
    let kitchen = Kitchen::default();
    let messages: Vec<_> = (0..12).map(|number| create_ticket(number / 2)).collect();
    for result in join_all(messages.iter().map(|message| kitchen.deliver(message))).await {
        assert_eq!(result, Ok(()));
    }
    assert_eq!(kitchen.count().map(|count| count.handled), Some(6), "six messages, each delivered twice");
    assert_eq!((kitchen.version(), kitchen.outbound.sent().len()), (6, 12));
}
