//! Writes of several items: all of it happens, or nothing.

use messaging::{Counter, Record, SaveError, Store, Write};
use serde_json::{Value, json};
use testkit::builders::record;

use super::answers::{Answer, cancelled, error, ok, passing_at_a_table};
use super::network::Request;
use super::world::World;
use crate::DynamoStore;

fn counter(key: &str, delta: i64) -> Counter {
    Counter { key: key.to_owned(), delta }
}

/// Takes from one counter and gives to another.
fn write() -> Write {
    Write { counters: vec![counter("paper", -3), counter("pens", 2)], ..Write::of(record("7", 2)) }
}

/// What the caller of a save is told.
fn save(write: &Write, answers: impl IntoIterator<Item = Answer>) -> (Result<(), SaveError>, World) {
    let world = World::answering(answers);
    let store = DynamoStore::new(world.dynamodb(), "parcels").with_counters("shelves");
    let told = world.run(store.save(write));
    (told, world)
}

fn reason(code: &str) -> Value {
    json!({"Code": code, "Message": "says AWS"})
}

/// A condition failed, and this is the counter as it is.
fn short() -> Value {
    json!({"Code": "ConditionalCheckFailed", "Item": {"key": {"S": "paper"}, "available": {"N": "2"}}})
}

fn put(key: &str, version: u64, condition: Value) -> Value {
    let number = json!({"N": version.to_string()});
    let item = json!({
        "key": {"S": key}, "version": number, "schema": {"N": "1"}, "state": {"M": {"written": number}},
    });
    let mut put = json!({"TableName": "parcels", "Item": item});
    put.as_object_mut().expect("an object").append(&mut condition.as_object().expect("an object").clone());
    json!({"Put": put})
}

/// What a transaction asks of DynamoDB; it must also carry a token, under which the SDK may send it twice.
fn items(world: &World) -> Value {
    let mut request = world.json();
    assert_eq!(world.request().operation, "DynamoDB_20120810.TransactWriteItems");
    let token = request["ClientRequestToken"].take();
    assert_eq!(token.as_str().map(str::len), Some(36), "{token}");
    assert_eq!(request.as_object().map(serde_json::Map::len), Some(2), "{request}");
    request["TransactItems"].take()
}

#[test]
fn the_item_comes_first_then_its_claim_then_its_counters() {
    let claimed = Write { claim: Some(record("claim-7", 1)), ..write() };
    let (told, world) = save(&claimed, [ok(json!({}))]);
    assert_eq!(told, Ok(()));
    let changed = json!({
        "ConditionExpression": "#version = :loaded",
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": {":loaded": {"N": "1"}},
    });
    let new = json!({
        "ConditionExpression": "attribute_not_exists(#key)", "ExpressionAttributeNames": {"#key": "key"},
    });
    let taken = json!({"Update": {
        "TableName": "shelves",
        "Key": {"key": {"S": "paper"}},
        "UpdateExpression": "ADD #available :delta",
        "ConditionExpression": "#available >= :needed",
        "ExpressionAttributeNames": {"#available": "available"},
        "ExpressionAttributeValues": {":delta": {"N": "-3"}, ":needed": {"N": "3"}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }});
    let given = json!({"Update": {
        "TableName": "shelves",
        "Key": {"key": {"S": "pens"}},
        "UpdateExpression": "ADD #available :delta",
        "ConditionExpression": "attribute_exists(#key)",
        "ExpressionAttributeNames": {"#available": "available", "#key": "key"},
        "ExpressionAttributeValues": {":delta": {"N": "2"}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }});
    assert_eq!(items(&world), json!([put("7", 2, changed), put("claim-7", 1, new), taken, given]));
}

#[test]
fn a_claim_alone_and_a_counter_alone_need_a_transaction_too() {
    let claimed = Write { claim: Some(record("claim-7", 1)), ..Write::of(record("7", 2)) };
    let counted = Write { counters: vec![counter("paper", 0)], ..Write::of(record("7", 2)) };
    for write in [claimed, counted] {
        let (told, world) = save(&write, [ok(json!({}))]);
        assert_eq!(told, Ok(()));
        assert_eq!(items(&world).as_array().map(Vec::len), Some(2));
    }
}

#[test]
fn what_lies_beside_an_item_replaces_whatever_is_there_in_the_same_transaction() {
    let spread = Write { beside: vec![record("7/1", 2)], ..Write::of(record("7", 2)) };
    let (told, world) = save(&spread, [ok(json!({}))]);
    assert_eq!(told, Ok(()));
    let changed = json!({
        "ConditionExpression": "#version = :loaded",
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": {":loaded": {"N": "1"}},
    });
    assert_eq!(items(&world), json!([put("7", 2, changed), put("7/1", 2, json!({}))]));
}

#[test]
fn a_short_counter_that_is_one_of_several_is_told_from_one_that_is_the_whole() {
    let one_of_two = json!({
        "Code": "ConditionalCheckFailed",
        "Item": {"key": {"S": "paper"}, "available": {"N": "2"}, "shards": {"N": "2"}},
    });
    let (told, _) = save(&write(), [cancelled(&[reason("None"), one_of_two, reason("None")])]);
    assert_eq!(told, Err(SaveError::ShardShort("paper".to_owned())));
}

#[test]
fn a_counter_that_does_not_move_must_exist() {
    let counted = Write { counters: vec![counter("paper", 0)], ..Write::of(record("7", 2)) };
    let (_, world) = save(&counted, [ok(json!({}))]);
    assert_eq!(items(&world)[1]["Update"]["ConditionExpression"], "attribute_exists(#key)");
}

#[test]
fn what_can_never_be_written_is_not_sent() {
    let world = World::answering([]);
    let without_counters = DynamoStore::new(world.dynamodb(), "sales");
    let told = world.run(without_counters.save(&write()));
    assert_eq!(told, Err(SaveError::Rejected("this table goes with no counters".to_owned())));
    let reserved = Record { attributes: [("state".to_owned(), Value::from(1))].into(), ..record("claim-7", 1) };
    for claim in [record("claim-7", 0), reserved] {
        let (told, _) = save(&Write { claim: Some(claim), ..write() }, []);
        assert!(matches!(told, Err(SaveError::Rejected(_))), "{told:?}");
    }
}

#[test]
fn a_cancelled_transaction_is_told_by_its_reasons() {
    let none = || reason("None");
    let failed = || reason("ConditionalCheckFailed");
    let transient = |code: &str| SaveError::Transient(format!("TransactWriteItems: {code}: says AWS"));
    let rejected = |code: &str| SaveError::Rejected(format!("TransactWriteItems: {code}: says AWS"));
    let invalid = || reason("ValidationError");
    let paper_short = || SaveError::CounterShort("paper".to_owned());
    for (reasons, told) in [
        // The item or its claim has changed: whatever else is wrong, the decision is out of date.
        ([failed(), none(), none(), none()], SaveError::Conflict),
        ([none(), failed(), none(), none()], SaveError::Conflict),
        ([none(), failed(), short(), none()], SaveError::Conflict),
        ([failed(), none(), invalid(), reason("ThrottlingError")], SaveError::Conflict),
        // So it is when another transaction is under way on one of the items.
        ([reason("TransactionConflict"), none(), short(), none()], SaveError::Conflict),
        ([none(), reason("TransactionConflict"), none(), failed()], SaveError::Conflict),
        ([none(), none(), short(), reason("TransactionConflict")], SaveError::Conflict),
        ([none(), none(), reason("TransactionConflict"), invalid()], SaveError::Conflict),
        // The write itself is wrong.
        ([invalid(), none(), none(), none()], rejected("ValidationError")),
        ([none(), none(), short(), invalid()], rejected("ValidationError")),
        ([none(), none(), reason("ThrottlingError"), invalid()], rejected("ValidationError")),
        (
            [none(), reason("ItemCollectionSizeLimitExceeded"), none(), failed()],
            rejected("ItemCollectionSizeLimitExceeded"),
        ),
        // A counter refuses.
        ([none(), none(), short(), none()], paper_short()),
        ([none(), none(), short(), failed()], paper_short()),
        ([none(), none(), short(), reason("ThrottlingError")], paper_short()),
        ([none(), none(), failed(), none()], SaveError::CounterMissing("paper".to_owned())),
        ([none(), none(), none(), failed()], SaveError::CounterMissing("pens".to_owned())),
        // What nobody knows may pass.
        ([none(), reason("AccessDenied"), none(), none()], transient("AccessDenied")),
        ([none(), none(), reason("SomethingNew"), none()], transient("SomethingNew")),
    ] {
        let claimed = Write { claim: Some(record("claim-7", 1)), ..write() };
        let (error, world) = save(&claimed, [cancelled(&reasons)]);
        assert_eq!(error, Err(told), "{reasons:?}");
        assert_eq!(world.now().as_millis(), 0, "{reasons:?}");
    }
}

#[test]
fn an_empty_item_is_no_counter() {
    let empty = json!({"Code": "ConditionalCheckFailed", "Item": {}});
    let (told, _) = save(&write(), [cancelled(&[reason("None"), empty, reason("None")])]);
    assert_eq!(told, Err(SaveError::CounterMissing("paper".to_owned())));
}

#[test]
fn a_transaction_that_was_cancelled_for_no_reason_may_be_tried_later() {
    let cancelled_without = |reasons: &[Value]| save(&write(), [cancelled(reasons)]).0;
    let unknown = Err(SaveError::Transient("TransactWriteItems: cancelled".to_owned()));
    assert_eq!(cancelled_without(&[]), unknown);
    assert_eq!(cancelled_without(&[reason("None"), json!({"Code": "None"}), json!({})]), unknown);
    let silent = cancelled_without(&[reason("None"), json!({"Code": "AccessDenied"}), json!({})]);
    assert_eq!(silent, Err(SaveError::Transient("TransactWriteItems: AccessDenied: no message".to_owned())));
}

/// Another transaction is under way on the second counter.
fn contended() -> Answer {
    cancelled(&[reason("None"), json!({"Code": "None"}), reason("TransactionConflict")])
}

#[test]
fn another_transaction_is_waited_for_longer_each_time_until_it_is_over() {
    let mut answers = vec![contended(); 5];
    answers.push(ok(json!({})));
    let (told, world) = save(&write(), answers);
    assert_eq!(told, Ok(()));
    // The share of this key is 183 of 256.
    assert_eq!(world.moments(), [0, 18, 54, 126, 269, 555]);
    let items = |request: &Request| request.json()["TransactItems"].clone();
    assert!(world.requests().iter().all(|request| items(request) == items(&world.requests()[0])));
}

#[test]
fn another_transaction_that_does_not_end_is_a_conflict() {
    let (told, world) = save(&write(), vec![contended(); 6]);
    assert_eq!(told, Err(SaveError::Conflict));
    assert_eq!(world.now(), world.requests()[5].at, "nobody waits for an attempt that is not made");
}

/// The reasons that DynamoDB documents for a throttled item, and its word for an account that asks too much.
const THROTTLED: [&str; 3] = ["ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"];

#[test]
fn a_transaction_that_was_throttled_is_made_once_the_throttling_is_over() {
    for code in THROTTLED {
        let throttled = cancelled(&[reason("None"), reason(code), reason("None")]);
        let both = cancelled(&[reason("None"), reason(code), reason("TransactionConflict")]);
        let (told, world) = save(&write(), [throttled.clone(), both, contended(), throttled, ok(json!({}))]);
        assert_eq!(told, Ok(()), "{code}");
        assert_eq!(world.moments(), [0, 18, 54, 126, 269], "{code}");
        let token = |request: &Request| request.json()["ClientRequestToken"].clone();
        let requests = world.requests();
        assert!(
            requests.windows(2).all(|pair| token(&pair[0]) != token(&pair[1])),
            "each attempt is a call of its own"
        );
    }
}

#[test]
fn a_transaction_that_stays_throttled_may_be_tried_later() {
    for code in THROTTLED {
        let throttled = cancelled(&[reason("None"), reason("None"), reason(code)]);
        let (told, world) = save(&write(), vec![throttled.clone(); 6]);
        assert_eq!(told, Err(SaveError::Transient(format!("TransactWriteItems: {code}: says AWS"))));
        assert_eq!(world.now(), world.requests()[5].at, "nobody waits for an attempt that is not made");
        // Another transaction was under way as well at last: the item is read again before the next attempt.
        let both = cancelled(&[reason("None"), reason("TransactionConflict"), reason(code)]);
        let mut answers = vec![throttled; 5];
        answers.push(both);
        assert_eq!(save(&write(), answers).0, Err(SaveError::Conflict), "{code}");
    }
}

#[test]
fn what_comes_to_light_while_another_transaction_is_waited_for_is_told() {
    let short = cancelled(&[reason("None"), short(), reason("None")]);
    assert_eq!(save(&write(), [contended(), short]).0, Err(SaveError::CounterShort("paper".to_owned())));
    let changed = cancelled(&[reason("ConditionalCheckFailed"), reason("None"), reason("None")]);
    let (told, world) = save(&write(), [contended(), changed]);
    assert_eq!((told, world.requests().len()), (Err(SaveError::Conflict), 2));
    let denied = error("AccessDeniedException");
    let told = SaveError::Transient("TransactWriteItems: AccessDeniedException: says AWS".to_owned());
    assert_eq!(save(&write(), [contended(), denied]).0, Err(told));
}

#[test]
fn a_transaction_that_was_not_even_tried_is_told_like_a_write() {
    let mut rows = passing_at_a_table();
    rows.extend([
        (error("TransactionInProgressException"), 3, "TransactionInProgressException: says AWS"),
        (error("IdempotentParameterMismatchException"), 1, "IdempotentParameterMismatchException: says AWS"),
        (ok(json!([])), 1, "no code: no message"),
    ]);
    for (answer, attempts, why) in rows {
        let (told, world) = save(&write(), vec![answer; attempts]);
        assert_eq!(told, Err(SaveError::Transient(format!("TransactWriteItems: {why}"))));
        let token = |request: &Request| request.json()["ClientRequestToken"].clone();
        assert!(world.requests().iter().all(|request| token(request) == token(&world.requests()[0])));
    }
    assert_eq!(save(&write(), [error("TransactionConflictException")]).0, Err(SaveError::Conflict));
    let told = SaveError::Rejected("TransactWriteItems: ValidationException: says AWS".to_owned());
    assert_eq!(save(&write(), [error("ValidationException")]).0, Err(told));
}
