//! Looks at counters.

use messaging::{Counted, Key, LoadError, Store};
use serde_json::{Value, json};

use super::answers::{Answer, cancelled, error, ok, passing_at_a_table};
use super::world::World;
use crate::DynamoStore;

fn keys() -> Vec<Key> {
    ["paper", "paper/1", "paper/2"].map(str::to_owned).to_vec()
}

/// What a look shows, and what was asked of DynamoDB.
fn count(answers: impl IntoIterator<Item = Answer>) -> (Result<Counted, LoadError>, World) {
    let world = World::answering(answers);
    let store = DynamoStore::new(world.dynamodb(), "parcels").with_counters("shelves");
    let told = world.run(store.count(&keys()));
    (told, world)
}

fn seen(items: &[Value]) -> Answer {
    let response = |item: &Value| if item.is_null() { json!({}) } else { json!({"Item": item}) };
    ok(json!({"Responses": items.iter().map(response).collect::<Vec<_>>()}))
}

fn counter(key: &str, left: &str) -> Value {
    json!({"key": {"S": key}, "available": {"N": left}})
}

#[test]
fn all_counters_are_seen_in_one_transaction_and_those_that_are_not_there_are_left_out() {
    let (told, world) = count([seen(&[counter("paper", "3"), Value::Null, json!({"key": {"S": "paper/2"}})])]);
    assert_eq!(told, Ok(Counted::from([("paper".to_owned(), 3), ("paper/2".to_owned(), 0)])));
    assert_eq!(world.request().operation, "DynamoDB_20120810.TransactGetItems");
    let get = |key: &Key| {
        json!({"Get": {
            "TableName": "shelves", "Key": {"key": {"S": key}}, "ProjectionExpression": "#key, #available",
            "ExpressionAttributeNames": {"#key": "key", "#available": "available"},
        }})
    };
    assert_eq!(world.json(), json!({"TransactItems": keys().iter().map(get).collect::<Vec<_>>()}));
}

#[test]
fn a_counter_that_is_no_number_can_never_be_seen() {
    for wrong in [json!({"available": {"N": "3"}}), json!({"key": {"S": "paper"}, "available": {"S": "3"}})] {
        let (told, _) = count([seen(&[wrong])]);
        assert!(matches!(told, Err(LoadError::Unreadable(_))), "{told:?}");
    }
}

#[test]
fn a_table_without_counters_shows_none() {
    let world = World::answering([]);
    let told = world.run(DynamoStore::new(world.dynamodb(), "parcels").count(&keys()));
    assert_eq!(told, Err(LoadError::Unreadable("this table goes with no counters".to_owned())));
}

fn contended() -> Answer {
    cancelled(&[
        json!({"Code": "None"}),
        json!({"Code": "TransactionConflict", "Message": "says AWS"}),
        json!({"Code": "None"}),
    ])
}

#[test]
fn a_write_on_one_of_the_counters_is_waited_for_until_it_is_over() {
    let (told, world) = count([contended(), contended(), seen(&[counter("paper", "3")])]);
    assert_eq!(told, Ok(Counted::from([("paper".to_owned(), 3)])));
    let moments = world.moments();
    let pauses: Vec<u128> = moments.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!((12..=26).contains(&pauses[0]) && (25..=51).contains(&pauses[1]), "{moments:?}");
    let (told, world) = count(vec![contended(); 6]);
    assert!(matches!(told, Err(LoadError::Transient(_))), "{told:?}");
    assert_eq!(world.now(), world.requests()[5].at, "nobody waits for an attempt that is not made");
}

#[test]
fn a_look_that_fails_is_told_like_a_read() {
    for (answer, attempts, why) in passing_at_a_table() {
        let told = count(vec![answer; attempts]).0;
        assert_eq!(told, Err(LoadError::Transient(format!("TransactGetItems: {why}"))));
    }
    let (told, _) = count([error("ValidationException")]);
    assert_eq!(told, Err(LoadError::Unreadable("TransactGetItems: ValidationException: says AWS".to_owned())));
}
