//! Loading many items at once.

use messaging::{LoadError, LoadMany};
use serde_json::{Value, json};
use testkit::builders::record;

use super::answers::{Answer, error, item, ok, passing_at_a_table};
use super::network::Request;
use super::world::World;
use crate::DynamoStore;

fn key(key: &str) -> Value {
    json!({"key": {"S": key}})
}

/// An answer with these items that leaves out these keys.
fn answer(items: &[&str], left_out: &[&str]) -> Answer {
    let items: Vec<Value> = items.iter().map(|key| item(key)).collect();
    let keys: Vec<Value> = left_out.iter().map(|left| key(left)).collect();
    let unprocessed =
        if keys.is_empty() { json!({}) } else { json!({"articles": {"Keys": keys, "ConsistentRead": true}}) };
    ok(json!({"Responses": {"articles": items}, "UnprocessedKeys": unprocessed}))
}

fn asked_for(keys: &[&str]) -> Value {
    let keys: Vec<Value> = keys.iter().map(|asked| key(asked)).collect();
    json!({"RequestItems": {"articles": {"Keys": keys, "ConsistentRead": true}}})
}

/// The keys that were loaded, or why not.
fn load(world: &World, keys: &[&str]) -> Result<Vec<String>, LoadError> {
    let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
    let store = DynamoStore::new(world.dynamodb(), "articles");
    let loaded = world.run(store.load_many(&keys))?;
    Ok(loaded.into_iter().map(|record| record.key).collect())
}

#[test]
fn each_item_is_asked_for_once_and_read_consistently() {
    let world = World::answering([answer(&["a", "b"], &[])]);
    let keys = ["b", "a", "missing", "b"].map(str::to_owned);
    let store = DynamoStore::new(world.dynamodb(), "articles");
    assert_eq!(world.run(store.load_many(&keys)), Ok(vec![record("a", 1), record("b", 1)]));
    assert_eq!(world.request().operation, "DynamoDB_20120810.BatchGetItem");
    assert_eq!(world.json(), asked_for(&["a", "b", "missing"]));
}

#[test]
fn nothing_is_asked_for_no_key() {
    let world = World::answering([]);
    assert_eq!(load(&world, &[]), Ok(vec![]));
}

#[test]
fn more_than_a_hundred_keys_are_asked_for_in_hundreds() {
    let keys: Vec<String> = (0..250).map(|number| format!("{number:03}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let world = World::answering([answer(&["000"], &[]), answer(&["100"], &[]), answer(&["249"], &[])]);
    assert_eq!(load(&world, &keys), Ok(["000", "100", "249"].map(str::to_owned).to_vec()));
    let asked: Vec<Value> = world.requests().iter().map(Request::json).collect();
    assert_eq!(asked, [&keys[..100], &keys[100..200], &keys[200..]].map(asked_for));
    let hundred = World::answering([answer(&[], &[])]);
    assert_eq!(load(&hundred, &keys[..100]), Ok(vec![]));
}

#[test]
fn keys_that_were_left_out_are_asked_for_again_after_a_pause_until_none_is_left() {
    let world = World::answering([answer(&["b"], &["a", "c"]), answer(&[], &["c", "a"]), answer(&["a", "c"], &[])]);
    assert_eq!(load(&world, &["a", "b", "c"]), Ok(["b", "a", "c"].map(str::to_owned).to_vec()));
    let asked: Vec<Value> = world.requests().iter().map(Request::json).collect();
    assert_eq!(asked, [asked_for(&["a", "b", "c"]), asked_for(&["a", "c"]), asked_for(&["c", "a"])]);
    assert_eq!(world.moments(), [0, 25, 75]);
}

#[test]
fn an_answer_may_leave_out_everything() {
    let nothing = ok(json!({"UnprocessedKeys": {"articles": {"Keys": [key("a")], "ConsistentRead": true}}}));
    let world = World::answering([nothing, answer(&["a"], &[])]);
    assert_eq!(load(&world, &["a"]), Ok(vec!["a".to_owned()]));
    let without_maps = World::answering([ok(json!({}))]);
    assert_eq!(load(&without_maps, &["a"]), Ok(vec![]));
}

#[test]
fn keys_that_are_left_out_five_times_make_the_load_fail_for_now() {
    let world = World::answering(vec![answer(&["b"], &["a"]); 5]);
    let told = LoadError::Transient("BatchGetItem: keys were left out 5 times".to_owned());
    assert_eq!(load(&world, &["a", "b"]), Err(told));
    assert_eq!(world.moments(), [0, 25, 75, 175, 375]);
    assert_eq!(world.now().as_millis(), 375, "nobody waits for an attempt that is not made");
}

#[test]
fn a_batch_that_is_refused_is_told_like_a_load() {
    let unreadable = (ok(json!({"Responses": 7})), 1, "no code: no message");
    for (answer, attempts, why) in passing_at_a_table().into_iter().chain([unreadable]) {
        let told = LoadError::Transient(format!("BatchGetItem: {why}"));
        assert_eq!(load(&World::answering(vec![answer; attempts]), &["a"]), Err(told));
    }
    let told = LoadError::Unreadable("BatchGetItem: ValidationException: says AWS".to_owned());
    assert_eq!(load(&World::answering([error("ValidationException")]), &["a"]), Err(told));
}

#[test]
fn a_later_hundred_that_fails_makes_the_whole_load_fail() {
    let keys: Vec<String> = (0..101).map(|number| format!("{number:03}")).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let world = World::answering([answer(&["000"], &[]), error("AccessDeniedException")]);
    assert!(matches!(load(&world, &keys), Err(LoadError::Transient(_))));
}

#[test]
fn an_item_that_is_no_record_makes_the_whole_batch_unreadable() {
    let world = World::answering([ok(json!({"Responses": {"articles": [item("a"), key("b")]}}))]);
    assert!(matches!(load(&world, &["a", "b"]), Err(LoadError::Unreadable(why)) if why.contains("version")));
}
