//! Messages leave: to queues, to a topic, and aside.

use std::time::Duration;

use messaging::{Address, Envelope, Failure, Outbound, OutgoingEvent, SendError};
use serde_json::{Value, json};
use testkit::builders::command;
use testkit::till::v1::RefundCard;

use super::answers::{Answer, error, ok, passing, sqs_error, text};
use super::world::World;
use crate::AwsOutbound;

pub(super) const TOPIC: &str = "arn:aws:sns:eu-test-1:1:events";

pub(super) fn outbound(world: &World) -> AwsOutbound {
    AwsOutbound::new(world.sqs(), "https://queue/dead-letters")
        .with_handler("reserve-goods", "https://queue/reserve-goods")
        .with_handler("refund-card", "https://queue/refund-card")
        .with_own_queue("https://queue/mine")
        .with_topic(world.sns(), TOPIC)
}

fn message() -> Envelope {
    command(1, RefundCard { sale_id: "7".to_owned(), ..Default::default() })
}

fn sent() -> Answer {
    ok(json!({"MessageId": "1"}))
}

fn send(answers: impl IntoIterator<Item = Answer>, to: &Address, delay: Duration) -> (Result<(), Failure>, World) {
    let world = World::answering(answers);
    let told = world.run(outbound(&world).send(to, &message(), delay));
    (told, world)
}

fn set_aside(answers: impl IntoIterator<Item = Answer>, body: &str, reason: &str) -> (Result<(), SendError>, World) {
    let world = World::answering(answers);
    let told = world.run(outbound(&world).set_aside(body, reason));
    (told, world)
}

#[test]
fn a_message_goes_to_the_queue_of_its_address() {
    for (address, queue) in [
        (Address::Queue("https://queue/replies".to_owned()), "https://queue/replies"),
        (Address::Handler("reserve-goods".to_owned()), "https://queue/reserve-goods"),
        (Address::Handler("refund-card".to_owned()), "https://queue/refund-card"),
        (Address::Myself, "https://queue/mine"),
    ] {
        let (told, world) = send([sent()], &address, Duration::ZERO);
        assert_eq!(told, Ok(()));
        assert_eq!(world.request().operation, "AmazonSQS.SendMessage");
        let body = message().to_json().expect("JSON");
        assert_eq!(world.json(), json!({"QueueUrl": queue, "MessageBody": body}));
    }
}

#[test]
fn a_message_is_delayed_by_whole_seconds_and_no_more_than_the_queue_takes() {
    for (delay, seconds) in [
        (Duration::ZERO, Value::Null),
        (Duration::from_millis(999), Value::Null),
        (Duration::from_secs(1), json!(1)),
        (Duration::from_secs(900), json!(900)),
        (Duration::from_secs(901), json!(900)),
    ] {
        let (told, world) = send([sent()], &Address::Myself, delay);
        assert_eq!(told, Ok(()));
        assert_eq!(world.json()["DelaySeconds"], seconds, "{delay:?}");
    }
}

#[test]
fn a_message_holds_nothing_that_a_queue_refuses() {
    let world = World::answering([sent()]);
    let odd = command(1, RefundCard { sale_id: "\u{ffff}".to_owned(), ..Default::default() });
    assert_eq!(world.run(outbound(&world).send(&Address::Myself, &odd, Duration::ZERO)), Ok(()));
    let body = world.json()["MessageBody"].as_str().expect("a body").to_owned();
    assert!(!body.contains('\u{ffff}'), "{body}");
    assert_eq!(Envelope::parse(&body), Ok(odd));
}

#[test]
fn what_has_no_address_or_is_too_long_is_not_sent() {
    let world = World::answering([]);
    let knows_nobody = AwsOutbound::new(world.sqs(), "https://queue/dead-letters");
    for (address, name) in
        [(Address::Handler("reserve-goods".to_owned()), "reserve-goods"), (Address::Myself, "the function's own queue")]
    {
        let told = world.run(knows_nobody.send(&address, &message(), Duration::ZERO));
        assert_eq!(told, Err(Failure::set_aside(format!("no queue is known for {name}"))));
    }
    let stranger = Address::Handler("recall-goods".to_owned());
    assert!(matches!(send([], &stranger, Duration::ZERO).0, Err(Failure::SetAside(_))));
    let told = world.run(knows_nobody.publish(&[OutgoingEvent { type_name: "shop.v1.Sold", body: "{}" }]));
    assert_eq!(told, [Err(SendError::UnknownAddress("events of type shop.v1.Sold".to_owned()))]);
    let long = command(1, RefundCard { sale_id: "7".repeat(messaging::MAX_MESSAGE_BYTES), ..Default::default() });
    let told = world.run(outbound(&world).send(&Address::Myself, &long, Duration::ZERO));
    assert!(matches!(&told, Err(Failure::SetAside(why)) if why.contains("longer")), "{told:?}");
}

#[test]
fn a_message_that_did_not_leave_is_set_aside_only_if_it_never_can() {
    let aside = |why: &str| Failure::set_aside(format!("SendMessage: {why}: says AWS"));
    let unknown = || Failure::set_aside("no queue is known for https://queue/mine".to_owned());
    for (answer, told) in [
        (sqs_error("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"), unknown()),
        (error("QueueDoesNotExist"), unknown()),
        (sqs_error("InvalidAddress", "InvalidAddress"), unknown()),
        (sqs_error("InvalidMessageContents", "InvalidMessageContents"), aside("InvalidMessageContents")),
        (sqs_error("InvalidParameterValueException", "InvalidParameterValue"), aside("InvalidParameterValue")),
    ] {
        let told_of = format!("{answer:?}");
        assert_eq!(send([answer], &Address::Myself, Duration::ZERO).0, Err(told), "{told_of}");
    }
    for (answer, attempts, why) in passing_at_a_queue() {
        let (told, _) = send(vec![answer.clone(); attempts], &Address::Myself, Duration::ZERO);
        assert_eq!(told, Err(Failure::retry(format!("SendMessage: {why}"))), "{answer:?}");
    }
}

/// What may pass at SQS.
fn passing_at_a_queue() -> Vec<(Answer, usize, &'static str)> {
    let mut answers = passing();
    answers.extend([
        (sqs_error("RequestThrottled", "RequestThrottled"), 3, "RequestThrottled: says AWS"),
        (sqs_error("OverLimit", "OverLimit"), 1, "OverLimit: says AWS"),
        (sqs_error("KmsThrottled", "KMS.ThrottlingException"), 1, "KMS.ThrottlingException: says AWS"),
        (sqs_error("KmsAccessDenied", "KMS.AccessDeniedException"), 1, "KMS.AccessDeniedException: says AWS"),
        (sqs_error("UnsupportedOperation", "UnsupportedOperation"), 1, "UnsupportedOperation: says AWS"),
        (sqs_error("AccessDeniedException", "AccessDenied"), 1, "AccessDenied: says AWS"),
        (sqs_error("ExpiredTokenException", "ExpiredToken"), 1, "ExpiredToken: says AWS"),
        (sqs_error("InvalidSecurity", "InvalidSecurity"), 1, "InvalidSecurity: says AWS"),
        (ok(json!([])), 1, "no code: no message"),
    ]);
    answers
}

#[test]
fn a_hiccup_of_a_queue_is_nothing_to_tell() {
    let (told, world) = send([text(500, ""), Answer::Unreachable, sent()], &Address::Myself, Duration::ZERO);
    assert_eq!(told, Ok(()));
    assert_eq!(world.moments(), [0, 50, 150]);
}

#[test]
fn what_is_set_aside_goes_to_the_dead_letters_with_its_reason() {
    for (body, reason, stored_body, stored_reason) in [
        ("{}", "nobody can read it", "{}", "nobody can read it"),
        ("", "", "\"\"", "no reason given"),
        ("\u{0}", "a\u{0}b", "\\u0000", "a b"),
    ] {
        let (told, world) = set_aside([sent()], body, reason);
        assert_eq!(told, Ok(()));
        let expected = json!({
            "QueueUrl": "https://queue/dead-letters",
            "MessageBody": stored_body,
            "MessageAttributes": {"reason": {"DataType": "String", "StringValue": stored_reason}},
        });
        assert_eq!(world.json(), expected);
    }
}

#[test]
fn what_cannot_be_set_aside_stays_where_it_is() {
    let mut rows = passing_at_a_queue();
    let gone = "AWS.SimpleQueueService.NonExistentQueue";
    rows.extend([
        (sqs_error("QueueDoesNotExist", gone), 1, "AWS.SimpleQueueService.NonExistentQueue: says AWS"),
        (sqs_error("InvalidMessageContents", "InvalidMessageContents"), 1, "InvalidMessageContents: says AWS"),
        (sqs_error("InvalidParameterValueException", "InvalidParameterValue"), 1, "InvalidParameterValue: says AWS"),
    ]);
    for (answer, attempts, why) in rows {
        let (told, _) = set_aside(vec![answer.clone(); attempts], "{}", "why");
        assert_eq!(told, Err(SendError::Transient(format!("SendMessage: {why}"))), "{answer:?}");
    }
}
