use serde_json::json;
use time::{Duration, UtcOffset};
use wire::Payload;
use wire::message::v1::CommandSucceeded;

use super::*;

/// An aggregate that uses everything an aggregate can say about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Note {
    text: String,
}

impl Aggregate for Note {
    const SCHEMA: u32 = 2;

    fn attributes(&self) -> BTreeMap<&'static str, Value> {
        BTreeMap::from([("length", json!(self.text.len()))])
    }

    fn expires_at(&self) -> Option<OffsetDateTime> {
        Some(OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(1_999))
    }
}

fn note() -> Record {
    Record::of("note-1".to_owned(), 4, &Note { text: "tea".to_owned() }).expect("a record")
}

fn entry(number: u128) -> InboxEntry {
    InboxEntry { id: Uuid::from_u128(number), sent: vec![Outgoing::Reply(Payload::from(CommandSucceeded::default()))] }
}

#[test]
fn every_field_of_a_record_is_reserved() {
    let event = OutboxEntry { id: Uuid::from_u128(6), type_name: "a.B".to_owned(), body: "{}".to_owned() };
    let full = Record { inbox: vec![entry(5)], outbox: vec![event], attributes: BTreeMap::new(), ..note() };
    let Value::Object(fields) = serde_json::to_value(full).expect("JSON") else { panic!("no object") };
    let mut expected: Vec<&str> = fields.keys().map(String::as_str).chain(["events", "touched_at"]).collect();
    let mut reserved = RESERVED_ATTRIBUTES;
    expected.sort_unstable();
    reserved.sort_unstable();
    assert_eq!(reserved.as_slice(), expected);
}

#[test]
fn a_record_is_written_like_this() {
    let plain =
        json!({"key": "note-1", "version": 4, "schema": 2, "state": {"text": "tea"}, "expires_at": 1, "length": 3});
    assert_eq!(serde_json::to_value(note()).expect("JSON"), plain, "what is empty is left out");
    let event = OutboxEntry { id: Uuid::from_u128(6), type_name: "a.B".to_owned(), body: "{}".to_owned() };
    let full = Record { inbox: vec![entry(5)], outbox: vec![event], ..note() };
    let json = serde_json::to_value(&full).expect("JSON");
    let reply = json!({"@type": "type.googleapis.com/message.v1.CommandSucceeded"});
    assert_eq!(json["inbox"], json!([{"id": Uuid::from_u128(5), "sent": [{"reply": reply}]}]));
    assert_eq!(json["outbox"], json!([{"id": Uuid::from_u128(6), "type": "a.B", "body": "{}"}]));
    assert_eq!(serde_json::from_value::<Record>(json).expect("a record"), full);
}

#[test]
fn only_the_schema_that_is_written_is_read_unless_the_aggregate_knows_another() {
    assert_eq!(note().aggregate::<Note>(), Ok(Note { text: "tea".to_owned() }));
    for schema in [0, 1, 3] {
        let other = Record { schema, ..note() };
        assert_eq!(other.aggregate::<Note>(), Err(RecordError::UnknownSchema(UnknownSchema(schema))));
    }
    // A saga's state holds what its starting event did, so the error shows no value of it.
    let malformed = Record { state: json!({"text": 7}), ..note() }.aggregate::<Note>();
    assert_eq!(malformed, Err(RecordError::Malformed("a value is not what it should be".to_owned())));
}

#[test]
fn an_inbox_holds_its_limit_and_forgets_the_oldest_beyond_it() {
    assert_eq!(INBOX_LIMIT, 32);
    let mut record = note();
    for number in 1..=32 {
        record.remember(entry(number));
    }
    assert_eq!((record.inbox.len(), record.inbox[0].id), (32, Uuid::from_u128(1)), "the limit itself is not beyond it");
    record.remember(entry(33));
    let expected: Vec<Uuid> = (2..=33).map(Uuid::from_u128).collect();
    assert_eq!(record.inbox.iter().map(|entry| entry.id).collect::<Vec<_>>(), expected);
    assert_eq!(record.sent_for(Uuid::from_u128(1)), None);
    assert_eq!(record.sent_for(Uuid::from_u128(2)), Some(&entry(2).sent[..]));
}

#[test]
fn times_are_whole_seconds_where_dynamodb_wants_them() {
    let time = OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(86_400_999);
    assert_eq!(seconds_of(time), 86_400);
}

#[test]
fn times_as_text_sort_as_the_times_do() {
    let time = |milliseconds| OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(milliseconds);
    let early = time(1_767_225_600_007);
    assert_eq!(sortable_time(early), "2026-01-01T00:00:00.007Z");
    assert_eq!(sortable_time(early.to_offset(UtcOffset::from_hms(-5, 0, 0).expect("an offset"))), sortable_time(early));
    assert_eq!(sortable_time(time(1_768_138_205_678)), "2026-01-11T13:30:05.678Z");
    let mut texts = [999, 1_000, 59_999, 60_000, 3_599_999, 3_600_000, 1_767_225_599_999, 1_767_225_600_000].map(time);
    let sorted = texts.map(sortable_time);
    texts.sort();
    assert_eq!(sorted, texts.map(sortable_time));
    assert!(sorted.is_sorted(), "{sorted:?}");
}

#[test]
fn what_a_newer_deployment_wrote_is_waited_for_and_what_is_broken_is_not() {
    use crate::{Failure, LoadError, SendError};
    assert!(matches!(Failure::from(RecordError::UnknownSchema(UnknownSchema(9))), Failure::Retry(_)));
    assert!(matches!(Failure::from(RecordError::Malformed("text".to_owned())), Failure::SetAside(_)));
    assert!(matches!(Failure::from(LoadError::Transient("busy".to_owned())), Failure::Retry(_)));
    assert!(matches!(Failure::from(LoadError::Unreadable("text".to_owned())), Failure::SetAside(_)));
    assert!(matches!(Failure::from(LoadError::BadToken), Failure::SetAside(_)));
    assert!(matches!(Failure::from(LoadError::TooFar), Failure::SetAside(_)));
    assert!(matches!(Failure::from(SendError::Transient("busy".to_owned())), Failure::Retry(_)));
    assert!(matches!(Failure::from(SendError::UnknownAddress("nobody".to_owned())), Failure::SetAside(_)));
}
