//! Mistakes in what calls a person.

use serde_json::json;

use super::{Mistake, add, at, of_machine, reference, remove, set};

pub(super) fn mistakes() -> Vec<Mistake> {
    let mut mistakes = of_what_is_left_behind();
    mistakes.extend(of_functions());
    mistakes.extend(of_messages());
    mistakes
}

fn of_functions() -> Vec<Mistake> {
    let api = |property: &str| at("CreateOrderErrorsAlarm", property);
    let step = |property: &str| at("CreateTicketErrorsAlarm", property);
    let throttled = |property: &str| at("ThrottledAlarm", property);
    let failures = |property: &str| at("ApiFailuresAlarm", property);
    vec![
        set("it looks at another function", &api("Dimensions/0/Value"), reference("CancelOrderFunction")),
        set("a caller waits for five minutes", &api("EvaluationPeriods"), json!(5)),
        set("it counts calls", &api("MetricName"), json!("Invocations")),
        set("the average of errors", &api("Statistic"), json!("Average")),
        set("a command that fails once calls", &step("DatapointsToAlarm"), json!(1)),
        remove("only five bad minutes in a row", &step("DatapointsToAlarm")),
        set("it looks at the errors of another step", &step("Dimensions/0/Value"), reference("RejectTicketFunction")),
        remove("a function without an alarm", "/Resources/ListOrdersErrorsAlarm"),
        remove("the relay without an alarm", "/Resources/RelayOutboxErrorsAlarm"),
        remove("an alarm of the other lane", "/Resources/StartSagaErrorsAlarm/Condition"),
        set("errors for throttles", &throttled("MetricName"), json!("Errors")),
        add(
            "throttles of one function",
            &throttled("Dimensions"),
            json!([{"Name": "FunctionName", "Value": reference("CreateOrderFunction")}]),
        ),
        set("the metric of a REST API", &failures("MetricName"), json!("5XXError")),
        set("it calls for one call", &failures("Threshold"), json!(0)),
        set("another dimension", &failures("Dimensions/0/Name"), json!("ApiName")),
        set("of one minute", &failures("Period"), json!(60)),
    ]
}

fn of_messages() -> Vec<Mistake> {
    let age = |property: &str| at("SagaAgeAlarm", property);
    let step_age = |property: &str| at("CreateTicketAgeAlarm", property);
    let set_aside = |property: &str| at("SetAsideAlarm", property);
    let left = |property: &str| at("LeftMessagesAlarm", property);
    let filter = |property: &str| at("CreateTicketSetAsideMetricFilter", property);
    vec![
        set("a watchdog that sleeps calls", &age("Threshold"), json!(300)),
        set("it calls after a day", &step_age("Threshold"), json!(86_400)),
        set(
            "the age of dead letters",
            &step_age("Dimensions/0/Value/Fn::GetAtt/0"),
            json!("CreateTicketDeadLetterQueue"),
        ),
        set("the youngest message", &step_age("Statistic"), json!("Minimum")),
        remove("a queue that nobody watches", "/Resources/ResumeSagaAgeAlarm"),
        set("it calls an hour later", &set_aside("Period"), json!(3600)),
        set("it counts what is left", &set_aside("MetricName"), json!("LeftMessages")),
        set("it calls for each message that comes again", &left("DatapointsToAlarm"), json!(1)),
        remove("only what never stops", &left("DatapointsToAlarm")),
        set(
            "a filter of another word for messages",
            &filter("FilterPattern"),
            json!(r#"{ $.fields.alarm = "aside" }"#),
        ),
        set("a filter of another function", &filter("LogGroupName"), reference("RejectTicketLogGroup")),
        set(
            "what is left counts as set aside",
            &at("AuthorizeCardLeftMetricFilter", "MetricTransformations/0/MetricName"),
            json!("SetAsideMessages"),
        ),
        remove("events that are set aside in silence", "/Resources/RelayOutboxSetAsideMetricFilter"),
        remove("replies that are left in silence", "/Resources/ResumeSagaLeftMetricFilter"),
    ]
}

fn of_what_is_left_behind() -> Vec<Mistake> {
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
