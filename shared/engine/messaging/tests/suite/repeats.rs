//! At-least-once in, exactly-once effect.

use messaging::{Address, INBOX_LIMIT, ids};
use testkit::builders::{self, RETURN_ADDRESS, id, payloads, refused, succeeded};

use testkit::tally::{Shop, Tally, reserve_goods};

#[tokio::test]
async fn a_command_takes_effect_and_is_answered() {
    let shop = Shop::default();
    let command = reserve_goods(7);
    assert_eq!(shop.deliver(&command).await, Ok(()));
    assert_eq!(shop.count().map(|count| count.handled), Some(1));
    let sent = shop.outbound.sent();
    assert_eq!(payloads(&sent), [succeeded()]);
    assert_eq!(sent[0].to, Address::Queue(RETURN_ADDRESS.to_owned()));
    assert!(sent[0].delay.is_zero());
    assert_eq!(sent[0].message.message_id, ids::reply(id(7)));
    assert_eq!(sent[0].message.causation_id, Some(id(7)));
    assert_eq!(sent[0].message.correlation, command.correlation);
    assert_eq!(sent[0].message.source, "reserve-goods");
}

#[tokio::test]
async fn a_duplicate_gets_the_recorded_reply_and_nothing_is_saved() {
    let shop = Shop::default();
    shop.deliver(&reserve_goods(7)).await.expect("a delivery");
    // The decision would be another one now, but it has been taken.
    let later = shop.deciding(Tally { refuses: true, ..Tally::default() });
    assert_eq!(later.deliver(&reserve_goods(7)).await, Ok(()));
    assert_eq!((later.decided(), later.version()), (0, 1));
    let sent = shop.outbound.sent();
    assert_eq!(payloads(&sent), [succeeded(), succeeded()]);
    assert_eq!(sent[0].message.message_id, sent[1].message.message_id, "its receiver recognises the repeat");
}

#[tokio::test]
async fn a_refusal_is_recorded_like_any_reply() {
    let shop = Shop::of(Tally { refuses: true, ..Tally::default() });
    for _ in 0..2 {
        assert_eq!(shop.deliver(&reserve_goods(7)).await, Ok(()));
    }
    assert_eq!(shop.version(), 1);
    assert_eq!(payloads(&shop.outbound.sent()), [refused("NO", "not today"), refused("NO", "not today")]);
}

#[tokio::test]
async fn a_reply_goes_to_the_newest_return_address_and_token() {
    let shop = Shop::default();
    shop.deliver(&reserve_goods(7)).await.expect("a delivery");
    let mut again = reserve_goods(7);
    let correlation = again.correlation.as_mut().expect("a correlation");
    correlation.reply_to = "https://queue/moved".to_owned();
    correlation.reply_token = "newer".to_owned();
    shop.deliver(&again).await.expect("a delivery");
    let sent = shop.outbound.sent();
    assert_eq!(sent[1].to, Address::Queue("https://queue/moved".to_owned()));
    assert_eq!(sent[1].message.correlation, again.correlation);
    assert_eq!(sent[0].message.correlation, reserve_goods(7).correlation);
}

#[tokio::test]
async fn the_inbox_is_bounded_and_forgets_the_oldest() {
    let shop = Shop::default();
    for number in 1..=40 {
        shop.deliver(&reserve_goods(number)).await.expect("a delivery");
    }
    let record = shop.store().peek("sale-1").expect("an item");
    let remembered: Vec<_> = record.inbox.iter().map(|entry| entry.id).collect();
    assert_eq!(INBOX_LIMIT, 32);
    assert_eq!(remembered, (9..=40).map(builders::id).collect::<Vec<_>>());
    assert_eq!(record.version, 40);
}

#[tokio::test]
async fn what_is_older_than_the_inbox_is_recognised_by_the_state() {
    let shop = Shop::default();
    shop.deliver(&reserve_goods(1)).await.expect("a delivery");
    let later = shop.deciding(Tally { recognises: true, ..Tally::default() });
    assert_eq!(later.deliver(&reserve_goods(2)).await, Ok(()));
    assert_eq!((later.decided(), later.version()), (1, 1), "decided, and nothing saved");
    assert_eq!(payloads(&shop.outbound.sent()), [succeeded(), succeeded()]);
}
