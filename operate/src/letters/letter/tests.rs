use messaging::Correlation;
use serde_json::json;
use testkit::builders::{self, id};
use testkit::shop::v1::SalePlaced;
use wire::Payload;

use super::*;

/// What must not be shown to anybody.
const SECRET: &str = "tok_secret";

fn attribute(text: &str) -> MessageAttributeValue {
    MessageAttributeValue::builder().data_type("String").string_value(text).build().expect("an attribute")
}

/// A message as SQS gives it, sent at the first moment of 2026 and received twice.
fn letter(body: &str, attributes: &[(&str, &str)], system: &[(MessageSystemAttributeName, &str)]) -> Letter {
    let mut message = Message::builder().message_id("id-1").receipt_handle("receipt-1").body(body);
    for (name, text) in attributes {
        message = message.message_attributes(*name, attribute(text));
    }
    let always = [
        (MessageSystemAttributeName::SentTimestamp, "1767225600000"),
        (MessageSystemAttributeName::ApproximateReceiveCount, "2"),
    ];
    for (name, text) in always.iter().chain(system) {
        message = message.attributes(name.clone(), *text);
    }
    Letter::of(message.build())
}

fn command() -> Envelope {
    let payload = json!({
        "@type": "type.googleapis.com/billing.v1.AuthorizeCard", "orderId": id(9), "cardToken": SECRET,
    });
    let correlation = Correlation {
        saga_id: id(7),
        step: "authorize-card".to_owned(),
        reply_to: "https://queue/saga".to_owned(),
        reply_token: SECRET.to_owned(),
    };
    let payload = Payload::from_json(payload).expect("a payload");
    Envelope { correlation: Some(correlation), ..builders::event(8, payload) }
}

#[test]
fn a_message_that_was_set_aside_is_shown_with_its_reason_its_type_and_its_ids_alone() {
    let body = command().to_json().expect("JSON");
    let told = letter(&body, &[("reason", "the ticket is\u{1b}[31m another")], &[]).told();
    let expected = format!(
        "id-1\n  reason the ticket is [31m another\n  holds  billing.v1.AuthorizeCard, message {}, saga {}, order {}\n  \
         sent   2026-01-01T00:00:00Z, received 2 times\n",
        id(8),
        id(7),
        id(9)
    );
    assert_eq!(told, expected);
}

/// An order's id is shown because it is one, and not because of the name of its field.
#[test]
fn nothing_of_a_payload_is_shown_but_an_order_that_is_an_id() {
    let payload = json!({"@type": "type.googleapis.com/a.B", "orderId": SECRET, "cardToken": SECRET});
    let event = builders::event(8, Payload::from_json(payload).expect("a payload"));
    let stored = json!({"key": {"S": SECRET}, "outbox": {"S": SECRET}}).to_string();
    for body in [event.to_json().expect("JSON"), stored, format!("not json {SECRET}"), format!("\"{SECRET}\"")] {
        let told = letter(&body, &[], &[]).told();
        assert!(!told.contains(SECRET) && told.contains("holds"), "{told}");
    }
}

#[test]
fn a_message_without_a_reason_is_shown_with_whoever_put_it_there() {
    let body = command().to_json().expect("JSON");
    let moved = [(MessageSystemAttributeName::DeadLetterQueueSourceArn, "arn:aws:sqs:eu-test-1:1:s-authorize-card")];
    let cases = [
        (
            letter(&body, &[], &moved),
            "moved here by SQS, after 2 receives in all: its handler kept failing, see its log",
        ),
        (letter(&body, &[], &[]), "none is given: SNS could not deliver it, or it was put here by hand"),
        (letter(POSITIONS, &[], &[]), "Lambda gave these writes up: publishing them failed until they were too old"),
    ];
    for (letter, reason) in cases {
        assert!(letter.told().contains(&format!("reason {reason}\n")), "{}", letter.told());
    }
}

/// As AWS's developer guide shows it, shortened.
const POSITIONS: &str = r#"{
    "requestContext": {"requestId": "316aa6d0", "functionArn": "arn:aws:lambda:us-west-2:1:function:f:$LATEST",
        "condition": "RetryAttemptsExhausted", "approximateInvokeCount": 1},
    "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
    "version": "1.0", "timestamp": "2019-11-14T00:13:49.717Z",
    "DDBStreamBatchInfo": {"shardId": "shardId-00000001573689847184-864758bb",
        "startSequenceNumber": "800000000003126276362", "endSequenceNumber": "800000000003126276367",
        "approximateArrivalOfFirstRecord": "2019-11-14T00:13:19Z",
        "approximateArrivalOfLastRecord": "2019-11-14T00:13:20Z", "batchSize": 3,
        "streamArn": "arn:aws:dynamodb:us-west-2:1:table/s-orders/stream/2019-11-14T00:04:06.388"}
}"#;

#[test]
fn a_record_of_lambdas_says_where_the_writes_are() {
    let letter = letter(POSITIONS, &[], &[]);
    let holds = "where 3 writes from 2019-11-14T00:13:19Z on stand in the stream; not the writes";
    assert!(letter.told().contains(holds), "{}", letter.told());
    let Content::Positions(positions) = letter.content else { panic!("not understood") };
    let command = positions.command();
    for part in [
        "--stream-arn arn:aws:dynamodb:us-west-2:1:table/s-orders/stream/2019-11-14T00:04:06.388 ",
        "--shard-id shardId-00000001573689847184-864758bb ",
        "--sequence-number 800000000003126276362 ",
        "# up to 800000000003126276367",
    ] {
        assert!(command.contains(part), "{command}");
    }
}

/// Whoever may write to a dead-letter queue would otherwise word a command that an operator pastes.
#[test]
fn a_record_whose_words_a_shell_would_obey_is_no_record_of_lambdas() {
    let words = [
        "shardId-00000001573689847184-864758bb",
        "800000000003126276362",
        "800000000003126276367",
        "arn:aws:dynamodb:us-west-2:1:table/s-orders/stream/2019-11-14T00:04:06.388",
    ];
    for word in words {
        for other in
            ["$(reboot)", "x;reboot", "x reboot", "x`reboot`", "x'", "x\\\\", "x\\nreboot", "é", "--profile", ""]
        {
            let body = POSITIONS.replace(&format!("\"{word}\""), &format!("\"{other}\""));
            let letter = letter(&body, &[], &[]);
            assert!(matches!(letter.content, Content::Unknown), "{word}: {other}");
            assert!(letter.told().contains("bytes that are no message of ours"), "{}", letter.told());
        }
    }
}

/// The relay writes the stream's image; its item cannot be read, or a part of its outbox cannot.
#[test]
fn an_item_that_the_relay_set_aside_is_read_as_far_as_it_can_be() {
    let event = OutboxEntry::of(&builders::event(1, SalePlaced::default())).expect("an entry");
    let item = |outbox: Value| -> serde_dynamo::Item {
        serde_dynamo::to_item(json!({"key": id(9), "version": 1, "outbox": outbox})).expect("an item")
    };
    let read = |outbox: Value| match Content::of(&serde_json::to_string(&item(outbox)).expect("JSON")) {
        Content::Image(image) => (image.key, image.outbox),
        _ => panic!("no image"),
    };
    let key = id(9).to_string();
    assert_eq!(read(json!([event.clone()])), (key.clone(), Some(vec![event])));
    assert_eq!(read(json!([{"id": "nothing else"}])), (key, None));
}

#[test]
fn a_message_goes_back_with_the_attributes_that_it_was_first_sent_with() {
    let added = [("reason", "r"), ("type", "order.v1.OrderCreated")];
    let attributes = letter("{}", &added, &[]).attributes();
    assert_eq!(attributes, HashMap::from([("type".to_owned(), attribute("order.v1.OrderCreated"))]));
}
