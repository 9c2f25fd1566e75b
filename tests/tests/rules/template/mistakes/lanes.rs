//! Mistakes in what belongs to a lane.

use serde_json::json;

use super::{Edit, Mistake, add, arn, arn_of_machine, at, of_machine, reference, remove, set};

pub(super) fn mistakes() -> Vec<Mistake> {
    [of_lanes(), of_switches(), of_machines()].into_iter().flatten().collect()
}

fn of_lanes() -> Vec<Mistake> {
    let names = |variable: &str, choice: usize| {
        at("FindOrderFunction", &format!("Environment/Variables/{variable}/Fn::If/{choice}"))
    };
    vec![
        set("the other lane by default", "/Parameters/Orchestrator/Default", json!("StepFunctions")),
        set("a lane that is always there", "/Conditions/InRustLane/Fn::Equals/1", json!("StepFunctions")),
        set("the lanes are crossed", "/Conditions/InRustLane/Fn::Equals/1", json!("StepFunctions"))
            .and(Edit::Set("/Conditions/InStepFunctionsLane/Fn::Equals/1".to_owned(), json!("Rust"))),
        remove("both orchestrators at once", "/Resources/OrchestrateSagaFunction/Condition"),
        remove("alarms of the other lane", "/Resources/ResumeSagaDeadLetterAlarm/Condition"),
        remove("both ends of the other lane", "/Resources/StartSagaFunction/Condition"),
        remove("events go to both lanes", "/Resources/StartSagaSubscription/Condition"),
        set("it reads the table in both lanes", &names("SAGAS_TABLE", 2), reference("SagasTable")),
        set(
            "another saga's executions",
            &names(&arn_of_machine("create-order"), 1),
            reference(&of_machine("cancel-order", "StateMachine")),
        ),
        set("it does not know its lane", &at("FindOrderFunction", "Environment/Variables/ORCHESTRATOR"), json!("Rust")),
        set(
            "it starts another saga",
            &at("StartSagaFunction", &format!("Environment/Variables/{}", arn_of_machine("cancel-order"))),
            reference(&of_machine("create-order", "StateMachine")),
        ),
    ]
}

/// What a lane remembers is there in either.
fn of_switches() -> Vec<Mistake> {
    vec![
        add("a switch deletes a queue", "/Resources/ResumeSagaQueue/Condition", json!("InStepFunctionsLane")),
        add("a switch deletes dead letters", "/Resources/SagaDeadLetterQueue/Condition", json!("InRustLane")),
        add("a switch deletes a log", "/Resources/OrchestrateSagaLogGroup/Condition", json!("InRustLane")),
        set("a subscription of the other lane", "/Resources/SagaSubscription/Condition", json!("InStepFunctionsLane")),
        add(
            "a switch deletes executions and histories",
            &format!("/Resources/{}/Condition", of_machine("cancel-order", "StateMachine")),
            json!("InStepFunctionsLane"),
        ),
        add(
            "executions that go on have no role",
            &format!("/Resources/{}/Condition", of_machine("create-order", "Role")),
            json!("InStepFunctionsLane"),
        ),
        add(
            "executions that go on have no log",
            &format!("/Resources/{}/Condition", of_machine("create-order", "LogGroup")),
            json!("InStepFunctionsLane"),
        ),
    ]
}

fn of_machines() -> Vec<Mistake> {
    let machine = |property: &str| at(&of_machine("create-order", "StateMachine"), property);
    vec![
        set("another saga's definition", &machine("DefinitionUri"), json!("statemachines/cancel-order.v1.asl.json")),
        set("no executions that last", &machine("Type"), json!("EXPRESS")),
        set("no traces", &machine("Tracing/Enabled"), json!(false)),
        remove("nothing about traces", &machine("Tracing")),
        set("the log knows the card's token", &machine("Logging/IncludeExecutionData"), json!(true)),
        set("everything is logged", &machine("Logging/Level"), json!("ALL")),
        set("nothing is logged", &machine("Logging/Level"), json!("OFF")),
        remove("no log", &machine("Logging")),
        set(
            "another state machine's log",
            &machine("Logging/Destinations/0/CloudWatchLogsLogGroup/LogGroupArn"),
            arn(&of_machine("cancel-order", "LogGroup")),
        ),
        set("another state machine's role", &machine("Role"), arn(&of_machine("cancel-order", "Role"))),
        set("another state machine's name", &machine("Name/Fn::Sub"), json!("${AWS::StackName}-cancel-order-v1")),
        set(
            "commands to another queue",
            &machine("DefinitionSubstitutions/RejectTicketQueueUrl"),
            reference("CancelTicketQueue"),
        ),
        set(
            "replies to the other lane",
            &machine("DefinitionSubstitutions/ResumeSagaQueueUrl"),
            reference("StartSagaQueue"),
        ),
        remove("a partition that it is not told of", &machine("DefinitionSubstitutions/Partition")),
        set("always the usual partition", &machine("DefinitionSubstitutions/Partition"), json!("aws")),
        remove("a queue that it is not told of", &machine("DefinitionSubstitutions/CancelCardQueueUrl")),
        set(
            "an output of another state machine",
            &format!("/Outputs/{}/Value", of_machine("create-order", "StateMachineArn")),
            reference(&of_machine("cancel-order", "StateMachine")),
        ),
        add("an output in one lane only", "/Outputs/SagaQueueUrl/Condition", json!("InRustLane")),
    ]
}
