//! A crash or a failure anywhere is healed by redelivery.

use contracts::order::v1::OrderApproved;
use messaging::{Failure, ids, relay};
use testkit::{Faults, MemoryDatabase, MemoryOutbound, Operation};

use crate::tally::{Kitchen, Tally, create_ticket, payloads, succeeded, unpack};

fn is_retry(result: &Result<(), Failure>) -> bool {
    matches!(result, Err(Failure::Retry(_)))
}

#[tokio::test]
async fn a_crash_between_save_and_send_is_healed_by_redelivery() {
    let kitchen = Kitchen::default();
    kitchen.database.faults().crash_after(Operation::Save, 1);
    assert!(is_retry(&kitchen.deliver(&create_ticket(7)).await));
    assert_eq!((kitchen.version(), kitchen.outbound.sent()), (1, vec![]), "saved, but not answered");
    assert_eq!(kitchen.deliver(&create_ticket(7)).await, Ok(()));
    assert_eq!((kitchen.version(), kitchen.decided()), (1, 1));
    assert_eq!(payloads(&kitchen.outbound.sent()), [succeeded()]);
}

#[tokio::test]
async fn what_failed_before_the_save_is_done_by_redelivery() {
    for operation in [Operation::Load, Operation::Save] {
        let kitchen = Kitchen::default();
        kitchen.database.faults().fail(operation, 1);
        assert!(is_retry(&kitchen.deliver(&create_ticket(7)).await), "{operation:?}");
        assert_eq!((kitchen.version(), kitchen.outbound.sent()), (0, vec![]));
        assert_eq!(kitchen.deliver(&create_ticket(7)).await, Ok(()));
        assert_eq!((kitchen.version(), kitchen.outbound.sent().len()), (1, 1));
    }
}

#[tokio::test]
async fn wherever_it_breaks_the_effect_happens_once_and_is_answered() {
    for crashes in [false, true] {
        for nth in 1..=3 {
            let faults = Faults::default();
            let kitchen = Kitchen {
                database: MemoryDatabase::with_faults(faults.clone()),
                outbound: MemoryOutbound::with_faults(faults.clone()),
                ..Kitchen::default()
            };
            match crashes {
                true => faults.crash_after(Operation::Any, nth),
                false => faults.fail(Operation::Any, nth),
            }
            assert!(is_retry(&kitchen.deliver(&create_ticket(7)).await), "operation {nth}");
            assert!(faults.are_over());
            assert_eq!(kitchen.deliver(&create_ticket(7)).await, Ok(()));
            assert_eq!(kitchen.count().map(|count| count.handled), Some(1), "operation {nth}");
            let sent = kitchen.outbound.sent();
            assert!(!sent.is_empty() && sent.iter().all(|one| one.message == sent[0].message), "{sent:?}");
        }
    }
}

#[tokio::test]
async fn events_leave_through_the_outbox_under_derived_identities() {
    let kitchen = Kitchen::of(Tally { publishes: true, ..Tally::default() });
    kitchen.deliver(&create_ticket(7)).await.expect("a delivery");
    let outbox = kitchen.store().peek("order-1").expect("an item").outbox;
    let known: Vec<_> = outbox.iter().map(|entry| (entry.id, entry.type_name.as_str())).collect();
    let event = |index| ids::event("order-1", 1, index);
    assert_eq!(known, [(event(0), "order.v1.OrderApproved"), (event(1), "order.v1.OrderCanceled")]);
    kitchen.outbound.faults().fail(Operation::Publish, 1);
    assert!(is_retry(&relay(&kitchen.outbound, &outbox).await));
    kitchen.outbound.faults().crash_after(Operation::Publish, 1);
    assert!(is_retry(&relay(&kitchen.outbound, &outbox).await));
    assert_eq!(relay(&kitchen.outbound, &outbox).await, Ok(()));
    let published = kitchen.outbound.published();
    let types: Vec<_> = published.iter().map(|event| event.type_name.as_str()).collect();
    let again = ["order.v1.OrderApproved", "order.v1.OrderCanceled"];
    assert_eq!((types[0], &types[1..]), (again[0], &again[..]), "the first before the crash, and both again");
    assert_eq!(published[0], published[1]);
    for (entry, event) in outbox.iter().zip(&published[1..]) {
        assert_eq!(entry.body, event.body);
    }
    assert_eq!(unpack::<OrderApproved>(&published[0].body).order_id, "order-1");
}

#[tokio::test]
async fn the_outbox_holds_the_events_of_the_last_write_only() {
    let kitchen = Kitchen::of(Tally { publishes: true, ..Tally::default() });
    kitchen.deliver(&create_ticket(7)).await.expect("a delivery");
    kitchen.deliver(&create_ticket(8)).await.expect("a delivery");
    let outbox = kitchen.store().peek("order-1").expect("an item").outbox;
    assert_eq!(
        outbox.iter().map(|entry| entry.id).collect::<Vec<_>>(),
        [0, 1].map(|index| ids::event("order-1", 2, index))
    );
    kitchen.deciding(Tally::default()).deliver(&create_ticket(9)).await.expect("a delivery");
    assert_eq!(kitchen.store().peek("order-1").expect("an item").outbox, []);
}
