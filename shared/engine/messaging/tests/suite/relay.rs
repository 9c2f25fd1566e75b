//! Written items are relayed: together where that is allowed, in order where it is not, and nothing is lost.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use messaging::{
    Address, Envelope, Failure, NotRelayed, Outbound, OutboxEntry, OutgoingEvent, SendError, WrittenItem, relay,
};
use testkit::shop::v1::{SaleCompleted, SalePlaced};
use testkit::{MemoryOutbound, Operation, SetAside, builders};

/// The event with this number.
fn event(number: u128) -> OutboxEntry {
    let sale_id = number.to_string();
    OutboxEntry::of(&builders::event(number, SalePlaced { sale_id, ..Default::default() })).expect("an entry")
}

fn write(key: &str, events: &[u128]) -> WrittenItem {
    WrittenItem::new(key, events.iter().map(|number| event(*number)).collect())
}

/// Seven writes to three items, and the events of each.
const WRITES: [(&str, &[u128]); 7] =
    [("a", &[1]), ("b", &[2, 3]), ("a", &[4]), ("c", &[5]), ("b", &[6]), ("c", &[7, 8]), ("a", &[9])];

fn writes() -> Vec<WrittenItem> {
    WRITES.iter().map(|(key, events)| write(key, events)).collect()
}

/// The numbers of the events with these bodies.
fn numbers(bodies: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<u128> {
    let number = |body: &str| Envelope::parse(body).expect("an event").message_id.as_u128();
    bodies.into_iter().map(|body| number(body.as_ref())).collect()
}

fn published(outbound: &MemoryOutbound) -> Vec<u128> {
    numbers(outbound.published().iter().map(|event| event.body.as_str()))
}

fn injected(index: usize) -> Result<(), NotRelayed> {
    Err(NotRelayed { index, reason: SendError::Transient("injected".to_owned()) })
}

/// Remembers which events left together.
#[derive(Default)]
struct Together(Mutex<Vec<Vec<u128>>>);

#[async_trait]
impl Outbound for Together {
    async fn send(&self, _: &Address, _: &Envelope, _: Duration) -> Result<(), Failure> {
        Err(Failure::set_aside("nothing is sent"))
    }

    async fn publish(&self, events: &[OutgoingEvent<'_>]) -> Vec<Result<(), SendError>> {
        self.0.lock().expect("a lock").push(numbers(events.iter().map(|event| event.body)));
        vec![Ok(()); events.len()]
    }

    async fn set_aside(&self, _: &str, _: &str) -> Result<(), SendError> {
        Ok(())
    }
}

#[tokio::test]
async fn events_of_different_items_leave_together_and_those_of_an_item_one_after_the_other() {
    let together = Together::default();
    assert_eq!(relay(&together, &writes()).await, Ok(()));
    assert_eq!(together.0.into_inner().expect("calls"), [vec![1, 2, 5], vec![3, 4, 7], vec![6, 8, 9]]);
}

#[tokio::test]
async fn nothing_is_asked_when_there_is_nothing_to_publish() {
    let together = Together::default();
    let poison = WrittenItem::unreadable("b", "{}".to_owned(), "it is broken".to_owned());
    for writes in [vec![], vec![write("a", &[])], vec![write("a", &[]), poison]] {
        assert_eq!(relay(&together, &writes).await, Ok(()));
    }
    assert_eq!(together.0.into_inner().expect("calls"), Vec::<Vec<u128>>::new());
}

#[tokio::test]
async fn what_was_written_before_a_failure_leaves_and_of_what_came_later_only_what_left_with_it() {
    // The events leave as 1, 2, 5, then 3, 4, 7, then 6, 8, 9; by the number of the failing event, in that order.
    for (nth, index, left) in [
        (1, 0, vec![2, 5]),
        (2, 1, vec![1, 5]),
        (3, 3, vec![1, 2, 3, 4]),
        (4, 1, vec![1, 2, 5, 4, 7]),
        (6, 5, vec![1, 2, 5, 3, 4, 6]),
        (9, 6, vec![1, 2, 5, 3, 4, 7, 6, 8]),
    ] {
        let outbound = MemoryOutbound::default();
        outbound.faults().fail(Operation::Publish, nth);
        assert_eq!(relay(&outbound, &writes()).await, injected(index), "when event {nth} fails");
        assert_eq!(published(&outbound), left, "when event {nth} fails");
    }
}

/// The stream comes back with the write that was named and all after it, until nothing is left.
#[tokio::test]
async fn wherever_it_breaks_each_event_leaves_and_none_overtakes_an_earlier_event_of_its_item() {
    let all: Vec<u128> = (1..=9).collect();
    for crashes in [false, true] {
        for (first, second) in all.iter().flat_map(|first| all.iter().map(move |second| (*first, *second))) {
            let outbound = MemoryOutbound::default();
            for nth in [first, second] {
                let nth = usize::try_from(nth).expect("a number");
                match crashes {
                    true => outbound.faults().crash_after(Operation::Publish, nth),
                    false => outbound.faults().fail(Operation::Publish, nth),
                }
            }
            let mut from = 0;
            while let Err(failed) = relay(&outbound, &writes()[from..]).await {
                let settled = WRITES[..from + failed.index].iter().flat_map(|(_, events)| *events);
                let left = published(&outbound);
                assert!(settled.clone().all(|event| left.contains(event)), "{left:?} before {}", from + failed.index);
                from += failed.index;
            }
            let left = published(&outbound);
            let mut known = left.clone();
            known.sort_unstable();
            known.dedup();
            assert_eq!(known, all, "{first} and {second} fail");
            for key in ["a", "b", "c"] {
                let of_item: Vec<u128> =
                    WRITES.iter().filter(|(of, _)| *of == key).flat_map(|(_, events)| events.iter().copied()).collect();
                let mut seen = Vec::new();
                for event in left.iter().filter(|event| of_item.contains(event)) {
                    if !seen.contains(event) {
                        seen.push(*event);
                    }
                }
                assert_eq!(seen, of_item, "{first} and {second} fail");
            }
        }
    }
}

#[tokio::test]
async fn an_event_that_is_rejected_for_good_is_set_aside_and_the_next_leaves() {
    let outbound = MemoryOutbound::default().rejecting(["shop.v1.SaleCompleted"]);
    let rejected = OutboxEntry::of(&builders::event(2, SaleCompleted::default())).expect("an entry");
    let body = rejected.body.clone();
    let first = WrittenItem::new("a", vec![event(1), rejected, event(3)]);
    let writes = [first, write("a", &[4])];
    assert_eq!(relay(&outbound, &writes).await, Ok(()));
    assert_eq!(published(&outbound), [1, 3, 4]);
    assert_eq!(outbound.set_aside(), [SetAside { body, reason: "nobody takes it".to_owned() }]);

    outbound.faults().fail(Operation::SetAside, 1);
    assert_eq!(relay(&outbound, &writes).await, injected(0));
    assert_eq!(published(&outbound), [1, 3, 4, 1], "neither 3 nor 4 leaves before what failed");
}
