//! Mistakes on the way of messages and events.

use serde_json::json;

use super::{Edit, Mistake, add, arn, at, reference, remove, set};

pub(super) fn mistakes() -> Vec<Mistake> {
    let mut mistakes = of_queues();
    mistakes.extend(of_sources());
    mistakes.extend(of_events());
    mistakes
}

fn of_queues() -> Vec<Mistake> {
    let target = "RedrivePolicy/deadLetterTargetArn";
    vec![
        remove("no dead letters", &at("CreateTicketQueue", "RedrivePolicy")),
        set("another's dead letters", &at("CreateTicketQueue", target), arn("CancelTicketDeadLetterQueue")),
        set("dead letters are crossed", &at("CreateTicketQueue", target), arn("RejectTicketDeadLetterQueue"))
            .and(Edit::Set(at("RejectTicketQueue", target), arn("CreateTicketDeadLetterQueue"))),
        set("dead after one failure", &at("AuthorizeCardQueue", "RedrivePolicy/maxReceiveCount"), json!(1)),
        set("dead after ten failures", &at("ApproveOrderQueue", "RedrivePolicy/maxReceiveCount"), json!(10)),
        set("a watchdog is dead after ten failures", &at("SagaQueue", "RedrivePolicy/maxReceiveCount"), json!(10)),
        set("a watchdog is dead as soon as others", &at("SagaQueue", "RedrivePolicy/maxReceiveCount"), json!(100)),
        set(
            "a reply waits as long as a watchdog",
            &at("ResumeSagaQueue", "RedrivePolicy/maxReceiveCount"),
            json!(1000),
        ),
        remove("messages for four days", &at("SagaQueue", "MessageRetentionPeriod")),
        set("commands for four days", &at("CreateTicketQueue", "MessageRetentionPeriod"), json!(345_600)),
        set("events for a minute", &at("StartSagaQueue", "MessageRetentionPeriod"), json!(60)),
        set("visible while it is handled", &at("ApproveOrderQueue", "VisibilityTimeout"), json!(10)),
        set("visible before six timeouts", &at("SagaQueue", "VisibilityTimeout"), json!(59)),
        remove("visible after the usual 30 seconds", &at("StartSagaQueue", "VisibilityTimeout")),
        set("a queue in the clear", &at("CancelCardQueue", "SqsManagedSseEnabled"), json!(false)),
        set("a queue that never has the customer's key", &at("SagaQueue", "SqsManagedSseEnabled"), json!(true)),
        remove("a queue without the customer's key", &at("CreateTicketQueue", "KmsMasterKeyId")),
        set(
            "a paid key for the queue",
            &at("StartSagaDeadLetterQueue", "KmsMasterKeyId/Fn::If/2"),
            json!("alias/aws/sqs"),
        ),
        remove("dead letters in the clear", &at("CancelCardDeadLetterQueue", "SqsManagedSseEnabled")),
        remove("dead letters for four days", &at("RelayOutboxDeadLetterQueue", "MessageRetentionPeriod")),
        set("dead letters for a day", &at("SagaDeadLetterQueue", "MessageRetentionPeriod"), json!(86_400)),
        add("every message waits", &at("ApproveTicketQueue", "DelaySeconds"), json!(60)),
        set(
            "two queues of one name",
            &at("RejectOrderQueue", "QueueName/Fn::Sub"),
            json!("${AWS::StackName}-approve-order"),
        ),
        set("an output of another queue", "/Outputs/CreateTicketQueueUrl/Value", reference("RejectTicketQueue")),
        set("an ARN of another queue", "/Outputs/CreateTicketQueueArn/Value", arn("CreateTicketDeadLetterQueue")),
        set("a URL for an ARN", "/Outputs/SagaDeadLetterQueueArn/Value", reference("SagaDeadLetterQueue")),
        remove("nobody finds the ARN", "/Outputs/RelayOutboxDeadLetterQueueArn"),
        set(
            "an output of the wrong dead letters",
            "/Outputs/SagaDeadLetterQueueUrl/Value",
            reference("RelayOutboxDeadLetterQueue"),
        ),
    ]
}

fn of_sources() -> Vec<Mistake> {
    let source = |function: &str, event: &str, property: &str| {
        at(&format!("{function}Function"), &format!("Events/{event}/Properties/{property}"))
    };
    let relay = |property: &str| source("RelayOutbox", "Write", property);
    let write = "Resources/RelayOutboxFunctionWrite";
    vec![
        remove("a failure repeats its batch", &source("CreateTicket", "Command", "FunctionResponseTypes"))
            .seen_at("Resources/CreateTicketFunctionCommand"),
        remove("a failure repeats the saga's batch", &source("OrchestrateSaga", "Message", "FunctionResponseTypes"))
            .seen_at("Resources/OrchestrateSagaFunctionMessage"),
        set("it takes another's commands", &source("ApproveTicket", "Command", "Queue"), arn("RejectTicketQueue"))
            .seen_at("Resources/ApproveTicketFunctionCommand"),
        set("larger batches", &source("CancelCard", "Command", "BatchSize"), json!(1000))
            .seen_at("Resources/CancelCardFunctionCommand"),
        remove("no limit of concurrency", &source("AuthorizeCard", "Command", "ScalingConfig"))
            .seen_at("Resources/AuthorizeCardFunctionCommand"),
        set(
            "another limit of concurrency",
            &source("ResumeSaga", "Reply", "ScalingConfig/MaximumConcurrency"),
            json!(2),
        )
        .seen_at("Resources/ResumeSagaFunctionReply"),
        add("a source that is off", &source("StartSaga", "Event", "Enabled"), json!(false))
            .seen_at("Resources/StartSagaFunctionEvent"),
        add(
            "a source that filters",
            &source("RejectOrder", "Command", "FilterCriteria"),
            json!({"Filters": [{"Pattern": "{}"}]}),
        )
        .seen_at("Resources/RejectOrderFunctionCommand"),
        remove("every write is relayed", &relay("FilterCriteria")).seen_at(write),
        set(
            "no write is relayed",
            &relay("FilterCriteria/Filters/0/Pattern"),
            json!(r#"{"dynamodb":{"NewImage":{"outbox":{"L":[{"exists":true}]}}}}"#),
        )
        .seen_at(write),
        set("only new writes", &relay("StartingPosition"), json!("LATEST")).seen_at(write),
        remove("a failure repeats a hundred writes", &relay("FunctionResponseTypes")).seen_at(write),
        remove("a batch is not parted", &relay("BisectBatchOnFunctionError")).seen_at(write),
        set("given up at once", &relay("MaximumRetryAttempts"), json!(1)).seen_at(write),
        set("given up before its age", &relay("MaximumRetryAttempts"), json!(1000)).seen_at(write),
        remove("a failing write holds up all others", &relay("ParallelizationFactor")).seen_at(write),
        set("too many relays for a new account", &relay("ParallelizationFactor"), json!(10)).seen_at(write),
        remove("tried until the stream forgets", &relay("MaximumRecordAgeInSeconds")).seen_at(write),
        remove("nobody hears of what is given up", &relay("DestinationConfig")).seen_at(write),
        set(
            "what is given up goes elsewhere",
            &relay("DestinationConfig/OnFailure/Destination"),
            arn("SagaDeadLetterQueue"),
        )
        .seen_at(write),
        set("writes one by one", &relay("BatchSize"), json!(1)).seen_at(write),
    ]
}

fn of_events() -> Vec<Mistake> {
    let saga = |property: &str| at("SagaSubscription", property);
    let start = |property: &str| at("StartSagaSubscription", property);
    vec![
        remove("every event starts a saga", &saga("FilterPolicy")),
        remove("a cancellation starts nothing", &saga("FilterPolicy/type/1")),
        set("a filter of another event", &start("FilterPolicy/type/0"), json!("order.v1.OrderApproved")),
        set("a filter of the body", &saga("FilterPolicyScope"), json!("MessageBody")),
        remove("messages in SNS's envelope", &saga("RawMessageDelivery")),
        set("messages in SNS's envelope here too", &start("RawMessageDelivery"), json!(false)),
        set("events of another topic", &saga("TopicArn"), reference("AlarmsTopic")),
        set("events to another queue", &start("Endpoint"), arn("ResumeSagaQueue")),
        remove("undelivered events are lost", &saga("RedrivePolicy")),
        set(
            "undelivered events go elsewhere",
            &start("RedrivePolicy/deadLetterTargetArn"),
            arn("ResumeSagaDeadLetterQueue"),
        ),
        remove("events in the clear", &at("OrderEventsTopic", "KmsMasterKeyId")),
        set("events with the key of AWS's always", &at("OrderEventsTopic", "KmsMasterKeyId"), json!("alias/aws/sns")),
        set(
            "alarms that CloudWatch cannot send",
            &at("AlarmsTopic", "KmsMasterKeyId/Fn::If/2"),
            json!("alias/aws/sns"),
        ),
        remove("alarms without the customer's key", &at("AlarmsTopic", "KmsMasterKeyId")),
        set("an output of the alarms' topic", "/Outputs/OrderEventsTopicArn/Value", reference("AlarmsTopic")),
    ]
}
