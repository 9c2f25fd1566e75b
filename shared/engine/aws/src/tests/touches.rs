//! Touching an item, so that its stream carries it again.

use messaging::{Record, SaveError};
use serde_json::json;
use testkit::builders::{at, record};
use time::Duration;

use super::answers::{Answer, error, ok, passing_at_a_table};
use super::world::World;
use crate::DynamoStore;

fn touch(record: &Record, answers: impl IntoIterator<Item = Answer>) -> (Result<(), SaveError>, World) {
    let world = World::answering(answers);
    let now = at(0) + Duration::nanoseconds(7);
    let told = world.run(DynamoStore::new(world.dynamodb(), "sales").touch(record, now));
    (told, world)
}

/// Two moments of the same second must differ: a write that changes nothing is not in the stream.
#[test]
fn a_touch_changes_one_attribute_of_the_version_that_was_loaded() {
    let (told, world) = touch(&record("7", 9), [ok(json!({}))]);
    assert_eq!(told, Ok(()));
    assert_eq!(world.request().operation, "DynamoDB_20120810.UpdateItem");
    let expected = json!({
        "TableName": "sales",
        "Key": {"key": {"S": "7"}},
        "UpdateExpression": "SET #touched_at = :now",
        "ConditionExpression": "#version = :loaded",
        "ExpressionAttributeNames": {"#touched_at": "touched_at", "#version": "version"},
        "ExpressionAttributeValues": {":now": {"N": "1767225600000000007"}, ":loaded": {"N": "9"}},
    });
    assert_eq!(world.json(), expected);
}

#[test]
fn an_item_that_was_written_meanwhile_is_not_touched() {
    assert_eq!(touch(&record("7", 9), [error("ConditionalCheckFailedException")]).0, Err(SaveError::Conflict));
}

#[test]
fn a_touch_that_may_succeed_later_is_told_as_transient() {
    for (answer, attempts, why) in passing_at_a_table() {
        let told = touch(&record("7", 9), vec![answer; attempts]).0;
        assert_eq!(told, Err(SaveError::Transient(format!("UpdateItem: {why}"))));
    }
}
