//! Mistakes in what calls a person.

use serde_json::json;

use super::{Mistake, add, at, of_machine, reference, remove, set};

pub(super) fn mistakes() -> Vec<Mistake> {
    let dead = |property: &str| at("AuthorizeCardDeadLetterAlarm", property);
    let stuck = |property: &str| at("StuckSagaAlarm", property);
    let age = |property: &str| at("RelayOutboxAgeAlarm", property);
    let filter = |property: &str| at("StuckSagaMetricFilter", property);
    let transformation = "MetricTransformations/0";
    vec![
        set(
            "it looks at another's dead letters",
            &dead("Dimensions/0/Value/Fn::GetAtt/0"),
            json!("CancelCardDeadLetterQueue"),
        ),
        set("it looks at the queue itself", &dead("Dimensions/0/Value/Fn::GetAtt/0"), json!("AuthorizeCardQueue")),
        remove("it looks at no queue", &dead("Dimensions")),
        set("another metric", &dead("MetricName"), json!("NumberOfMessagesSent")),
        set("another metric's namespace", &dead("Namespace"), json!("AWS/SNS")),
        remove("it calls nobody", &dead("AlarmActions")),
        set("it calls nobody any more", &dead("AlarmActions"), json!([])),
        set("it tells whoever hears events", &dead("AlarmActions/0"), reference("OrderEventsTopic")),
        add("it is switched off", &dead("ActionsEnabled"), json!(false)),
        set("it waits for a hundred", &dead("Threshold"), json!(100)),
        set("it calls below", &dead("ComparisonOperator"), json!("LessThanThreshold")),
        set("it calls always", &dead("ComparisonOperator"), json!("GreaterThanOrEqualToThreshold")),
        set("nothing counts as bad", &dead("TreatMissingData"), json!("breaching")),
        remove("nothing counts as unknown", &dead("TreatMissingData")),
        set("on the average", &dead("Statistic"), json!("Average")),
        set("after an hour", &dead("EvaluationPeriods"), json!(60)),
        remove("it says nothing", &dead("AlarmDescription")),
        set("a name that the topic's policy refuses", &dead("AlarmName"), json!("authorize-card-dead")),
        remove("an alarm too few", "/Resources/SagaDeadLetterAlarm"),
        set("it looks at the age of another function", &age("Dimensions/0/Value"), reference("CreateOrderFunction")),
        set("it calls when it is too late", &age("Threshold"), json!(86_400_000)),
        set("a period that misses repeats", &stuck("Period"), json!(60)),
        set("the number instead of the sum", &stuck("Statistic"), json!("SampleCount")),
        set("a metric that nobody writes", &stuck("MetricName"), json!("StuckSaga")),
        set("a filter of another log", &filter("LogGroupName"), reference("CreateOrderLogGroup")),
        set("a filter of another word", &filter("FilterPattern"), json!(r#"{ $.fields.alarm = "stuck-saga" }"#)),
        set("a filter of another field", &filter("FilterPattern"), json!(r#"{ $.alarm = "saga-stuck" }"#)),
        set("a filter that counts to another metric", &filter(&format!("{transformation}/MetricName")), json!("Stuck")),
        set("a filter that counts nothing", &filter(&format!("{transformation}/MetricValue")), json!("0")),
        set("a filter for all stacks", &filter(&format!("{transformation}/MetricNamespace")), json!("Sagas")),
        set(
            "a filter of half the events",
            &at(&of_machine("create-order", "UnansweredMetricFilter"), "FilterPattern"),
            json!(r#"{ $.type = "TaskTimedOut" }"#),
        ),
        remove(
            "a state machine that no filter looks at",
            &format!("/Resources/{}", of_machine("cancel-order", "UnansweredMetricFilter")),
        ),
        set("it calls at the first silence", &at("UnansweredCommandsAlarm", "EvaluationPeriods"), json!(1)),
        set(
            "another end",
            &at(&of_machine("cancel-order", "AbortedAlarm"), "MetricName"),
            json!("ExecutionsSucceeded"),
        ),
        set(
            "another state machine's end",
            &at(&of_machine("create-order", "TimedOutAlarm"), "Dimensions/0/Value"),
            reference(&of_machine("cancel-order", "StateMachine")),
        ),
        remove("an end that nobody hears of", &format!("/Resources/{}", of_machine("create-order", "FailedAlarm"))),
    ]
}
