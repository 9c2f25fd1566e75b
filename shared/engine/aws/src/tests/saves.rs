//! Loading and saving one item.

use std::collections::BTreeMap;

use messaging::{LoadError, OutboxEntry, Record, SaveError, Store, Write};
use serde_json::{Value, json};
use testkit::builders::{id, record};

use super::answers::{Answer, error, item, ok, passing_at_a_table};
use super::world::World;
use crate::DynamoStore;

/// What the caller of a save is told, and what was asked of DynamoDB.
fn save(record: Record, answers: impl IntoIterator<Item = Answer>) -> (Result<(), SaveError>, World) {
    let world = World::answering(answers);
    let store = DynamoStore::new(world.dynamodb(), "sales").with_counters("shelves");
    let told = world.run(store.save(&Write::of(record)));
    (told, world)
}

#[test]
fn an_item_is_read_consistently_by_its_key() {
    let mut published = item("7");
    published["events"] = json!({"N": "2"});
    published["touched_at"] = json!({"N": "1767225600000000007"});
    for (answer, expected) in [(json!({"Item": published}), Some(record("7", 1))), (json!({}), None)] {
        let world = World::answering([ok(answer)]);
        let store = DynamoStore::new(world.dynamodb(), "sales");
        assert_eq!(world.run(store.load("7")), Ok(expected));
        let request = world.request();
        assert_eq!(request.operation, "DynamoDB_20120810.GetItem");
        let expected = json!({"TableName": "sales", "Key": {"key": {"S": "7"}}, "ConsistentRead": true});
        assert_eq!(request.json(), expected);
    }
}

#[test]
fn an_item_that_is_no_record_can_never_be_read() {
    let world = World::answering([ok(json!({"Item": {"key": {"S": "7"}}}))]);
    let told = world.run(DynamoStore::new(world.dynamodb(), "sales").load("7"));
    assert!(matches!(&told, Err(LoadError::Unreadable(why)) if why.contains("version")), "{told:?}");
}

#[test]
fn opening_the_connection_reads_an_item_that_nobody_has_and_reports_nothing() {
    let world = World::answering([error("AccessDeniedException")]);
    world.run(DynamoStore::new(world.dynamodb(), "sales").connect());
    assert_eq!(world.json()["Key"], json!({"key": {"S": "-"}}));
}

#[test]
fn a_new_item_must_not_exist_yet() {
    let (told, world) = save(record("7", 1), [ok(json!({}))]);
    assert_eq!(told, Ok(()));
    assert_eq!(world.request().operation, "DynamoDB_20120810.PutItem");
    let expected = json!({
        "TableName": "sales",
        "Item": item("7"),
        "ConditionExpression": "attribute_not_exists(#key)",
        "ExpressionAttributeNames": {"#key": "key"},
    });
    assert_eq!(world.json(), expected);
}

#[test]
fn a_changed_item_must_have_the_version_before_and_says_what_it_publishes() {
    let event = |number| OutboxEntry { id: id(number), type_name: "shop.Sold".to_owned(), body: "{}".to_owned() };
    let changed = Record {
        outbox: vec![event(1), event(2)],
        expires_at: Some(1_767_225_600),
        attributes: BTreeMap::from([("buyer".to_owned(), Value::from("ann"))]),
        ..record("7", 10)
    };
    let (told, world) = save(changed, [ok(json!({}))]);
    assert_eq!(told, Ok(()));
    let event =
        |number| json!({"M": {"id": {"S": id(number).to_string()}, "type": {"S": "shop.Sold"}, "body": {"S": "{}"}}});
    let expected = json!({
        "TableName": "sales",
        "Item": {
            "key": {"S": "7"}, "version": {"N": "10"}, "schema": {"N": "1"}, "state": {"M": {"written": {"N": "10"}}},
            "outbox": {"L": [event(1), event(2)]}, "events": {"N": "2"},
            "expires_at": {"N": "1767225600"}, "buyer": {"S": "ann"},
        },
        "ConditionExpression": "#version = :loaded",
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": {":loaded": {"N": "9"}},
    });
    assert_eq!(world.json(), expected);
}

#[test]
fn a_refused_write_is_told_by_what_its_caller_can_do() {
    let rejected = |code: &str| SaveError::Rejected(format!("PutItem: {code}: says AWS"));
    for (code, told) in [
        ("ConditionalCheckFailedException", SaveError::Conflict),
        ("TransactionConflictException", SaveError::Conflict),
        ("ValidationException", rejected("ValidationException")),
        ("ItemCollectionSizeLimitExceededException", rejected("ItemCollectionSizeLimitExceededException")),
    ] {
        assert_eq!(save(record("7", 2), [error(code)]).0, Err(told), "{code}");
    }
}

#[test]
fn a_write_that_may_succeed_later_is_told_as_transient() {
    let unreadable = (ok(json!([])), 1, "no code: no message");
    for (answer, attempts, why) in passing_at_a_table().into_iter().chain([unreadable]) {
        let told = save(record("7", 2), vec![answer; attempts]).0;
        assert_eq!(told, Err(SaveError::Transient(format!("PutItem: {why}"))));
    }
}

#[test]
fn a_throttled_write_that_succeeds_in_the_end_is_a_success() {
    let (told, world) = save(record("7", 2), [error("ThrottlingException"), ok(json!({}))]);
    assert_eq!(told, Ok(()));
    assert_eq!(world.moments(), [0, 50]);
    assert_eq!(world.requests()[0].body, world.requests()[1].body);
}

#[test]
fn what_can_never_be_saved_is_not_sent() {
    let reserved = Record { attributes: BTreeMap::from([("inbox".to_owned(), Value::from(1))]), ..record("7", 2) };
    for unsendable in [record("7", 0), reserved] {
        let (told, world) = save(unsendable, []);
        assert!(matches!(told, Err(SaveError::Rejected(_))), "{told:?}");
        assert_eq!(world.requests(), []);
    }
}
