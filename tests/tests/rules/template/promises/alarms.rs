//! What calls a person: every alarm looks at what it is named for, and tells the one topic.

use local::Lane;
use serde_json::{Value, json};

use super::ANY_TEXT;
use super::functions::behind_queues;
use super::machines::machines;
use super::names::{id, named, reference};
use super::queues::dead_letters;

/// What an alarm looks at, and when it calls. It calls above zero unless it says otherwise.
struct Alarm<'a> {
    name: &'a str,
    namespace: Value,
    metric: &'a str,
    /// Name and value of the one dimension.
    of: Option<(&'a str, Value)>,
    statistic: &'a str,
    period: u32,
    periods: u32,
    above: u32,
}

impl Alarm<'_> {
    fn resource(self) -> Value {
        let mut properties = json!({
            "AlarmName": named(self.name),
            "AlarmDescription": ANY_TEXT,
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
        json!({"Type": "AWS::CloudWatch::Alarm", "Properties": properties})
    }
}

pub(super) fn resources(lane: Lane) -> Vec<(String, Value)> {
    let mut resources = vec![("RelayOutboxAgeAlarm".to_owned(), outbox_age())];
    // A lane's alarms are its own: nothing works on what lies in the other lane's queues.
    let behind = behind_queues(lane).into_iter().map(|behind| behind.queue);
    for name in dead_letters(behind.collect()) {
        resources.push((format!("{}DeadLetterAlarm", id(name)), dead_letter(name)));
    }
    match lane {
        Lane::Rust => resources.extend(stuck()),
        Lane::StepFunctions => {
            resources.extend(unanswered());
            resources.extend(ended());
        }
    }
    resources
}

fn dead_letter(name: &str) -> Value {
    let queue = json!({"Fn::GetAtt": [format!("{}DeadLetterQueue", id(name)), "QueueName"]});
    Alarm {
        name: &format!("{name}-dead"),
        namespace: json!("AWS/SQS"),
        metric: "ApproximateNumberOfMessagesVisible",
        of: Some(("QueueName", queue)),
        statistic: "Maximum",
        period: 60,
        periods: 1,
        above: 0,
    }
    .resource()
}

/// Events wait for minutes: two of them, for five in a row.
fn outbox_age() -> Value {
    Alarm {
        name: "relay-outbox-age",
        namespace: json!("AWS/Lambda"),
        metric: "IteratorAge",
        of: Some(("FunctionName", reference("RelayOutboxFunction"))),
        statistic: "Maximum",
        period: 60,
        periods: 5,
        above: 120_000,
    }
    .resource()
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
    Alarm { name, namespace, metric, of: None, statistic: "Sum", period: 1800, periods, above: 0 }.resource()
}

/// The orchestrator says it in its log, with this word.
fn stuck() -> [(String, Value); 2] {
    let pattern = format!(r#"{{ $.fields.alarm = "{}" }}"#, orchestration::STUCK_SAGA);
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
            let alarm = Alarm {
                name: &format!("{}-{end}", machine.name),
                namespace: json!("AWS/States"),
                metric: &format!("Executions{}", id(end)),
                of: Some(("StateMachineArn", reference(&machine.resource()))),
                statistic: "Sum",
                period: 60,
                periods: 1,
                above: 0,
            };
            resources.push((format!("{}{}Alarm", machine.id(), id(end)), alarm.resource()));
        }
    }
    resources
}
