//! At-least-once in, exactly-once effect.

use messaging::{Address, INBOX_LIMIT, ids};
use testkit::builders::{self, RETURN_ADDRESS, id};

use crate::tally::{Kitchen, Tally, create_ticket, payloads, refused, succeeded};

#[tokio::test]
async fn a_command_takes_effect_and_is_answered() {
    let kitchen = Kitchen::default();
    let command = create_ticket(7);
    assert_eq!(kitchen.deliver(&command).await, Ok(()));
    assert_eq!(kitchen.count().map(|count| count.handled), Some(1));
    let sent = kitchen.outbound.sent();
    assert_eq!(payloads(&sent), [succeeded()]);
    assert_eq!(sent[0].to, Address::Queue(RETURN_ADDRESS.to_owned()));
    assert!(sent[0].delay.is_zero());
    assert_eq!(sent[0].message.message_id, ids::reply(id(7)));
    assert_eq!(sent[0].message.causation_id, Some(id(7)));
    assert_eq!(sent[0].message.correlation, command.correlation);
    assert_eq!(sent[0].message.source, "create-ticket");
}

#[tokio::test]
async fn a_duplicate_gets_the_recorded_reply_and_nothing_is_saved() {
    let kitchen = Kitchen::default();
    kitchen.deliver(&create_ticket(7)).await.expect("a delivery");
    // The decision would be another one now, but it has been taken.
    let later = kitchen.deciding(Tally { refuses: true, ..Tally::default() });
    assert_eq!(later.deliver(&create_ticket(7)).await, Ok(()));
    assert_eq!((later.decided(), later.version()), (0, 1));
    let sent = kitchen.outbound.sent();
    assert_eq!(payloads(&sent), [succeeded(), succeeded()]);
    assert_eq!(sent[0].message.message_id, sent[1].message.message_id, "its receiver recognises the repeat");
}

#[tokio::test]
async fn a_refusal_is_recorded_like_any_reply() {
    let kitchen = Kitchen::of(Tally { refuses: true, ..Tally::default() });
    for _ in 0..2 {
        assert_eq!(kitchen.deliver(&create_ticket(7)).await, Ok(()));
    }
    assert_eq!(kitchen.version(), 1);
    assert_eq!(payloads(&kitchen.outbound.sent()), [refused("NO", "not today"), refused("NO", "not today")]);
}

#[tokio::test]
async fn a_reply_goes_to_the_newest_return_address_and_token() {
    let kitchen = Kitchen::default();
    kitchen.deliver(&create_ticket(7)).await.expect("a delivery");
    let mut again = create_ticket(7);
    let correlation = again.correlation.as_mut().expect("a correlation");
    correlation.reply_to = "https://queue/moved".to_owned();
    correlation.reply_token = "newer".to_owned();
    kitchen.deliver(&again).await.expect("a delivery");
    let sent = kitchen.outbound.sent();
    assert_eq!(sent[1].to, Address::Queue("https://queue/moved".to_owned()));
    assert_eq!(sent[1].message.correlation, again.correlation);
    assert_eq!(sent[0].message.correlation, create_ticket(7).correlation);
}

#[tokio::test]
async fn the_inbox_is_bounded_and_forgets_the_oldest() {
    let kitchen = Kitchen::default();
    for number in 1..=40 {
        kitchen.deliver(&create_ticket(number)).await.expect("a delivery");
    }
    let record = kitchen.store().peek("order-1").expect("an item");
    let remembered: Vec<_> = record.inbox.iter().map(|entry| entry.id).collect();
    assert_eq!(INBOX_LIMIT, 32);
    assert_eq!(remembered, (9..=40).map(builders::id).collect::<Vec<_>>());
    assert_eq!(record.version, 40);
}

#[tokio::test]
async fn what_is_older_than_the_inbox_is_recognised_by_the_state() {
    let kitchen = Kitchen::default();
    kitchen.deliver(&create_ticket(1)).await.expect("a delivery");
    let later = kitchen.deciding(Tally { recognises: true, ..Tally::default() });
    assert_eq!(later.deliver(&create_ticket(2)).await, Ok(()));
    assert_eq!((later.decided(), later.version()), (1, 1), "decided, and nothing saved");
    assert_eq!(payloads(&kitchen.outbound.sent()), [succeeded(), succeeded()]);
}
