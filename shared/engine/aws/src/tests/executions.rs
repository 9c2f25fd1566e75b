//! State machines are started, and the tasks that wait are answered.

use messaging::Failure;
use orchestration::{Executions, Resumed};
use serde_json::json;

use super::answers::{Answer, error, ok, passing};
use super::world::World;
use crate::AwsExecutions;

const ARN: &str = "arn:aws:states:eu-test-1:1:stateMachine:shop-place-sale-v1";

pub(super) fn executions(world: &World) -> AwsExecutions {
    let other = "arn:aws:states:eu-test-1:1:stateMachine:shop-return-sale-v1";
    AwsExecutions::new(world.sfn()).with_machine("place-sale-v1", ARN).with_machine("return-sale-v1", other)
}

fn start(answers: impl IntoIterator<Item = Answer>) -> (Result<(), Failure>, World) {
    let world = World::answering(answers);
    let told = world.run(executions(&world).start("place-sale-v1", "7", r#"{"a":1}"#));
    (told, world)
}

fn succeed(answers: impl IntoIterator<Item = Answer>) -> (Result<Resumed, Failure>, World) {
    let world = World::answering(answers);
    let told = world.run(executions(&world).succeed("token"));
    (told, world)
}

fn fail(answers: impl IntoIterator<Item = Answer>) -> (Result<Resumed, Failure>, World) {
    let world = World::answering(answers);
    let told = world.run(executions(&world).fail("token", "Refused", r#"{"reason":"SHORT"}"#));
    (told, world)
}

fn started() -> Answer {
    ok(json!({"executionArn": "arn", "startDate": 1.5}))
}

/// What may pass, the same for every call; with how often it is asked for and what the caller is told.
fn retried(operation: &str, codes: &[&str]) -> Vec<(Answer, usize, Failure)> {
    let retry = |why: &str| Failure::retry(format!("{operation}: {why}"));
    let codes = codes.iter().chain(&["KmsThrottlingException", "KmsAccessDeniedException", "ValidationException"]);
    let codes = codes.map(|code| (error(code), 1, retry(&format!("{code}: says AWS"))));
    passing().into_iter().map(|(answer, attempts, why)| (answer, attempts, retry(why))).chain(codes).collect()
}

#[test]
fn an_execution_is_started_under_its_name_with_its_input() {
    let (told, world) = start([started()]);
    assert_eq!(told, Ok(()));
    assert_eq!(world.request().operation, "AWSStepFunctions.StartExecution");
    assert_eq!(world.json(), json!({"stateMachineArn": ARN, "name": "7", "input": r#"{"a":1}"#}));
}

#[test]
fn an_execution_that_was_started_before_is_left_as_it_is() {
    assert_eq!(start([error("ExecutionAlreadyExists")]).0, Ok(()));
}

#[test]
fn an_execution_that_can_never_start_is_set_aside_and_any_other_is_tried_again() {
    let others = ["ExecutionLimitExceeded", "StateMachineDoesNotExist", "StateMachineDeleting", "InvalidArn"];
    for (answer, attempts, told) in retried("StartExecution", &others) {
        assert_eq!(start(vec![answer; attempts]).0, Err(told));
    }
    for code in ["InvalidExecutionInput", "InvalidName"] {
        let told = Failure::set_aside(format!("StartExecution: {code}: says AWS"));
        assert_eq!(start([error(code)]).0, Err(told));
    }
}

#[test]
fn a_machine_that_nobody_named_is_not_asked_for() {
    let world = World::answering([]);
    let told = world.run(executions(&world).start("refund-v1", "7", "{}"));
    assert_eq!(told, Err(Failure::set_aside("no state machine refund-v1 is known".to_owned())));
}

#[test]
fn a_task_goes_on_when_it_is_answered() {
    let (told, world) = succeed([ok(json!({}))]);
    assert_eq!(told, Ok(Resumed::Resumed));
    assert_eq!(world.request().operation, "AWSStepFunctions.SendTaskSuccess");
    assert_eq!(world.json(), json!({"taskToken": "token", "output": "{}"}));
    let (told, world) = fail([ok(json!({}))]);
    assert_eq!(told, Ok(Resumed::Resumed));
    assert_eq!(world.request().operation, "AWSStepFunctions.SendTaskFailure");
    let expected = json!({"taskToken": "token", "error": "Refused", "cause": r#"{"reason":"SHORT"}"#});
    assert_eq!(world.json(), expected);
}

#[test]
fn a_reply_that_nobody_waits_for_is_stale_and_any_other_is_tried_again() {
    for code in ["TaskTimedOut", "TaskDoesNotExist"] {
        assert_eq!(succeed([error(code)]).0, Ok(Resumed::Stale), "{code}");
        assert_eq!(fail([error(code)]).0, Ok(Resumed::Stale), "{code}");
    }
    let others = ["InvalidToken", "InvalidOutput"];
    for (answer, attempts, told) in retried("SendTaskSuccess", &others) {
        assert_eq!(succeed(vec![answer; attempts]).0, Err(told));
    }
    for (answer, attempts, told) in retried("SendTaskFailure", &others) {
        assert_eq!(fail(vec![answer; attempts]).0, Err(told));
    }
}
