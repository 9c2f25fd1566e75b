//! What a saga's messages say about where they come from, from hop to hop.

use messaging::{Correlation, Envelope, ids};
use testkit::builders::at;
use testkit::lane::{Lane, saga_id, sale_placed};
use testkit::{Sent, queue_url};

const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn traced(message: Envelope) -> Envelope {
    Envelope { trace_parent: TRACE.to_owned(), ..message }
}

/// All that was sent in answer to `cause`.
async fn answers(lane: &mut Lane, cause: &Envelope) -> Vec<Sent> {
    lane.deliver(cause).await.expect("a delivery");
    lane.sent.clone()
}

fn must_follow_from(cause: &Envelope, source: &str, now: time::OffsetDateTime, sent: &[Sent]) {
    for Sent { message, .. } in sent {
        assert_eq!(message.source, source, "{message:?}");
        assert_eq!(message.causation_id, Some(cause.message_id), "{message:?}");
        assert_eq!(message.trace_parent, cause.trace_parent, "{message:?}");
        assert_eq!(message.occurred_at, now, "{message:?}");
    }
}

#[tokio::test]
async fn a_sagas_messages_follow_from_what_it_was_told() {
    let mut lane = Lane::new();
    lane.now = at(1);
    let event = traced(sale_placed());
    let sent = answers(&mut lane, &event).await;
    assert_eq!(sent.len(), 2, "a command and a watchdog");
    must_follow_from(&event, "orchestrate-saga", at(1), &sent);

    lane.now = at(2);
    let reply = traced(testkit::builders::reply(lane.command("reserve-goods"), testkit::builders::succeeded()));
    let sent = answers(&mut lane, &reply).await;
    assert_eq!(sent.len(), 1, "a command");
    must_follow_from(&reply, "orchestrate-saga", at(2), &sent);

    let watchdog = traced(lane.watchdog().message.clone());
    lane.now = at(12);
    let sent = answers(&mut lane, &watchdog).await;
    assert_eq!(sent.len(), 2, "the command again, and the next watchdog");
    must_follow_from(&watchdog, "orchestrate-saga", at(12), &sent);
    // Delivered once more, it sends both once more.
    lane.now = at(13);
    must_follow_from(&watchdog, "orchestrate-saga", at(13), &answers(&mut lane, &watchdog).await);
}

#[tokio::test]
async fn a_sagas_messages_know_their_saga_and_its_queue() {
    let mut lane = Lane::started().await;
    for (handler, next) in [("reserve-goods", "charge-card"), ("charge-card", "pack-goods")] {
        let correlation = |step: &str| Correlation {
            saga_id: saga_id(),
            step: step.to_owned(),
            reply_to: queue_url("saga"),
            reply_token: String::new(),
        };
        assert_eq!(lane.command(handler).correlation, Some(correlation(handler)));
        assert_eq!(lane.command(handler).message_id, ids::command(saga_id(), handler));
        assert_eq!(lane.watchdog().message.correlation, Some(correlation("")), "the watchdog belongs to no step");
        assert_eq!(lane.succeed(handler).await, Ok(vec![next.to_owned()]));
        assert!(lane.sent.iter().all(|sent| sent.delay.is_zero()), "only a watchdog is delayed");
    }
}
