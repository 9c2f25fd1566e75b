//! The state machines: one for each version of a saga, each with the queues of its own commands.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::ANY_TEXT;
use super::events::policy;
use super::functions::{logs, role};
use super::names::{arn, id, named, reference};
use super::rights::allow;

/// A state machine.
pub(super) struct Machine {
    /// Such as `create-order-v1`.
    pub(super) name: String,
    /// The file of its definition.
    file: String,
    /// The functions that handle its commands.
    handlers: BTreeSet<&'static str>,
}

impl Machine {
    /// How the logical ids of what belongs to it begin.
    pub(super) fn id(&self) -> String {
        id(&self.name)
    }

    /// Its logical id.
    pub(super) fn resource(&self) -> String {
        format!("{}StateMachine", self.id())
    }
}

/// The state machine of every version of every saga.
pub(super) fn machines() -> Vec<Machine> {
    let registry = order::sagas::registry();
    let machine = |definition: &saga::Definition| Machine {
        name: definition.machine_name(),
        file: format!("statemachines/{}.v{}.asl.json", definition.name, definition.version),
        handlers: definition.commands().map(|command| command.handler).collect(),
    };
    registry.definitions().map(machine).collect()
}

/// For the file of each definition the names that it must leave to the template, and no others.
pub(in crate::template) fn placeholders() -> Vec<(String, BTreeSet<String>)> {
    machines()
        .into_iter()
        .map(|machine| (machine.file.clone(), substitutions(&machine).map(|(name, _)| name).collect()))
        .collect()
}

/// What its definition leaves open: the queues of its commands and the queue for their replies, and in which of AWS's
/// partitions it is, because Step Functions takes the resource of a task in its own only.
fn substitutions(machine: &Machine) -> impl Iterator<Item = (String, Value)> {
    let queues = machine.handlers.iter().copied().chain(["resume-saga"]).map(|name| format!("{}Queue", id(name)));
    let urls = queues.map(|queue| (format!("{queue}Url"), reference(&queue)));
    urls.chain([("Partition".to_owned(), reference("AWS::Partition"))])
}

/// They are there in either lane: with a state machine go its running executions and the histories of those that are over.
pub(super) fn resources() -> Vec<(String, Value)> {
    let mut resources = vec![("StateMachinePolicy".to_owned(), machine_policy())];
    for machine in machines() {
        let (id, name) = (machine.id(), &machine.name);
        let queues: Vec<_> =
            machine.handlers.iter().map(|handler| arn(&format!("{}Queue", super::names::id(handler)))).collect();
        // It only names the queue for replies; the others it sends to.
        let sends = vec![allow(&["sqs:SendMessage"], json!(queues))];
        resources.push((format!("{id}Role"), role("states.amazonaws.com", "StateMachinePolicy", name, sends)));
        resources.push((format!("{id}LogGroup"), logs(&format!("/aws/vendedlogs/states/${{AWS::StackName}}-{name}"))));
        resources.push((machine.resource(), resource(&machine)));
    }
    resources
}

fn resource(machine: &Machine) -> Value {
    let id = machine.id();
    let destination = json!({"CloudWatchLogsLogGroup": {"LogGroupArn": arn(&format!("{id}LogGroup"))}});
    json!({
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "StateMachineName": named(&machine.name),
            "StateMachineType": "STANDARD",
            "DefinitionS3Location": {"Bucket": "checkout", "Key": machine.file},
            "DefinitionSubstitutions": substitutions(machine).collect::<Map<_, _>>(),
            "RoleArn": arn(&format!("{id}Role")),
            "TracingConfiguration": {"Enabled": true},
            // Never with the data of the execution: it carries the card's token.
            "LoggingConfiguration": {
                "Level": "ERROR",
                "IncludeExecutionData": false,
                "Destinations": [destination],
            },
            "Tags": [{"Key": "stateMachine:createdBy", "Value": "SAM"}],
        },
    })
}

/// What AWS documents for the traces and the log of a state machine; none of it has a resource to name.
fn machine_policy() -> Value {
    let traces = ["PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets"];
    let log = [
        "CreateLogDelivery",
        "CreateLogStream",
        "GetLogDelivery",
        "UpdateLogDelivery",
        "DeleteLogDelivery",
        "ListLogDeliveries",
        "PutLogEvents",
        "PutResourcePolicy",
        "DescribeResourcePolicies",
        "DescribeLogGroups",
    ];
    let statements = [
        allow(&traces.map(|action| format!("xray:{action}")), json!("*")),
        allow(&log.map(|action| format!("logs:{action}")), json!("*")),
    ];
    json!({
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"Description": ANY_TEXT, "PolicyDocument": policy(json!(statements))},
    })
}
