//! How long and how often a service is asked before an error is reported.

use messaging::{LoadError, Store};
use serde_json::json;

use super::answers::{Answer, error, ok, text};
use super::world::World;
use crate::DynamoStore;

/// What the caller of a load is told when the table answers the same each time, and when each request left.
fn told(answer: &Answer, times: usize) -> (LoadError, Vec<u128>) {
    let world = World::answering(vec![answer.clone(); times]);
    let store = DynamoStore::new(world.dynamodb(), "sales");
    let told = world.run(store.load("7")).expect_err("an error");
    (told, world.moments())
}

fn transient(why: &str) -> LoadError {
    LoadError::Transient(format!("GetItem: {why}"))
}

#[test]
fn what_may_pass_soon_is_asked_again_twice_before_it_is_reported_as_transient() {
    for (answer, why) in [
        (error("ThrottlingException"), "ThrottlingException: says AWS"),
        (error("ProvisionedThroughputExceededException"), "ProvisionedThroughputExceededException: says AWS"),
        (error("RequestLimitExceeded"), "RequestLimitExceeded: says AWS"),
        (text(500, r#"{"__type": "InternalServerError", "message": "oh"}"#), "InternalServerError: oh"),
        (text(502, "<html>Bad Gateway</html>"), "no code: no message"),
        (text(503, ""), "no code: no message"),
        (Answer::Unreachable, "the service could not be reached: connection refused"),
    ] {
        assert_eq!(told(&answer, 3), (transient(why), vec![0, 50, 150]), "{answer:?}");
    }
}

#[test]
fn what_does_not_pass_soon_is_reported_at_once_but_a_later_attempt_may_succeed() {
    for code in [
        "AccessDeniedException",
        "ExpiredTokenException",
        "ResourceNotFoundException",
        "UnrecognizedClientException",
        "IncompleteSignatureException",
        "SomethingNew",
    ] {
        assert_eq!(told(&error(code), 1), (transient(&format!("{code}: says AWS")), vec![0]), "{code}");
    }
    let unreadable = ok(json!({"Item": 7}));
    assert_eq!(told(&unreadable, 1), (transient("no code: no message"), vec![0]));
}

#[test]
fn only_a_request_that_the_service_finds_wrong_can_never_succeed() {
    let why = "GetItem: ValidationException: says AWS".to_owned();
    assert_eq!(told(&error("ValidationException"), 1), (LoadError::Unreadable(why), vec![0]));
}

#[test]
fn an_attempt_is_given_up_after_three_seconds_and_a_call_after_eight() {
    let world = World::answering(vec![Answer::Silence; 3]);
    let store = DynamoStore::new(world.dynamodb(), "sales");
    assert_eq!(world.run(store.load("7")), Err(transient("no answer in time")));
    assert_eq!(world.moments(), [0, 3_050, 6_150]);
    assert_eq!(world.now().as_millis(), 8_000);
}

#[test]
fn an_attempt_that_hangs_costs_no_more_than_its_three_seconds() {
    let world = World::answering([Answer::Silence, ok(json!({}))]);
    let store = DynamoStore::new(world.dynamodb(), "sales");
    assert_eq!(world.run(store.load("7")), Ok(None));
    assert_eq!(world.moments(), [0, 3_050]);
}

#[test]
fn a_connection_is_given_up_after_one_second() {
    let world = World::answering([ok(json!({}))]);
    assert_eq!(world.run(DynamoStore::new(world.dynamodb(), "sales").load("7")), Ok(None));
    assert_eq!(world.network.connect_timeout().map(|timeout| timeout.as_millis()), Some(1_000));
}
