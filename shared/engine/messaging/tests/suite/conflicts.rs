//! Another write came first: decide anew.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::future::join_all;
use messaging::{Envelope, Failure, Outgoing, Store, Write, ids};
use testkit::Operation;
use testkit::builders::{at, counter, id, payloads, refused, succeeded};
use wire::Payload;

use testkit::tally::{Shop, Tally, reserve_goods, taking};

#[tokio::test]
async fn a_write_in_between_is_decided_upon_anew() {
    let shop = Arc::new(Shop::default());
    let other = shop.clone();
    // Right before the first save another message of the same item is handled from beginning to end.
    shop.database.faults().before(Operation::Save, 1, || async move {
        other.deliver(&reserve_goods(8)).await.expect("a delivery");
    });
    assert_eq!(shop.deliver(&reserve_goods(7)).await, Ok(()));
    assert_eq!(shop.count().map(|count| count.handled), Some(2), "no update is lost");
    assert_eq!((shop.version(), shop.decided(), shop.outbound.sent().len()), (2, 3, 2));
}

#[tokio::test]
async fn a_duplicate_in_between_is_answered_with_its_reply() {
    let shop = Arc::new(Shop::default());
    let other = shop.clone();
    shop.database.faults().before(Operation::Save, 1, || async move {
        other.deliver(&reserve_goods(7)).await.expect("a delivery");
    });
    assert_eq!(shop.deliver(&reserve_goods(7)).await, Ok(()));
    assert_eq!((shop.version(), shop.decided(), shop.outbound.sent().len()), (1, 2, 2));
}

/// How often a message is decided before it goes back to its queue.
const MAX_ATTEMPTS: usize = 8;

/// A shop that has handled two commands, takes goods and publishes.
async fn busy_shop(available: i64) -> Shop {
    let shop = Shop::of(Tally { publishes: true, ..Tally::default() });
    for number in 1..=2 {
        shop.deliver(&reserve_goods(number)).await.expect("a delivery");
    }
    shop.database.table("shelves").save(&Write::of(counter("paper", 1, available))).await.expect("shelves");
    shop.outbound.take_sent();
    shop.tally.decided.store(0, Ordering::Relaxed);
    shop
}

fn on_the_shelf(shop: &Shop) -> i64 {
    let record = shop.database.table("shelves").peek("paper").expect("shelves");
    record.attributes["available"].as_i64().expect("a number")
}

/// The command number 7, which takes two off the shelf.
fn taking_two() -> Envelope {
    Envelope { trace_parent: "00-1-2-01".to_owned(), ..taking(7, &[("paper", 2)]) }
}

/// The write of the command number 7, and its reply.
fn must_be_handled_whole(shop: &Shop, reply: &Payload, events: usize, what: &str) {
    let record = shop.store().peek("sale-1").expect("an item");
    assert_eq!(record.version, 3, "{what}: one write");
    assert_eq!(record.inbox.iter().map(|entry| entry.id).collect::<Vec<_>>(), [1, 2, 7].map(id), "{what}");
    let remembered = [succeeded(), succeeded(), reply.clone()].map(|reply| vec![Outgoing::Reply(reply)]);
    assert_eq!(record.inbox.iter().map(|entry| entry.sent.clone()).collect::<Vec<_>>(), remembered, "{what}");
    assert_eq!(record.outbox.len(), events, "{what}");
    for (index, entry) in record.outbox.iter().enumerate() {
        let event = Envelope::parse(&entry.body).expect("an event");
        assert_eq!((entry.id, event.message_id), (ids::event("sale-1", 3, index), entry.id), "{what}");
        assert_eq!(entry.type_name, event.payload.type_name(), "{what}");
        assert_eq!((event.source.as_str(), event.causation_id), ("reserve-goods", Some(id(7))), "{what}");
        assert_eq!((event.correlation, event.occurred_at), (None, at(60)), "{what}");
        assert_eq!(event.trace_parent, "00-1-2-01", "{what}");
    }
    let sent = shop.outbound.sent();
    assert_eq!(payloads(&sent), std::slice::from_ref(reply), "{what}");
    assert_eq!((sent[0].message.occurred_at, sent[0].message.trace_parent.as_str()), (at(60), "00-1-2-01"), "{what}");
}

#[tokio::test]
async fn after_any_number_of_conflicts_a_message_is_handled_once_and_whole_or_not_at_all() {
    for conflicts in 0..=MAX_ATTEMPTS {
        let what = format!("{conflicts} conflicts");
        let shop = busy_shop(5).await;
        let before = shop.store().peek("sale-1");
        (1..=conflicts).for_each(|nth| shop.database.faults().conflict(nth));
        let result = shop.deliver_at(&taking_two(), at(60)).await;
        assert!(shop.database.faults().are_over(), "{what}: it gave up too early");
        if conflicts < MAX_ATTEMPTS {
            assert_eq!((result, shop.decided(), on_the_shelf(&shop)), (Ok(()), conflicts + 1, 3), "{what}");
            must_be_handled_whole(&shop, &succeeded(), 2, &what);
        } else {
            let reason = "the item sale-1 changed 8 times while it was being decided";
            assert_eq!((result, shop.decided()), (Err(Failure::retry(reason)), MAX_ATTEMPTS), "{what}");
            assert_eq!((shop.store().peek("sale-1"), on_the_shelf(&shop)), (before, 5), "{what}: nothing is written");
            assert_eq!(shop.outbound.sent(), [], "{what}");
        }
    }
}

/// Each attempt is refused by the counter, and the write that takes its place meets a conflict.
#[tokio::test]
async fn after_any_number_of_conflicts_a_refusal_is_written_once_or_not_at_all() {
    for conflicts in 0..=MAX_ATTEMPTS {
        let what = format!("{conflicts} conflicts");
        let shop = busy_shop(1).await;
        let before = shop.store().peek("sale-1");
        (1..=conflicts).for_each(|nth| shop.database.faults().conflict(2 * nth));
        let result = shop.deliver_at(&taking_two(), at(60)).await;
        assert!(shop.database.faults().are_over(), "{what}: it gave up too early");
        assert_eq!(on_the_shelf(&shop), 1, "{what}");
        if conflicts < MAX_ATTEMPTS {
            assert_eq!((result, shop.decided()), (Ok(()), conflicts + 1), "{what}");
            must_be_handled_whole(&shop, &refused("SHORT paper", ""), 0, &what);
        } else {
            assert!(matches!(result, Err(Failure::Retry(_))), "{what}: {result:?}");
            assert_eq!((shop.store().peek("sale-1"), shop.outbound.sent()), (before, vec![]), "{what}");
        }
    }
}

#[tokio::test]
async fn a_refusal_that_lost_its_race_is_decided_anew_and_may_find_enough() {
    let shop = busy_shop(1).await;
    let shelves = shop.database.table("shelves");
    shop.database.faults().conflict(2);
    shop.database.faults().before(Operation::Save, 2, move || async move {
        let refilled = serde_json::to_value(counter("paper", 2, 9)).expect("JSON");
        shelves.plant("paper", refilled);
    });
    assert_eq!(shop.deliver_at(&taking_two(), at(60)).await, Ok(()));
    assert_eq!(on_the_shelf(&shop), 7);
    must_be_handled_whole(&shop, &succeeded(), 2, "refused, then enough");
}

#[tokio::test]
async fn messages_at_the_same_time_each_take_effect_once() {
    let shop = Shop::default();
    let messages: Vec<_> = (0..12).map(|number| reserve_goods(number / 2)).collect();
    for result in join_all(messages.iter().map(|message| shop.deliver(message))).await {
        assert_eq!(result, Ok(()));
    }
    assert_eq!(shop.count().map(|count| count.handled), Some(6), "six messages, each delivered twice");
    assert_eq!((shop.version(), shop.outbound.sent().len()), (6, 12));
}
