//! What the functions of the lanes, and those that read what the lanes have done, are told of steps and state machines, and
//! what they may do with them.

use std::collections::BTreeMap;

use messaging::Deployment;
use orchestration::Registry;
use saga::Definition;

use super::machines::resource;
use super::yaml::{id, lines, variable};

/// The functions that take the events that start a saga, one in each lane.
const STARTED_BY_EVENTS: [&str; 2] = ["orchestrate-saga", "start-saga"];
/// The functions that read what sagas have done, whichever lane has run them.
const READING: [&str; 3] = ["find-order", "get-saga", "list-sagas"];

pub(super) fn blocks(
    registry: &Registry,
    definitions: &[&Definition],
    steps: &[Deployment],
) -> BTreeMap<String, String> {
    let queue_url = |row: &Deployment| format!("{}: !Ref {}Queue", variable(row.handler, "QUEUE_URL"), id(row.handler));
    let queue = |row: &Deployment| format!("- !GetAtt {}Queue.Arn", id(row.handler));
    let machine = |definition: &&Definition| format!("- !Ref {}", resource(definition));
    let machines = || lines(definitions.iter().map(machine));
    let all_executions = || lines(definitions.iter().map(|definition| executions(definition)));
    let mut blocks = BTreeMap::from([
        ("queue URLs for orchestrate-saga".to_owned(), lines(steps.iter().map(queue_url))),
        ("queues for orchestrate-saga".to_owned(), lines(steps.iter().map(queue))),
        ("state machines for start-saga".to_owned(), machines()),
        ("state machines for list-sagas".to_owned(), machines()),
        ("state machine ARNs for start-saga".to_owned(), arns(definitions, |machine| format!("!Ref {machine}"))),
        ("executions for start-saga".to_owned(), all_executions()),
    ]);
    for function in READING {
        // State machines are there in either lane, and the function is told of its own lane only.
        let in_their_lane = |machine| format!("!If [InStepFunctionsLane, !Ref {machine}, !Ref AWS::NoValue]");
        blocks.insert(format!("state machine ARNs for {function}"), arns(definitions, in_their_lane));
        blocks.insert(format!("executions for {function}"), all_executions());
    }
    for function in STARTED_BY_EVENTS {
        let events = lines(registry.starting_events().map(|event| format!("- {event}")));
        blocks.insert(format!("starting events for {function}"), events);
    }
    blocks
}

/// Variables that tell of the state machines.
fn arns(definitions: &[&Definition], value: impl Fn(String) -> String) -> String {
    let arn = |definition: &&Definition| {
        let name = variable(&definition.machine_name(), "STATE_MACHINE_ARN");
        format!("{name}: {}", value(resource(definition)))
    };
    lines(definitions.iter().map(arn))
}

/// The executions of a state machine, and of no other.
fn executions(definition: &Definition) -> String {
    let executions = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution";
    format!("- !Sub {executions}:${{{}.Name}}:*", resource(definition))
}
