use super::*;
use testkit::till::v1::RefundCard;

fn envelope() -> Envelope {
    Envelope {
        message_id: Uuid::from_u128(1),
        source: "orchestrate-saga".to_owned(),
        causation_id: Some(Uuid::from_u128(2)),
        correlation: Some(Correlation {
            saga_id: Uuid::from_u128(3),
            step: "refund-card".to_owned(),
            reply_to: "queue".to_owned(),
            reply_token: "token".to_owned(),
        }),
        occurred_at: OffsetDateTime::from_unix_timestamp_nanos(1_767_225_600_123_456_789).expect("a time"),
        trace_parent: "00-1-2-01".to_owned(),
        payload: RefundCard { sale_id: "7".to_owned(), ..Default::default() }.into(),
    }
}

fn broken(change: impl FnOnce(&mut Value)) -> String {
    let mut json: Value = serde_json::from_str(&envelope().to_json().expect("JSON")).expect("JSON");
    change(&mut json);
    match Envelope::parse(&json.to_string()) {
        Err(Failure::SetAside(reason)) => reason.to_string(),
        other => panic!("not set aside: {other:?}"),
    }
}

#[test]
fn an_envelope_survives_the_wire() {
    let json = envelope().to_json().expect("JSON");
    assert_eq!(Envelope::parse(&json), Ok(envelope()));
}

/// The generated type reads and writes the same text: any protobuf library that knows the payload's type can.
#[test]
fn an_envelope_is_protojson() {
    let mut types = buffa::type_registry::TypeRegistry::new();
    wire::message::v1::register_types(&mut types);
    buffa::type_registry::set_type_registry(types);
    let refused = wire::message::v1::CommandRefused { reason: "NO".to_owned(), ..Default::default() };
    let json = Envelope { payload: refused.into(), ..envelope() }.to_json().expect("JSON");
    let wire: wire::message::v1::Message = serde_json::from_str(&json).expect("a message");
    assert_eq!(wire.subject.as_option().map(|subject| subject.source.as_str()), Some("orchestrate-saga"));
    assert_eq!(serde_json::to_value(&wire).expect("JSON"), serde_json::from_str::<Value>(&json).expect("JSON"));
}

#[test]
fn unknown_fields_are_ignored() {
    let mut json: Value = serde_json::from_str(&envelope().to_json().expect("JSON")).expect("JSON");
    json["colour"] = json!("red");
    json["subject"]["colour"] = json!("red");
    assert_eq!(Envelope::parse(&json.to_string()), Ok(envelope()));
}

#[test]
fn an_envelope_is_written_like_this() {
    let json: Value = serde_json::from_str(&envelope().to_json().expect("JSON")).expect("JSON");
    let expected = json!({
        "subject": {
            "type": "till.v1.RefundCard",
            "source": "orchestrate-saga",
            "messageId": Uuid::from_u128(1),
            "causationId": Uuid::from_u128(2),
            "correlation": {
                "sagaId": Uuid::from_u128(3), "step": "refund-card", "replyTo": "queue", "replyToken": "token",
            },
            "occurredAt": "2026-01-01T00:00:00.123456789Z",
            "traceParent": "00-1-2-01",
        },
        "payload": {"@type": "type.googleapis.com/till.v1.RefundCard", "saleId": "7"},
    });
    assert_eq!(json, expected);
}

#[test]
fn a_time_has_0_3_6_or_9_digits_of_a_seconds_fraction() {
    for (nanos, written) in [
        (0, "2026-01-01T00:00:00Z"),
        (120_000_000, "2026-01-01T00:00:00.120Z"),
        (123_400_000, "2026-01-01T00:00:00.123400Z"),
        (123_456_780, "2026-01-01T00:00:00.123456780Z"),
        (1, "2026-01-01T00:00:00.000000001Z"),
    ] {
        let occurred_at = OffsetDateTime::from_unix_timestamp_nanos(1_767_225_600_000_000_000 + nanos).expect("a time");
        let written_so = Envelope { occurred_at, ..envelope() };
        let json = written_so.to_json().expect("JSON");
        assert_eq!(serde_json::from_str::<Value>(&json).expect("JSON")["subject"]["occurredAt"], written);
        assert_eq!(Envelope::parse(&json), Ok(written_so));
    }
}

#[test]
fn what_may_be_absent_is_left_out_and_read_as_absent() {
    let bare = Envelope { causation_id: None, correlation: None, trace_parent: String::new(), ..envelope() };
    let json = bare.to_json().expect("JSON");
    assert_eq!(Envelope::parse(&json), Ok(bare.clone()));
    let subject: Value = serde_json::from_str::<Value>(&json).expect("JSON")["subject"].clone();
    let fields: Vec<&String> = subject.as_object().expect("an object").keys().collect();
    assert_eq!(fields, ["messageId", "occurredAt", "source", "type"]);
    let mut empty: Value = serde_json::from_str(&json).expect("JSON");
    empty["subject"]["causationId"] = json!("");
    empty["subject"]["correlation"] = Value::Null;
    assert_eq!(Envelope::parse(&empty.to_string()), Ok(bare), "null and empty are absent too");
}

#[test]
fn what_can_never_be_read_is_set_aside_with_its_reason() {
    let expect = |change: &dyn Fn(&mut Value), why: &str| {
        let reason = broken(change);
        assert!(reason.contains(why), "{why:?} is not in {reason:?}");
    };
    expect(&|json| *json = json!("text"), "the message is not a JSON object");
    for value in [json!("tok_secret"), json!(["tok_secret"])] {
        let at = "the message is not a JSON object: a value is not what it should be, at line 1, column ";
        let reason = broken(|json| *json = value.clone());
        assert!(reason.starts_with(at) && !reason.contains("tok_secret"), "{reason}");
    }
    expect(&|json| *json = json!({"subject": json["subject"]}), "the message has no payload");
    expect(&|json| *json = json!({"payload": json["payload"]}), "the message has no subject");
    let untyped = "the payload is no JSON object whose @type is type.googleapis.com/ and a name of at most 255 bytes";
    expect(&|json| json["payload"] = json!({"saleId": "7"}), untyped);
    expect(&|json| json["payload"]["@type"] = json!("x.Y"), untyped);
    let malformed = "the subject is malformed: a value is not what it should be";
    expect(&|json| json["subject"] = json!("text"), malformed);
    assert_eq!(broken(|json| json["subject"]["source"] = json!(7)), malformed);
    let mismatch = "the subject does not say that the payload is a \"till.v1.RefundCard\"";
    expect(&|json| json["subject"]["type"] = json!("till.v1.ChargeCard"), mismatch);
    expect(&|json| json["subject"]["type"] = json!(""), mismatch);
    expect(&|json| json["subject"]["messageId"] = json!("7"), "message_id is not a UUID: ");
    expect(&|json| json["subject"]["messageId"] = json!(""), "message_id is not a UUID: ");
    expect(&|json| json["subject"]["causationId"] = json!("8"), "causation_id is not a UUID: ");
    expect(&|json| json["subject"]["correlation"]["sagaId"] = json!("9"), "saga_id is not a UUID: ");
    expect(&|json| json["subject"]["correlation"]["sagaId"] = json!(""), "saga_id is not a UUID: ");
    expect(&|json| json["subject"]["occurredAt"] = Value::Null, "occurred_at is missing");
    expect(&|json| json["subject"]["occurredAt"] = json!("yesterday"), "the subject is malformed");
}

/// SQS and SNS take 256 KiB, of which attributes need some.
#[test]
fn a_message_may_be_as_long_as_can_be_sent_and_no_longer() {
    assert_eq!(MAX_MESSAGE_BYTES, 256_000);
    let of_length = |length: usize| {
        let without = Envelope { source: String::new(), ..envelope() }.to_json().expect("JSON").len();
        Envelope { source: "x".repeat(length - without), ..envelope() }
    };
    let longest = of_length(MAX_MESSAGE_BYTES);
    let body = longest.to_json().expect("JSON");
    assert_eq!((body.len(), Envelope::parse(&body)), (MAX_MESSAGE_BYTES, Ok(longest)));
    let unsent = of_length(MAX_MESSAGE_BYTES + 1).to_json();
    assert_eq!(unsent, Err(Failure::set_aside("the message would be longer than 256000 bytes")));
    let unread = Envelope::parse(&format!("{body} "));
    assert_eq!(unread, Err(Failure::set_aside("the message is longer than 256000 bytes")));
}

#[test]
fn a_payload_is_only_unpacked_as_what_it_is() {
    assert_eq!(envelope().unpack::<RefundCard>().map(|command| command.sale_id), Ok("7".to_owned()));
    let other = envelope().unpack::<testkit::till::v1::ChargeCard>();
    let mut malformed: Value = serde_json::from_str(&envelope().to_json().expect("JSON")).expect("JSON");
    malformed["payload"]["saleId"] = json!(7);
    let malformed = Envelope::parse(&malformed.to_string()).expect("an envelope").unpack::<RefundCard>();
    let Err(Failure::SetAside(why)) = malformed else { panic!("not set aside") };
    assert_eq!(&*why, "the payload is not a valid till.v1.RefundCard: a value is not what it should be");
    let reason = "expected a payload of type till.v1.ChargeCard, found till.v1.RefundCard";
    assert_eq!(other.err(), Some(Failure::set_aside(reason)));
}
