//! Messages that leave.

use std::time::Duration;

use messaging::{Address, Envelope, Failure, OutgoingEvent, SendError};

use super::{Mailbox, OutboundFixture, Received};
use crate::builders::command;
use crate::till::v1::RefundCard;

pub(super) async fn contract(fixture: &OutboundFixture<'_>) {
    a_message_arrives_where_it_was_sent(fixture).await;
    a_delayed_message_arrives_later(fixture).await;
    events_arrive_with_their_types(fixture).await;
    a_body_is_set_aside_with_its_reason(fixture).await;
    what_cannot_be_sent_is_set_aside(fixture).await;
}

fn message(number: u128) -> Envelope {
    command(number, RefundCard { sale_id: format!("Zoë 🍕 \u{7f} \u{ffff} {number}"), ..Default::default() })
}

async fn received(fixture: &OutboundFixture<'_>, mailbox: Mailbox, after: Duration) -> Vec<Received> {
    fixture.mailboxes.receive(&mailbox, after).await
}

async fn envelopes(fixture: &OutboundFixture<'_>, to: &Address, after: Duration) -> Vec<Envelope> {
    let received = received(fixture, Mailbox::Queue(to.clone()), after).await;
    received.iter().map(|received| Envelope::parse(&received.body).expect("a message")).collect()
}

async fn a_message_arrives_where_it_was_sent(fixture: &OutboundFixture<'_>) {
    let addresses = [fixture.queue.clone(), Address::Handler("known".to_owned()), Address::Myself];
    for (number, to) in (1..).zip(&addresses) {
        let sent = fixture.outbound.send(to, &message(number), Duration::ZERO).await;
        assert_eq!(sent, Ok(()), "{to:?}");
    }
    for (number, to) in (1..).zip(&addresses) {
        assert_eq!(envelopes(fixture, to, Duration::ZERO).await, [message(number)], "{to:?}");
    }
}

async fn a_delayed_message_arrives_later(fixture: &OutboundFixture<'_>) {
    let delay = Duration::from_secs(4);
    fixture.outbound.send(&fixture.queue, &message(4), delay).await.expect("a sending");
    fixture.outbound.send(&Address::Myself, &message(5), Duration::from_secs(100_000)).await.expect("a sending");
    assert_eq!(envelopes(fixture, &fixture.queue, Duration::ZERO).await, [], "before the delay is over");
    assert_eq!(envelopes(fixture, &fixture.queue, delay).await, [message(4)], "after the delay");
}

/// Events that are longer together than one call may be.
async fn events_arrive_with_their_types(fixture: &OutboundFixture<'_>) {
    let bodies: Vec<_> = (6..16).map(|number| long_message(number).to_json().expect("JSON")).collect();
    let events = bodies.iter().map(|body| OutgoingEvent { type_name: "till.v1.RefundCard", body });
    let told = fixture.outbound.publish(&events.collect::<Vec<_>>()).await;
    assert_eq!(told, vec![Ok(()); bodies.len()]);
    let mut received = received(fixture, Mailbox::Subscriber, Duration::ZERO).await;
    received.sort_by_key(|received| Envelope::parse(&received.body).expect("a message").message_id);
    assert_eq!(received.len(), bodies.len());
    for (number, received) in (6..).zip(received) {
        assert_eq!(Envelope::parse(&received.body), Ok(long_message(number)));
        assert_eq!(received.attributes["type"], "till.v1.RefundCard");
    }
}

/// Forty kilobytes with characters that SQS and SNS refuse.
fn long_message(number: u128) -> Envelope {
    command(number, RefundCard { sale_id: "Zoë 🍕 \u{ffff} ".repeat(2_500), ..Default::default() })
}

async fn a_body_is_set_aside_with_its_reason(fixture: &OutboundFixture<'_>) {
    let reason = format!("not\u{0}JSON: {}", "é".repeat(5_000));
    assert_eq!(fixture.outbound.set_aside("{broken 🍕", &reason).await, Ok(()));
    let received = received(fixture, Mailbox::DeadLetters, Duration::ZERO).await;
    assert_eq!(received.len(), 1, "{received:?}");
    assert_eq!(received[0].body, "{broken 🍕");
    let stored = &received[0].attributes["reason"];
    assert!(stored.starts_with("not") && stored.contains("JSON: é"), "{stored}");
    assert_eq!(fixture.outbound.set_aside("", "").await, Ok(()), "even nothing can be set aside");
}

async fn what_cannot_be_sent_is_set_aside(fixture: &OutboundFixture<'_>) {
    let unknown = Address::Handler("unknown".to_owned());
    let expected = Failure::from(SendError::UnknownAddress(String::new()));
    let result = fixture.outbound.send(&unknown, &message(7), Duration::ZERO).await;
    let is_set_aside = |result: &Result<(), Failure>| {
        result.as_ref().is_err_and(|error| std::mem::discriminant(error) == std::mem::discriminant(&expected))
    };
    assert!(is_set_aside(&result), "an unknown handler: {result:?}");
    let long = command(8, RefundCard { sale_id: "x".repeat(300 * 1024), ..Default::default() });
    let result = fixture.outbound.send(&fixture.queue, &long, Duration::ZERO).await;
    assert!(is_set_aside(&result), "a message that is too long: {result:?}");
}
