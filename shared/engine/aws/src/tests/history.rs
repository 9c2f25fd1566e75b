//! What happened in an execution, page by page.

use messaging::LoadError;
use orchestration::{Executions, Happened, History, HistoryEvent};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::answers::{Answer, error, ok, passing};
use super::executions::executions;
use super::network::Request;
use super::world::World;

const EXECUTION: &str = "arn:aws:states:eu-test-1:1:execution:shop-place-sale-v1:7";

fn history(answers: impl IntoIterator<Item = Answer>) -> (Result<Option<History>, LoadError>, World) {
    let world = World::answering(answers);
    let told = world.run(executions(&world).history("place-sale-v1", "7"));
    (told, world)
}

/// A page with one event that happened so many seconds after 1970.
fn page(seconds: i64, kind: &str, next: Option<&str>) -> Answer {
    ok(json!({"events": [{"id": 1, "type": kind, "timestamp": seconds}], "nextToken": next}))
}

fn happened(seconds: i64, happened: Happened) -> HistoryEvent {
    HistoryEvent { at: OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds), happened }
}

fn whole(events: Vec<HistoryEvent>) -> Result<Option<History>, LoadError> {
    Ok(Some(History { events, cut_off: None }))
}

/// What is asked for one page of the execution; never for what its messages hold.
fn asked(token: Option<&str>) -> Value {
    let mut asked = json!({"executionArn": EXECUTION, "maxResults": 1000, "includeExecutionData": false});
    if let Some(token) = token {
        asked["nextToken"] = json!(token);
    }
    asked
}

#[test]
fn a_history_is_read_to_its_last_page() {
    let (told, world) = history([
        page(1, "ExecutionStarted", Some("second")),
        page(2, "TaskSubmitted", Some("third")),
        page(3, "ExecutionSucceeded", None),
    ]);
    assert_eq!(told, whole(vec![happened(1, Happened::Started), happened(3, Happened::Ended)]));
    assert_eq!(world.requests()[0].operation, "AWSStepFunctions.GetExecutionHistory");
    let said: Vec<Value> = world.requests().iter().map(Request::json).collect();
    assert_eq!(said, [asked(None), asked(Some("second")), asked(Some("third"))]);
}

#[test]
fn an_event_keeps_what_it_means() {
    let entered = json!({"id": 1, "type": "TaskStateEntered", "timestamp": 1.5,
        "stateEnteredEventDetails": {"name": "ReserveGoods"}});
    let failed = json!({"id": 2, "type": "TaskFailed", "timestamp": 2,
        "taskFailedEventDetails": {"resourceType": "sqs", "resource": "sendMessage", "error": "Refused", "cause": "{}"}});
    let silent = json!({"id": 3, "type": "TaskFailed", "timestamp": 3,
        "taskFailedEventDetails": {"resourceType": "sqs", "resource": "sendMessage"}});
    let (told, _) = history([ok(json!({"events": [entered, failed, silent]}))]);
    let failure = |error: &str, cause: &str| Happened::Failed { error: error.to_owned(), cause: cause.to_owned() };
    let mut expected = vec![
        happened(1, Happened::Entered("ReserveGoods".to_owned())),
        happened(2, failure("Refused", "{}")),
        happened(3, failure("", "")),
    ];
    expected[0].at += Duration::milliseconds(500);
    assert_eq!(told, whole(expected));
}

#[test]
fn an_execution_that_was_never_started_has_no_history() {
    assert_eq!(history([error("ExecutionDoesNotExist")]).0, Ok(None));
}

#[test]
fn a_history_that_does_not_end_is_told_as_far_as_ten_pages_go() {
    let endless = vec![page(1, "ExecutionStarted", Some("again")); 10];
    let why = LoadError::Unreadable(format!("the history of {EXECUTION} has more than 10 pages"));
    let told = history(endless).0.expect("a history").expect("an execution");
    assert_eq!((told.events, told.cut_off), (vec![happened(1, Happened::Started); 10], Some(why)));
    let mut longest = vec![page(1, "ExecutionStarted", Some("again")); 9];
    longest.push(page(2, "ExecutionAborted", None));
    let told = history(longest).0.expect("a history").expect("an execution");
    assert_eq!((told.events.len(), told.events.last()), (10, Some(&happened(2, Happened::GaveUp))));
    assert_eq!(told.cut_off, None);
}

#[test]
fn a_history_that_cannot_be_read_now_is_told_as_far_as_it_was_read() {
    let mut rows = passing();
    rows.extend([
        (error("InvalidArn"), 1, "InvalidArn: says AWS"),
        (error("InvalidToken"), 1, "InvalidToken: says AWS"),
        (error("ValidationException"), 1, "ValidationException: says AWS"),
        (error("StateMachineDoesNotExist"), 1, "StateMachineDoesNotExist: says AWS"),
        (ok(json!({"events": 7})), 1, "no code: no message"),
    ]);
    for (answer, attempts, why) in rows {
        let told = LoadError::Transient(format!("GetExecutionHistory: {why}"));
        assert_eq!(history(vec![answer.clone(); attempts]).0, Err(told.clone()), "{answer:?}");
        let mut late = vec![page(1, "ExecutionStarted", Some("second"))];
        late.extend(vec![answer; attempts]);
        let events = vec![happened(1, Happened::Started)];
        assert_eq!(history(late).0, Ok(Some(History { events, cut_off: Some(told) })));
    }
}

#[test]
fn a_machine_that_nobody_named_has_no_history_to_ask_for() {
    let world = World::answering([]);
    let told = world.run(executions(&world).history("refund-v1", "7"));
    assert_eq!(told, Err(LoadError::Unreadable("no state machine refund-v1 is known".to_owned())));
}
