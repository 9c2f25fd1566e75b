use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::message::v1::{CommandRefused, CommandSucceeded, Message};
use crate::saga::v1::DeadlinePassed;

#[test]
fn a_payload_survives_the_wire() {
    let refused = CommandRefused { reason: "NO".to_owned(), ..Default::default() };
    let json = serde_json::to_value(Payload::from(refused.clone())).expect("JSON");
    assert_eq!(json, json!({"@type": "type.googleapis.com/message.v1.CommandRefused", "reason": "NO"}));
    let payload = Payload::from_json(json).expect("a payload");
    assert_eq!(payload.type_name(), "message.v1.CommandRefused");
    assert_eq!(payload.unpack::<CommandRefused>(), Ok(refused));
}

#[test]
fn a_payload_shows_nothing_of_its_content() {
    let refused = CommandRefused { reason: "SECRET".to_owned(), ..Default::default() };
    assert_eq!(format!("{:?}", Payload::from(refused)), "Payload(message.v1.CommandRefused)");
}

#[test]
fn unknown_fields_are_ignored() {
    let json = json!({"@type": "type.googleapis.com/message.v1.CommandRefused", "reason": "NO", "colour": "red"});
    let refused: CommandRefused = Payload::from_json(json).expect("a payload").unpack().expect("a reply");
    assert_eq!(refused, CommandRefused { reason: "NO".to_owned(), ..Default::default() });
}

/// Whoever passes a message on need not know its type.
#[test]
fn a_payload_of_an_unknown_type_is_passed_on_as_it_came() {
    let json = json!({"@type": "type.googleapis.com/shop.v9.BurnGoods", "goods": [1, {"a": null}]});
    let payload = Payload::from_json(json.clone()).expect("a payload");
    assert_eq!(payload.type_name(), "shop.v9.BurnGoods");
    assert_eq!(serde_json::to_value(&payload).expect("JSON"), json);
}

#[test]
fn what_does_not_say_its_type_is_refused() {
    let untyped = [
        json!({}),
        json!("text"),
        json!([]),
        json!({"@type": 7}),
        json!({"@type": ""}),
        json!({"@type": "type.googleapis.com/"}),
        json!({"@type": "message.v1.CommandRefused"}),
        json!({"@type": format!("type.googleapis.com/{}", "a".repeat(256))}),
    ];
    for json in untyped {
        assert_eq!(Payload::from_json(json.clone()), Err(PayloadError::Untyped), "{json}");
    }
    let longest = Payload::from_json(json!({"@type": format!("type.googleapis.com/{}", "a".repeat(255))}));
    assert_eq!(longest.map(|payload| payload.type_name().len()), Ok(255));
    let message = "the payload is no JSON object whose @type is type.googleapis.com/ and a name of at most 255 bytes";
    assert_eq!(PayloadError::Untyped.to_string(), message);
}

#[test]
fn content_that_does_not_fit_its_type_is_refused() {
    // What stands in the wrong place may be a secret, so the error does not show it.
    for value in [json!(4242), json!({"tok_secret": 1}), json!(["tok_secret"])] {
        let json = json!({"@type": "type.googleapis.com/message.v1.CommandRefused", "reason": value});
        let unpacked = Payload::from_json(json).expect("a payload").unpack::<CommandRefused>();
        let Err(error @ PayloadError::Malformed { .. }) = unpacked else { panic!("not malformed") };
        let says = "the payload is not a valid message.v1.CommandRefused: a value is not what it should be";
        assert_eq!(error.to_string(), says);
    }
}

#[test]
fn a_payload_is_only_unpacked_as_what_it_is() {
    let payload = Payload::from(CommandSucceeded::default());
    let (expected, found) = ("saga.v1.DeadlinePassed", "message.v1.CommandSucceeded".to_owned());
    let unexpected = PayloadError::Unexpected { expected, found };
    let says = "expected a payload of type saga.v1.DeadlinePassed, found message.v1.CommandSucceeded";
    assert_eq!(unexpected.to_string(), says);
    assert_eq!(payload.unpack::<DeadlinePassed>(), Err(unexpected));
    assert!(payload.is::<CommandSucceeded>() && !payload.is::<DeadlinePassed>());
}

/// A time that JSON has no words for: such a payload is never written, rather than written without its content.
#[test]
fn a_message_that_json_cannot_express_is_an_error_where_it_is_written() {
    let mut message = Message::default();
    let subject = message.subject.get_or_insert_default();
    subject.occurred_at.get_or_insert_default().seconds = i64::MAX;
    let payload = Payload::from(message);
    serde_json::to_value(&payload).expect_err("an error");
    let unpacked = payload.unpack::<Message>().expect_err("an error").to_string();
    assert_eq!(unpacked, "the payload is not a valid message.v1.Message: JSON cannot express it");
}

/// Sends it and reads it again.
fn over_the_wire<M: WireMessage + Clone>(message: &M) -> M {
    let json = serde_json::to_string(&Payload::from(message.clone())).expect("JSON");
    serde_json::from_str::<Payload>(&json).expect("a payload").unpack().expect("the message")
}

proptest! {
    #![proptest_config(testkit::properties())]

    #[test]
    fn what_a_reply_and_a_watchdog_say_survives_the_wire(reason in ".{0,40}", message in ".{0,40}", watchdog: u32) {
        let refused = CommandRefused { reason, message, ..Default::default() };
        prop_assert_eq!(over_the_wire(&refused), refused);
        let deadline = DeadlinePassed { watchdog, ..Default::default() };
        prop_assert_eq!(over_the_wire(&deadline), deadline);
    }
}
