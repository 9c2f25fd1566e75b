//! The latest keys of an index.

use messaging::{IndexedKey, KeyIndex, LoadError, Span};
use serde_json::{Value, json};

use super::answers::{Answer, error, ok, passing_at_a_table};
use super::network::Request;
use super::world::World;
use crate::DynamoIndex;

fn latest(
    answers: impl IntoIterator<Item = Answer>,
    span: &Span,
    limit: u32,
) -> (Result<Vec<IndexedKey>, LoadError>, World) {
    let world = World::answering(answers);
    let index = DynamoIndex::new(world.dynamodb(), "sales", "by-shelf", "shelf", "created_at");
    let keys = world.run(index.latest("kept", span, limit));
    (keys, world)
}

fn item(key: &str) -> Value {
    json!({"key": {"S": key}, "shelf": {"S": "kept"}, "created_at": {"S": "2026"}})
}

fn page(keys: &[&str], last: Option<&str>) -> Answer {
    let items: Vec<Value> = keys.iter().map(|key| item(key)).collect();
    ok(json!({"Items": items, "LastEvaluatedKey": last.map(item)}))
}

fn found(keys: &[&str]) -> Result<Vec<IndexedKey>, LoadError> {
    Ok(keys.iter().map(|key| IndexedKey { key: (*key).to_owned(), sort: "2026".to_owned() }).collect())
}

#[test]
fn the_keys_of_one_value_are_asked_for_with_the_latest_first() {
    let (keys, world) = latest([page(&["2", "1"], None)], &Span::default(), 20);
    assert_eq!(keys, found(&["2", "1"]));
    assert_eq!(world.request().operation, "DynamoDB_20120810.Query");
    let expected = json!({
        "TableName": "sales",
        "IndexName": "by-shelf",
        "KeyConditionExpression": "#partition = :value",
        "ExpressionAttributeNames": {"#partition": "shelf"},
        "ExpressionAttributeValues": {":value": {"S": "kept"}},
        "ScanIndexForward": false,
        "Limit": 20,
    });
    assert_eq!(world.json(), expected);
}

#[test]
fn a_span_is_part_of_what_is_asked_for() {
    let (from, to) = (Some("2025".to_owned()), Some("2026".to_owned()));
    for (span, condition, values) in [
        (Span { from: from.clone(), to: None }, ">= :from", json!({":from": {"S": "2025"}})),
        (Span { from: None, to: to.clone() }, "<= :to", json!({":to": {"S": "2026"}})),
        (Span { from, to }, "BETWEEN :from AND :to", json!({":from": {"S": "2025"}, ":to": {"S": "2026"}})),
    ] {
        let (_, world) = latest([page(&[], None)], &span, 20);
        let mut values = values;
        values[":value"] = json!({"S": "kept"});
        let said = world.json();
        assert_eq!(said["KeyConditionExpression"], format!("#partition = :value AND #sort {condition}"));
        assert_eq!(said["ExpressionAttributeNames"], json!({"#partition": "shelf", "#sort": "created_at"}));
        assert_eq!(said["ExpressionAttributeValues"], values);
    }
}

#[test]
fn what_can_hold_no_key_is_not_asked_for() {
    let backwards = Span { from: Some("2026".to_owned()), to: Some("2025".to_owned()) };
    assert_eq!(latest([], &backwards, 20).0, found(&[]));
    assert_eq!(latest([], &Span::default(), 0).0, found(&[]));
}

#[test]
fn a_page_that_ends_early_is_gone_on_with_up_to_the_limit() {
    let (keys, world) =
        latest([page(&["5", "4"], Some("4")), page(&[], Some("3")), page(&["2"], Some("2"))], &Span::default(), 3);
    assert_eq!(keys, found(&["5", "4", "2"]));
    let said: Vec<Value> = world.requests().iter().map(Request::json).collect();
    let asked = |said: &Value| (said["Limit"].clone(), said["ExclusiveStartKey"].clone());
    let expected = [(json!(3), Value::Null), (json!(1), item("4")), (json!(1), item("3"))];
    assert_eq!(said.iter().map(asked).collect::<Vec<_>>(), expected);
    let endless = vec![page(&[], Some("1")); 10];
    let told = LoadError::Transient("Query: 10 pages have not come to 3 keys".to_owned());
    assert_eq!(latest(endless, &Span::default(), 3).0, Err(told));
}

#[test]
fn keys_that_cannot_be_read_are_reported() {
    for missing in ["key", "created_at"] {
        for odd in [Value::Null, json!({"N": "1"})] {
            let mut item = item("1");
            item[missing] = odd;
            if item[missing].is_null() {
                item.as_object_mut().expect("an item").remove(missing);
            }
            let told = LoadError::Unreadable(format!("an item of the index has no {missing}"));
            assert_eq!(latest([ok(json!({"Items": [item]}))], &Span::default(), 3).0, Err(told));
        }
    }
    let invalid = LoadError::Unreadable("Query: ValidationException: says AWS".to_owned());
    assert_eq!(latest([error("ValidationException")], &Span::default(), 3).0, Err(invalid));
    for (answer, attempts, why) in passing_at_a_table() {
        let told = LoadError::Transient(format!("Query: {why}"));
        assert_eq!(latest(vec![answer; attempts], &Span::default(), 3).0, Err(told));
    }
}
