//! What state machines list, and what their executions began with.

use messaging::LoadError;
use orchestration::{ExecutionPage, ExecutionStatus, Executions, ListedExecution};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::answers::{Answer, error, ok, passing};
use super::executions::executions;
use super::world::World;

const ARN: &str = "arn:aws:states:eu-test-1:1:stateMachine:shop-place-sale-v1";
const EXECUTION: &str = "arn:aws:states:eu-test-1:1:execution:shop-place-sale-v1:7";

fn list(
    answers: impl IntoIterator<Item = Answer>,
    status: Option<ExecutionStatus>,
    limit: usize,
    token: Option<&str>,
) -> (Result<ExecutionPage, LoadError>, World) {
    let world = World::answering(answers);
    let page = world.run(executions(&world).list("place-sale-v1", status, limit, token));
    (page, world)
}

fn input(answers: impl IntoIterator<Item = Answer>) -> (Result<Option<String>, LoadError>, World) {
    let world = World::answering(answers);
    let told = world.run(executions(&world).input("place-sale-v1", "7"));
    (told, world)
}

fn at(millis: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(millis)
}

#[test]
fn each_status_is_asked_for_and_told_by_its_own_name() {
    for (status, name) in [
        (ExecutionStatus::Running, "RUNNING"),
        (ExecutionStatus::Succeeded, "SUCCEEDED"),
        (ExecutionStatus::Failed, "FAILED"),
        (ExecutionStatus::Aborted, "ABORTED"),
        (ExecutionStatus::TimedOut, "TIMED_OUT"),
    ] {
        let listed = json!({"executionArn": EXECUTION, "stateMachineArn": ARN, "name": "7", "status": name,
            "startDate": 1.5, "stopDate": 2.25});
        let (page, world) = list([ok(json!({"executions": [listed]}))], Some(status), 20, None);
        let (name_of, started_at, ended_at) = ("7".to_owned(), at(1_500), Some(at(2_250)));
        let executions = vec![ListedExecution { name: name_of, status, started_at, ended_at }];
        assert_eq!(page, Ok(ExecutionPage { executions, next: None }));
        assert_eq!(world.request().operation, "AWSStepFunctions.ListExecutions");
        assert_eq!(world.json(), json!({"stateMachineArn": ARN, "statusFilter": name, "maxResults": 20}));
    }
}

#[test]
fn an_execution_that_has_not_ended_goes_on_whatever_aws_calls_it() {
    for status in ["RUNNING", "PENDING_REDRIVE", "SOMETHING_NEW"] {
        let listed = json!({"executionArn": EXECUTION, "stateMachineArn": ARN, "name": "7", "status": status,
            "startDate": 1});
        let (page, world) = list([ok(json!({"executions": [listed], "nextToken": "second"}))], None, 20, Some("first"));
        let page = page.expect("a page");
        assert_eq!(
            (page.executions[0].status, page.executions[0].ended_at),
            (ExecutionStatus::Running, None),
            "{status}"
        );
        assert_eq!(page.next.as_deref(), Some("second"));
        assert_eq!(world.json(), json!({"stateMachineArn": ARN, "maxResults": 20, "nextToken": "first"}));
    }
}

#[test]
fn no_more_executions_are_asked_for_than_a_page_holds() {
    let (_, world) = list([ok(json!({"executions": []}))], None, usize::MAX, None);
    assert_eq!(world.json()["maxResults"], 1000);
}

#[test]
fn a_list_that_cannot_be_had_is_told_by_what_its_caller_can_do() {
    assert_eq!(list([error("InvalidToken")], None, 20, Some("old")).0, Err(LoadError::BadToken));
    let codes = ["StateMachineDoesNotExist", "InvalidArn", "ValidationException"];
    let rows = codes.map(|code| (error(code), 1, format!("{code}: says AWS")));
    let rows =
        rows.into_iter().chain(passing().into_iter().map(|(answer, times, why)| (answer, times, why.to_owned())));
    for (answer, attempts, why) in rows {
        let told = LoadError::Transient(format!("ListExecutions: {why}"));
        assert_eq!(list(vec![answer; attempts], None, 20, None).0, Err(told));
    }
    let world = World::answering([]);
    let told = world.run(executions(&world).list("refund-v1", None, 20, None));
    assert_eq!(told, Err(LoadError::Unreadable("no state machine refund-v1 is known".to_owned())));
}

#[test]
fn an_execution_tells_the_input_that_it_began_with() {
    let described = json!({"executionArn": EXECUTION, "stateMachineArn": ARN, "status": "RUNNING", "startDate": 1,
        "input": r#"{"subject":"sale-1"}"#});
    let (told, world) = input([ok(described)]);
    assert_eq!(told, Ok(Some(r#"{"subject":"sale-1"}"#.to_owned())));
    assert_eq!(world.request().operation, "AWSStepFunctions.DescribeExecution");
    assert_eq!(world.json(), json!({"executionArn": EXECUTION}));
    assert_eq!(input([error("ExecutionDoesNotExist")]).0, Ok(None));
    for (answer, attempts, why) in passing() {
        let told = LoadError::Transient(format!("DescribeExecution: {why}"));
        assert_eq!(input(vec![answer; attempts]).0, Err(told));
    }
    let world = World::answering([]);
    let told = world.run(executions(&world).input("refund-v1", "7"));
    assert_eq!(told, Err(LoadError::Unreadable("no state machine refund-v1 is known".to_owned())));
}
