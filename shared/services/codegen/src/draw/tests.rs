use saga::Position;
use serde_json::json;
use testkit::sagas::both_versions;

use super::*;

/// A run of place-sale that awaits the card's charge, as `aws dynamodb get-item` prints it.
const ITEM: &str = include_str!("../../fixtures/item.json");

fn plain() -> Value {
    let item: Value = serde_json::from_str(ITEM).expect("JSON");
    serde_json::to_value(stored(&item["Item"]).expect("an instance")).expect("JSON")
}

fn complaint(record: &Value) -> String {
    format!("{:#}", read(&both_versions(), &record.to_string()).expect_err("an error"))
}

#[test]
fn an_item_and_its_plain_state_are_the_same_run() {
    let registry = both_versions();
    let (definition, run) = read(&registry, ITEM).expect("a run");
    assert_eq!((definition.name, definition.version, run.position()), ("place-sale", 1, Position::Doing(1)));
    assert_eq!(read(&registry, &plain().to_string()).expect("a run"), (definition, run));
}

#[test]
fn every_outcome_is_followed() {
    let mut record = plain();
    let entry = |handler: &str, state: &str| json!({"handler": handler, "participant": "", "state": state, "repeats": 0, "sent_at": record["started_at"]});
    let entries = [
        entry("reserve-goods", "succeeded"),
        entry("charge-card", "unknown"),
        entry("refund-card", "succeeded"),
        entry("release-goods", "succeeded"),
        entry("cancel-sale", "succeeded"),
    ];
    let refused = [entry("reserve-goods", "refused"), entry("cancel-sale", "sent")];
    record["entries"] = json!(entries);
    record["state"]["position"] = json!("compensated");
    let (_, run) = read(&both_versions(), &record.to_string()).expect("a run");
    assert_eq!(run.position(), Position::Compensated);
    record["entries"] = json!(refused);
    record["state"]["position"] = json!("undoing_start");
    let (_, run) = read(&both_versions(), &record.to_string()).expect("a run");
    assert_eq!(run.position(), Position::UndoingStart);
}

#[test]
fn a_run_on_a_definition_that_is_not_here_is_not_drawn() {
    let mut record = plain();
    record["definition_version"] = json!(7);
    assert_eq!(complaint(&record), "no version 7 of place-sale is known here, only place-sale 1, place-sale 2");
    let mut record = plain();
    record["fingerprint"] = json!("00000000-0000-0000-0000-000000000000");
    let message = complaint(&record);
    assert!(message.starts_with("the run started with another version 1 of place-sale: its fingerprint is 0000"));
    // Older instances have none; what they did still has to fit.
    record["fingerprint"] = Value::Null;
    read(&both_versions(), &record.to_string()).expect("a run");
}

#[test]
fn a_record_that_does_not_fit_its_definition_is_not_drawn() {
    let mut record = plain();
    record["state"]["position"] = json!("completed");
    assert_eq!(
        complaint(&record),
        "the record contradicts itself: it stands at Completed, its commands lead to Doing(1)"
    );
    record["entries"][0]["handler"] = json!("complete-sale");
    assert!(complaint(&record).contains("where it awaits reserve-goods"));
}

#[test]
fn a_record_of_another_kind_is_not_drawn() {
    assert!(complaint(&json!({"event": 1})).starts_with("neither an item"));
    assert!(complaint(&json!({"Item": {"key": "plain"}})).starts_with("not DynamoDB's JSON"));
    assert!(complaint(&json!({"Item": {"key": {"S": "x"}}})).starts_with("not an item of the sagas table"));
    let mut newer: Value = serde_json::from_str(ITEM).expect("JSON");
    newer["Item"]["schema"] = json!({"N": "2"});
    assert_eq!(complaint(&newer), "not a saga's state: unknown schema version 2");
    let empty = read(&both_versions(), "").expect_err("an error");
    assert!(format!("{empty:#}").starts_with("the record is not JSON"));
}

/// A run of place-sale that is being undone, as `aws stepfunctions get-execution-history` prints it.
fn history() -> Value {
    let registry = both_versions();
    let definition = find(&registry, "place-sale", 1).expect("known");
    let started_with = json!({"name": "place-sale", "version": 1, "fingerprint": fingerprint(definition)});
    let input = json!({"sagaId": "1", "definition": started_with}).to_string();
    let entered = |state: &str| json!({"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": state}});
    let event = |kind: &str| json!({"type": kind, "timestamp": "2026-01-01T00:00:00.123000+00:00"});
    let details = json!({"error": "Refused", "cause": "{\"reason\":\"CARD_DECLINED\",\"message\":\"\"}"});
    let refused = json!({"type": "TaskFailed", "taskFailedEventDetails": details});
    json!({"events": [
        json!({"type": "ExecutionStarted", "executionStartedEventDetails": {"input": input}}),
        entered("ReserveGoods"), event("TaskScheduled"), event("TaskSucceeded"),
        entered("ChargeCard"), event("TaskScheduled"), event("TaskTimedOut"), event("TaskScheduled"), refused,
        entered("ReleaseGoods"), event("TaskScheduled"),
    ]})
}

#[test]
fn an_executions_history_is_a_run_as_well() {
    let registry = both_versions();
    let (definition, run) = read(&registry, &history().to_string()).expect("a run");
    assert_eq!((definition.name, run.position()), ("place-sale", Position::Undoing(0)));
}

#[test]
fn a_history_that_does_not_say_what_it_is_of_is_not_drawn() {
    let mut without_data = history();
    without_data["events"][0]["executionStartedEventDetails"] = json!({});
    assert!(complaint(&without_data).contains("ask for it with its data"));
    let mut other = history();
    let input = json!({"definition": {"name": "place-sale", "version": 1, "fingerprint": uuid::Uuid::nil()}});
    other["events"][0]["executionStartedEventDetails"]["input"] = json!(input.to_string());
    assert!(complaint(&other).starts_with("the run started with another version 1 of place-sale"));
}
