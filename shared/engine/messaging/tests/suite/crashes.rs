//! A crash or a failure anywhere is healed by redelivery.

use messaging::{Failure, NotRelayed, SendError, WrittenItem, ids, relay};
use testkit::shop::v1::SaleCompleted;
use testkit::{Faults, MemoryDatabase, MemoryOutbound, Operation};

use testkit::builders::{payloads, succeeded, unpack};
use testkit::tally::{Shop, Tally, reserve_goods};

fn is_retry(result: &Result<(), Failure>) -> bool {
    matches!(result, Err(Failure::Retry(_)))
}

#[tokio::test]
async fn a_crash_between_save_and_send_is_healed_by_redelivery() {
    let shop = Shop::default();
    shop.database.faults().crash_after(Operation::Save, 1);
    assert!(is_retry(&shop.deliver(&reserve_goods(7)).await));
    assert_eq!((shop.version(), shop.outbound.sent()), (1, vec![]), "saved, but not answered");
    assert_eq!(shop.deliver(&reserve_goods(7)).await, Ok(()));
    assert_eq!((shop.version(), shop.decided()), (1, 1));
    assert_eq!(payloads(&shop.outbound.sent()), [succeeded()]);
}

#[tokio::test]
async fn what_failed_before_the_save_is_done_by_redelivery() {
    for operation in [Operation::Load, Operation::Save] {
        let shop = Shop::default();
        shop.database.faults().fail(operation, 1);
        assert!(is_retry(&shop.deliver(&reserve_goods(7)).await), "{operation:?}");
        assert_eq!((shop.version(), shop.outbound.sent()), (0, vec![]));
        assert_eq!(shop.deliver(&reserve_goods(7)).await, Ok(()));
        assert_eq!((shop.version(), shop.outbound.sent().len()), (1, 1));
    }
}

#[tokio::test]
async fn wherever_it_breaks_the_effect_happens_once_and_is_answered() {
    for crashes in [false, true] {
        for nth in 1..=3 {
            let faults = Faults::default();
            let shop = Shop {
                database: MemoryDatabase::with_faults(faults.clone()),
                outbound: MemoryOutbound::with_faults(faults.clone()),
                ..Shop::default()
            };
            match crashes {
                true => faults.crash_after(Operation::Any, nth),
                false => faults.fail(Operation::Any, nth),
            }
            assert!(is_retry(&shop.deliver(&reserve_goods(7)).await), "operation {nth}");
            assert!(faults.are_over());
            assert_eq!(shop.deliver(&reserve_goods(7)).await, Ok(()));
            assert_eq!(shop.count().map(|count| count.handled), Some(1), "operation {nth}");
            let sent = shop.outbound.sent();
            assert!(!sent.is_empty() && sent.iter().all(|one| one.message == sent[0].message), "{sent:?}");
        }
    }
}

#[tokio::test]
async fn events_leave_through_the_outbox_under_derived_identities() {
    let shop = Shop::of(Tally { publishes: true, ..Tally::default() });
    shop.deliver(&reserve_goods(7)).await.expect("a delivery");
    let outbox = shop.store().peek("sale-1").expect("an item").outbox;
    let known: Vec<_> = outbox.iter().map(|entry| (entry.id, entry.type_name.as_str())).collect();
    let event = |index| ids::event("sale-1", 1, index);
    assert_eq!(known, [(event(0), "shop.v1.SaleCompleted"), (event(1), "shop.v1.SaleReturned")]);
    shop.outbound.faults().fail(Operation::Publish, 1);
    let writes = [WrittenItem::new("sale-1", outbox.clone())];
    let failed = Err(NotRelayed { index: 0, reason: SendError::Transient("injected".to_owned()) });
    assert_eq!(relay(&shop.outbound, &writes).await, failed);
    shop.outbound.faults().crash_after(Operation::Publish, 1);
    assert_eq!(relay(&shop.outbound, &writes).await, failed);
    assert_eq!(relay(&shop.outbound, &writes).await, Ok(()));
    let published = shop.outbound.published();
    let types: Vec<_> = published.iter().map(|event| event.type_name.as_str()).collect();
    let again = ["shop.v1.SaleCompleted", "shop.v1.SaleReturned"];
    assert_eq!((types[0], &types[1..]), (again[0], &again[..]), "the first before the crash, and both again");
    assert_eq!(published[0], published[1]);
    for (entry, event) in outbox.iter().zip(&published[1..]) {
        assert_eq!(entry.body, event.body);
    }
    assert_eq!(unpack::<SaleCompleted>(&published[0].body).sale_id, "sale-1");
}

#[tokio::test]
async fn the_outbox_holds_the_events_of_the_last_write_only() {
    let shop = Shop::of(Tally { publishes: true, ..Tally::default() });
    shop.deliver(&reserve_goods(7)).await.expect("a delivery");
    shop.deliver(&reserve_goods(8)).await.expect("a delivery");
    let outbox = shop.store().peek("sale-1").expect("an item").outbox;
    assert_eq!(
        outbox.iter().map(|entry| entry.id).collect::<Vec<_>>(),
        [0, 1].map(|index| ids::event("sale-1", 2, index))
    );
    shop.deciding(Tally::default()).deliver(&reserve_goods(9)).await.expect("a delivery");
    assert_eq!(shop.store().peek("sale-1").expect("an item").outbox, []);
}
