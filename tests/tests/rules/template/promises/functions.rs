//! The functions, each with what belongs to it alone: its role, its log group, and what calls it.

use std::collections::BTreeSet;

use anyhow::Result;
use local::Lane;
use serde_json::{Map, Value, json};

use super::ANY_TEXT;
use super::api::{Rpc, rpcs};
use super::events::policy;
use super::machines::machines;
use super::names::{alias, arn, given, id, named, queue_of, reference, replies, sub, variable};
use super::queues::timeout_seconds;
use super::rights::{self, allow};
use super::versions;

/// A function behind a queue.
#[derive(Clone, Copy)]
pub(super) struct Behind {
    pub(super) function: &'static str,
    pub(super) queue: &'static str,
    /// What the template calls that which comes from the queue.
    event: &'static str,
}

/// The functions behind queues: a step for each command of any saga, and the lane's own.
pub(super) fn behind_queues(lane: Lane) -> Vec<Behind> {
    let steps = order::sagas::registry().handlers().into_iter();
    let steps = steps.map(|step| Behind { function: step, queue: step, event: "Command" });
    steps.chain(of_lane(lane)).collect()
}

/// The functions behind queues of both lanes. Their queues and log groups are there in either lane, and so a switch loses
/// nothing of what lies in them.
pub(super) fn behind_queues_of_any_lane() -> Vec<Behind> {
    let [first, second] = Lane::ALL;
    behind_queues(first).into_iter().chain(of_lane(second)).collect()
}

fn of_lane(lane: Lane) -> impl Iterator<Item = Behind> {
    let own: &[(&'static str, &'static str)] = match lane {
        Lane::Rust => &[("orchestrate-saga", "Message")],
        Lane::StepFunctions => &[("start-saga", "Event"), ("resume-saga", "Reply")],
    };
    own.iter().map(|&(function, event)| Behind { function, queue: queue_of(function), event })
}

/// The names of the lane's functions.
pub(in crate::template) fn names(lane: Lane) -> Result<BTreeSet<String>> {
    let apis = rpcs()?.into_iter().map(|rpc| rpc.function_name());
    let behind = behind_queues(lane).into_iter().map(|behind| behind.function.to_owned());
    Ok(apis.chain(behind).chain(["relay-outbox".to_owned()]).collect())
}

pub(super) fn resources(lane: Lane) -> Result<Vec<(String, Value)>> {
    let mut resources = vec![("TracingPolicy".to_owned(), tracing_policy())];
    for rpc in rpcs()? {
        resources.extend(answers(&rpc, lane));
    }
    for behind in behind_queues(lane) {
        resources.extend(works(behind));
    }
    resources.extend(behind_queues_of_any_lane().into_iter().map(|behind| log_group(behind.function)));
    resources.extend(relays());
    Ok(resources)
}

/// X-Ray has no resources to name.
fn tracing_policy() -> Value {
    let traces = allow(&["xray:PutTraceSegments", "xray:PutTelemetryRecords"], json!("*"));
    json!({
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"Description": ANY_TEXT, "PolicyDocument": policy(json!([traces]))},
    })
}

/// A function that answers an RPC.
fn answers(rpc: &Rpc, lane: Lane) -> Vec<(String, Value)> {
    let name = rpc.function_name();
    let mut variables = Map::from_iter(rights::variables(&name));
    variables.insert("TOKEN_ISSUER".to_owned(), json!(given("TokenIssuer")));
    variables.insert("TOKEN_AUDIENCE".to_owned(), json!(given("TokenAudience")));
    let mut statements = rights::statements(&name);
    match (name.as_str(), lane) {
        ("create-order", _) => {
            let limit = json!(given("ApprovalLimitMinorUnits"));
            variables.insert("APPROVAL_LIMIT_MINOR_UNITS".to_owned(), limit);
        }
        ("set-stock", _) => {
            variables.insert("STOCK_SHARDS".to_owned(), json!(given("StockShards")));
        }
        ("describe-saga", _) => {
            variables.insert("ORCHESTRATOR".to_owned(), json!(lane.parameter()));
        }
        ("find-order" | "get-saga" | "list-sagas", _) => {
            variables.extend(told_of_sagas(lane));
            statements.extend(reads_sagas(&name, lane));
        }
        _ => {}
    }
    let mut values = vec!["LogLevel", "TokenIssuer", "TokenAudience"];
    match name.as_str() {
        "create-order" => values.push("ApprovalLimitMinorUnits"),
        "describe-saga" | "find-order" | "get-saga" | "list-sagas" => values.push("Orchestrator"),
        "set-stock" => values.push("StockShards"),
        _ => {}
    }
    let mut resources = function(&name, variables, statements);
    resources.extend(versions::of(&name, &values, Some(named("api-5xx"))));
    resources.extend(rpc.methods().map(|method| rpc.permission(method)));
    resources
}

/// The variables that tell where the lane keeps what its sagas have done.
fn told_of_sagas(lane: Lane) -> Vec<(String, Value)> {
    let orchestrator = ("ORCHESTRATOR".to_owned(), json!(lane.parameter()));
    let places = match lane {
        Lane::Rust => vec![("SAGAS_TABLE".to_owned(), reference("SagasTable"))],
        Lane::StepFunctions => machine_variables(),
    };
    places.into_iter().chain([orchestrator]).collect()
}

/// A function that reads what sagas have done: a customer's by their ids, an operator's with what started them, and by lists.
fn reads_sagas(function: &str, lane: Lane) -> Vec<Value> {
    let (lists, reads) = match lane {
        Lane::Rust => {
            let index = sub("${SagasTable.Arn}/index/by-state");
            (allow(&["dynamodb:Query"], index), allow(&["dynamodb:BatchGetItem"], arn("SagasTable")))
        }
        Lane::StepFunctions => {
            let actions = match function {
                "find-order" => &["states:GetExecutionHistory"][..],
                _ => &["states:GetExecutionHistory", "states:DescribeExecution"],
            };
            (allow(&["states:ListExecutions"], json!(state_machines())), allow(actions, json!(executions())))
        }
    };
    (function == "list-sagas").then_some(lists).into_iter().chain([reads]).collect()
}

/// A function behind a queue: it takes from its queue, replies where either lane takes replies, and sets poison aside.
fn works(behind: Behind) -> Vec<(String, Value)> {
    let Behind { function: name, queue, event } = behind;
    let (live, dead) = (format!("{}Queue", id(queue)), format!("{}DeadLetterQueue", id(queue)));
    let mut variables = Map::from_iter(rights::variables(name).chain(rights::settings(name)));
    variables.insert("DEAD_LETTER_QUEUE_URL".to_owned(), reference(&dead));
    let takes = allow(&["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], arn(&live));
    let mut statements = vec![takes];
    statements.extend(rights::statements(name));
    let mut sends_to = vec![arn(&dead)];
    match name {
        "orchestrate-saga" => {
            let steps = order::sagas::registry().handlers();
            variables.insert("SAGA_QUEUE_URL".to_owned(), reference(&live));
            variables.extend(
                steps.iter().map(|step| (variable(step, "QUEUE_URL"), reference(&format!("{}Queue", id(step))))),
            );
            // Its watchdogs go to itself.
            sends_to.push(arn(&live));
            sends_to.extend(steps.iter().map(|step| arn(&format!("{}Queue", id(step)))));
        }
        "start-saga" => {
            variables.extend(machine_variables());
            statements.push(allow(&["states:StartExecution"], json!(state_machines())));
            statements.push(allow(&["states:GetExecutionHistory"], json!(executions())));
        }
        // A task token is no resource: whoever has none can do nothing with these two.
        "resume-saga" => statements.push(allow(&["states:SendTaskSuccess", "states:SendTaskFailure"], json!("*"))),
        // After a switch there is still a command of the other lane's, and its reply waits in that lane's queue.
        _ => sends_to.extend(Lane::ALL.map(replies)),
    }
    statements.push(allow(&["sqs:SendMessage"], json!(sends_to)));
    let mut resources = function(name, variables, statements);
    // The functions of a lane know each other's sagas: they change all at once.
    let row = sagas_codegen::steps().into_iter().find(|row| row.handler == name);
    let parameters = row.iter().flat_map(|row| row.parameters).map(|(_, parameter)| *parameter);
    let values: Vec<_> = ["LogLevel"].into_iter().chain(parameters).collect();
    resources.extend(versions::of(name, &values, (event == "Command").then(|| reference("SetAsideAlarm"))));
    let mapping = json!({
        "EventSourceArn": arn(&live),
        "BatchSize": 10,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": given("QueueConcurrency")},
    });
    resources.push(source(name, event, mapping));
    resources
}

/// The relay of the outbox: it takes the writes that have events, and nobody's messages.
fn relays() -> Vec<(String, Value)> {
    let name = "relay-outbox";
    let dead = "RelayOutboxDeadLetterQueue";
    let variables = Map::from_iter([
        ("ORDER_EVENTS_TOPIC_ARN".to_owned(), reference("OrderEventsTopic")),
        ("DEAD_LETTER_QUEUE_URL".to_owned(), reference(dead)),
    ]);
    let stream = json!({"Fn::GetAtt": ["OrdersTable", "StreamArn"]});
    let reads = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"].map(|it| format!("dynamodb:{it}"));
    let statements = vec![
        allow(&reads, stream.clone()),
        allow(&["sns:Publish"], reference("OrderEventsTopic")),
        allow(&["sqs:SendMessage"], arn(dead)),
    ];
    let mut resources = function(name, variables, statements);
    resources.extend(versions::of(name, &["LogLevel"], None));
    let mapping = json!({
        "EventSourceArn": stream,
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": 100,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "BisectBatchOnFunctionError": true,
        // With up to four shards this leaves a new account, which runs ten functions at once, at least two.
        "ParallelizationFactor": 2,
        // The age alone decides: half of the 24 hours that the stream keeps a record; the other half is for an operator.
        "MaximumRetryAttempts": -1,
        "MaximumRecordAgeInSeconds": 12 * 60 * 60,
        "DestinationConfig": {"OnFailure": {"Destination": arn(dead)}},
        "FilterCriteria": {"Filters": [{"Pattern": r#"{"dynamodb":{"NewImage":{"events":{"N":[{"exists":true}]}}}}"#}]},
    });
    resources.push(source(name, "Write", mapping));
    resources
}

/// The variables that tell of the state machines.
fn machine_variables() -> Vec<(String, Value)> {
    let variable = |machine: &str, resource: &str| (variable(machine, "STATE_MACHINE_ARN"), reference(resource));
    machines().iter().map(|machine| variable(&machine.name, &machine.resource())).collect()
}

/// The lane's state machines.
fn state_machines() -> Vec<Value> {
    machines().iter().map(|machine| reference(&machine.resource())).collect()
}

/// The executions of the lane's state machines, and no others.
fn executions() -> Vec<Value> {
    let prefix = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution";
    let of = |resource: String| sub(&format!("{prefix}:${{{resource}.Name}}:*"));
    machines().iter().map(|machine| of(machine.resource())).collect()
}

fn source(function: &str, event: &str, mut mapping: Value) -> (String, Value) {
    let resource = format!("{}Function", id(function));
    mapping["FunctionName"] = reference(&alias(function));
    (format!("{resource}{event}"), json!({"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping}))
}

/// The function of this name, its role and its log group.
fn function(name: &str, mut variables: Map<String, Value>, mut statements: Vec<Value>) -> Vec<(String, Value)> {
    let id = id(name);
    let log_group = format!("{id}LogGroup");
    variables.insert("RUST_LOG".to_owned(), json!(given("LogLevel")));
    statements.insert(0, allow(&["logs:CreateLogStream", "logs:PutLogEvents"], arn(&log_group)));
    let function = json!({
        "Type": "AWS::Lambda::Function",
        "Metadata": {"BuildMethod": "rust-cargolambda"},
        "Properties": {
            "Description": ANY_TEXT,
            "FunctionName": named(name),
            "Code": {"S3Bucket": "checkout", "S3Key": format!("functions/{name}")},
            "Runtime": "provided.al2023",
            "Handler": "bootstrap",
            "Architectures": [given("Architecture")],
            "MemorySize": 256,
            "Timeout": timeout_seconds(),
            "TracingConfig": {"Mode": "Active"},
            // A saga goes round between its functions, and Lambda would drop the message of its 17th round.
            "RecursiveLoop": "Allow",
            "LoggingConfig": {
                "LogFormat": "JSON",
                "ApplicationLogLevel": "TRACE",
                "SystemLogLevel": "INFO",
                "LogGroup": reference(&log_group),
            },
            "Environment": {"Variables": variables},
            "Role": arn(&format!("{id}Role")),
            "Tags": [{"Key": "lambda:createdBy", "Value": "SAM"}],
        },
    });
    vec![
        (format!("{id}Function"), function),
        (format!("{id}Role"), role("lambda.amazonaws.com", "TracingPolicy", name, statements)),
        self::log_group(name),
    ]
}

/// The log group of the function of this name.
fn log_group(name: &str) -> (String, Value) {
    (format!("{}LogGroup", id(name)), logs(&format!("/aws/lambda/${{AWS::StackName}}-{name}")))
}

/// A role that this service alone may take, with one managed policy and these statements.
pub(super) fn role(service: &str, managed: &str, name: &str, statements: Vec<Value>) -> Value {
    let assume = json!([{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}]);
    json!({
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": policy(assume),
            "ManagedPolicyArns": [reference(managed)],
            "Policies": [{"PolicyName": name, "PolicyDocument": policy(json!(statements))}],
        },
    })
}

/// A log group, which forgets after a month.
pub(super) fn logs(name: &str) -> Value {
    json!({"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": sub(name), "RetentionInDays": 30}})
}
