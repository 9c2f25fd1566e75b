//! Another write came first: decide anew.

use std::sync::Arc;

use futures_util::future::join_all;
use messaging::Failure;
use testkit::Operation;

use crate::tally::{Kitchen, create_ticket};

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

#[tokio::test]
async fn after_too_many_conflicts_the_message_goes_back_to_its_queue() {
    for (conflicts, handled) in [(7, true), (8, false)] {
        let kitchen = Kitchen::default();
        for nth in 1..=conflicts {
            kitchen.database.faults().conflict(nth);
        }
        let result = kitchen.deliver(&create_ticket(7)).await;
        assert_eq!(result.is_ok(), handled, "{conflicts} conflicts");
        assert_eq!(matches!(result, Err(Failure::Retry(_))), !handled);
        assert_eq!(kitchen.outbound.sent().len(), usize::from(handled));
    }
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
