//! What calls a person: every alarm looks at what it is named for, and tells the one topic.

use std::time::Duration;

use anyhow::Result;
use local::Lane;
use serde_json::{Value, json};

use super::ANY_TEXT;
use super::api::rpcs;
use super::functions::{Behind, behind_queues, names};
use super::machines::machines;
use super::names::{id, named, queue_of, reference, sub};
use super::queues::dead_letters;

/// What an alarm looks at, and when it calls.
struct Alarm<'a> {
    name: &'a str,
    namespace: Value,
    metric: &'a str,
    /// Name and value of the one dimension.
    of: Option<(&'a str, Value)>,
    statistic: &'a str,
    period: u32,
    periods: u32,
    /// In how many of these periods it must be too much; in all of them unless it says so.
    bad_periods: Option<u32>,
    above: u64,
}

impl Alarm<'_> {
    fn resource(self) -> Value {
        let mut properties = json!({
            "AlarmName": named(self.name),
            // What it says is checked by `calls`.
            "AlarmDescription": sub(ANY_TEXT),
            "Namespace": self.namespace,
            "MetricName": self.metric,
            "Statistic": self.statistic,
            "Period": self.period,
            "EvaluationPeriods": self.periods,
            "ComparisonOperator": "GreaterThanThreshold",
            "Threshold": self.above,
            // Nothing to measure is good news for all of them.
            "TreatMissingData": "notBreaching",
            "AlarmActions": [reference("AlarmsTopic")],
        });
        if let Some((name, value)) = self.of {
            properties["Dimensions"] = json!([{"Name": name, "Value": value}]);
        }
        if let Some(bad_periods) = self.bad_periods {
            properties["DatapointsToAlarm"] = json!(bad_periods);
        }
        json!({"Type": "AWS::CloudWatch::Alarm", "Properties": properties})
    }
}

pub(super) fn resources(lane: Lane) -> Result<Vec<(String, Value)>> {
    let mut resources = vec![
        ("RelayOutboxAgeAlarm".to_owned(), outbox_age()),
        ("ThrottledAlarm".to_owned(), throttled()),
        ("ApiFailuresAlarm".to_owned(), answered_5xx()),
    ];
    for function in names(lane)? {
        resources.push((format!("{}ErrorsAlarm", id(&function)), errors(&function)?));
    }
    for Behind { queue, .. } in behind_queues(lane) {
        resources.push((format!("{}AgeAlarm", id(queue)), age(queue)));
    }
    // A lane's alarms are its own: nothing works on what lies in the other lane's queues.
    for name in dead_letters(behind_queues(lane).into_iter().map(|behind| behind.queue).collect()) {
        resources.push((format!("{}DeadLetterAlarm", id(name)), dead_letter(name)));
    }
    resources.extend(said_of_messages(lane));
    match lane {
        Lane::Rust => resources.extend(stuck()),
        Lane::StepFunctions => {
            resources.extend(unanswered());
            resources.extend(ended());
        }
    }
    Ok(resources)
}

/// An alarm that calls as soon as there is anything to count in a minute.
fn at_once<'a>(name: &'a str, namespace: Value, metric: &'a str, of: Option<(&'a str, Value)>) -> Alarm<'a> {
    Alarm { name, namespace, metric, of, statistic: "Sum", period: 60, periods: 1, bad_periods: None, above: 0 }
}

fn dead_letter(name: &str) -> Value {
    let queue = json!({"Fn::GetAtt": [format!("{}DeadLetterQueue", id(name)), "QueueName"]});
    let (name, of) = (format!("{name}-dead"), Some(("QueueName", queue)));
    let alarm = at_once(&name, json!("AWS/SQS"), "ApproximateNumberOfMessagesVisible", of);
    Alarm { statistic: "Maximum", ..alarm }.resource()
}

/// A caller does not wait for a second try. A message and a stream's record come again by design, so what lasts counts there.
fn errors(function: &str) -> Result<Value> {
    let of = Some(("FunctionName", reference(&format!("{}Function", id(function)))));
    let name = format!("{function}-errors");
    let alarm = at_once(&name, json!("AWS/Lambda"), "Errors", of);
    let answers_callers = rpcs()?.iter().any(|rpc| rpc.function_name() == function);
    Ok(if answers_callers { alarm } else { lasting(alarm) }.resource())
}

/// The same alarm on what is there in three of five minutes.
fn lasting(alarm: Alarm) -> Alarm {
    Alarm { periods: 5, bad_periods: Some(3), ..alarm }
}

/// Of all functions of the account together, whose concurrency is one.
fn throttled() -> Value {
    lasting(at_once("throttled", json!("AWS/Lambda"), "Throttles", None)).resource()
}

/// More than two calls within five minutes.
fn answered_5xx() -> Value {
    let alarm = at_once("api-5xx", json!("AWS/ApiGateway"), "5xx", Some(("ApiId", reference("HttpApi"))));
    Alarm { period: 300, above: 2, ..alarm }.resource()
}

/// For five minutes longer than a message may be delayed on purpose: no step's is, and a watchdog is for as long as SQS allows.
fn age(queue: &str) -> Value {
    let of = Some(("QueueName", json!({"Fn::GetAtt": [format!("{}Queue", id(queue)), "QueueName"]})));
    let delayed = if queue == queue_of("orchestrate-saga") { messaging::LONGEST_DELAY } else { Duration::ZERO };
    let name = format!("{queue}-age");
    let alarm = at_once(&name, json!("AWS/SQS"), "ApproximateAgeOfOldestMessage", of);
    Alarm { statistic: "Maximum", above: delayed.as_secs() + 300, ..alarm }.resource()
}

/// Events wait for minutes: two of them, for five in a row.
fn outbox_age() -> Value {
    let of = Some(("FunctionName", reference("RelayOutboxFunction")));
    let alarm = at_once("relay-outbox-age", json!("AWS/Lambda"), "IteratorAge", of);
    Alarm { statistic: "Maximum", periods: 5, above: 120_000, ..alarm }.resource()
}

/// What every function that takes messages says in its log of those it could not handle, with these words. Whatever is set
/// aside calls at once; a message that is left does only when that goes on for most of a quarter of an hour.
fn said_of_messages(lane: Lane) -> Vec<(String, Value)> {
    let behind: Vec<_> = behind_queues(lane).into_iter().map(|behind| behind.function).collect();
    let filters = |kind: &str, word: &str, metric: &str, functions: &[&str]| -> Vec<(String, Value)> {
        let of = |function: &&str| {
            let id = id(function);
            (format!("{id}{kind}MetricFilter"), filter(&format!("{id}LogGroup"), &pattern(word), metric))
        };
        functions.iter().map(of).collect()
    };
    let counted = |name, metric| at_once(name, reference("AWS::StackName"), metric, None);
    let set_aside = [behind.as_slice(), &["relay-outbox"]].concat();
    let mut resources = filters("SetAside", messaging::SET_ASIDE, "SetAsideMessages", &set_aside);
    resources.extend(filters("Left", messaging::LEFT, "LeftMessages", &behind));
    resources.push(("SetAsideAlarm".to_owned(), counted("set-aside", "SetAsideMessages").resource()));
    let left = Alarm { periods: 15, bad_periods: Some(10), ..counted("left", "LeftMessages") };
    resources.push(("LeftMessagesAlarm".to_owned(), left.resource()));
    resources
}

/// The lines of a log that have this word in the field for it.
fn pattern(word: &str) -> String {
    format!(r#"{{ $.fields.alarm = "{word}" }}"#)
}

/// Counts the log's lines that match as the stack's own metric.
fn filter(log_group: &str, pattern: &str, metric: &str) -> Value {
    let counted = json!({"MetricNamespace": reference("AWS::StackName"), "MetricName": metric, "MetricValue": "1"});
    json!({
        "Type": "AWS::Logs::MetricFilter",
        "Properties": {
            "LogGroupName": reference(log_group),
            "FilterPattern": pattern,
            "MetricTransformations": [counted],
        },
    })
}

fn counted(name: &str, metric: &str, periods: u32) -> Value {
    let namespace = reference("AWS::StackName");
    // A command that stays silent is repeated every 15 minutes at last, so half an hour never misses a repeat.
    Alarm { period: 1800, periods, ..at_once(name, namespace, metric, None) }.resource()
}

/// The orchestrator says it in its log, with this word.
fn stuck() -> [(String, Value); 2] {
    let pattern = pattern(orchestration::STUCK_SAGA);
    [
        ("StuckSagaMetricFilter".to_owned(), filter("OrchestrateSagaLogGroup", &pattern, "StuckSagas")),
        ("StuckSagaAlarm".to_owned(), counted(orchestration::STUCK_SAGA, "StuckSagas", 1)),
    ]
}

/// A state machine says it in its log, with the names of AWS's events. A single one is no news: the command is repeated.
fn unanswered() -> Vec<(String, Value)> {
    let pattern = r#"{ ($.type = "TaskTimedOut") || ($.type = "TaskSubmitFailed") }"#;
    let of = |id: String| {
        (format!("{id}UnansweredMetricFilter"), filter(&format!("{id}LogGroup"), pattern, "UnansweredCommands"))
    };
    let mut resources: Vec<_> = machines().iter().map(|machine| of(machine.id())).collect();
    let alarm = counted("saga-unanswered", "UnansweredCommands", 2);
    resources.push(("UnansweredCommandsAlarm".to_owned(), alarm));
    resources
}

/// An execution that does not succeed has left its order pending, however it ended.
fn ended() -> Vec<(String, Value)> {
    let mut resources = Vec::new();
    for machine in machines() {
        for end in ["failed", "timed-out", "aborted"] {
            let of = Some(("StateMachineArn", reference(&machine.resource())));
            let (name, metric) = (format!("{}-{end}", machine.name), format!("Executions{}", id(end)));
            let alarm = at_once(&name, json!("AWS/States"), &metric, of);
            resources.push((format!("{}{}Alarm", machine.id(), id(end)), alarm.resource()));
        }
    }
    resources
}
