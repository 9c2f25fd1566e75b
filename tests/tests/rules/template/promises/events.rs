//! The way of an event: who may publish it, which queue it goes to, and what that queue takes from whom.

use local::Lane;
use serde_json::{Value, json};

use super::choices::Choices;
use super::names::{arn, given, id, named, reference};

/// The queue that the starting events go to.
fn starting_queue(lane: Lane) -> &'static str {
    match lane {
        Lane::Rust => "saga",
        Lane::StepFunctions => "start-saga",
    }
}

pub(super) fn policy(statements: Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

pub(super) fn resources(choices: Choices) -> Vec<(String, Value)> {
    let key = choices.has_key.then(|| given("EncryptionKeyArn"));
    let mut resources = vec![
        ("OrderEventsTopic".to_owned(), topic("order-events", Some(key.as_deref().unwrap_or("alias/aws/sns")))),
        ("OrderEventsTopicPolicy".to_owned(), relay_may_publish()),
        subscription(&id(starting_queue(choices.lane))),
        // CloudWatch may not use the key of AWS's that is SNS's own.
        ("AlarmsTopic".to_owned(), topic("alarms", key.as_deref())),
        ("AlarmsTopicPolicy".to_owned(), alarms_may_publish()),
    ];
    for queue in Lane::ALL.map(starting_queue).map(id) {
        // The dead letters are what SNS cannot put on the queue.
        for taker in [format!("{queue}Queue"), format!("{queue}DeadLetterQueue")] {
            resources.push((format!("{taker}Policy"), topic_may_send(&taker)));
        }
    }
    resources
}

fn topic(name: &str, key: Option<&str>) -> Value {
    let mut properties = json!({"TopicName": named(name)});
    if let Some(key) = key {
        properties["KmsMasterKeyId"] = json!(key);
    }
    json!({"Type": "AWS::SNS::Topic", "Properties": properties})
}

/// Only the events that start a saga, as the message itself: the orchestrator reads no envelope of SNS.
fn subscription(queue: &str) -> (String, Value) {
    let starting: Vec<_> = order::sagas::registry().starting_events().collect();
    let subscription = json!({
        "Type": "AWS::SNS::Subscription",
        "Properties": {
            "TopicArn": reference("OrderEventsTopic"),
            "Protocol": "sqs",
            "Endpoint": arn(&format!("{queue}Queue")),
            "RawMessageDelivery": true,
            "FilterPolicyScope": "MessageAttributes",
            "FilterPolicy": {"type": starting},
            "RedrivePolicy": {"deadLetterTargetArn": arn(&format!("{queue}DeadLetterQueue"))},
        },
    });
    (format!("{queue}Subscription"), subscription)
}

fn topic_may_send(queue: &str) -> Value {
    let statement = json!({
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": arn(queue),
        "Principal": {"Service": "sns.amazonaws.com"},
        "Condition": {"ArnEquals": {"aws:SourceArn": reference("OrderEventsTopic")}},
    });
    json!({
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {"Queues": [reference(queue)], "PolicyDocument": policy(json!([statement]))},
    })
}

fn topic_policy(topic: &str, mut statement: Value) -> Value {
    statement["Effect"] = json!("Allow");
    statement["Action"] = json!("sns:Publish");
    statement["Resource"] = reference(topic);
    json!({
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {"Topics": [reference(topic)], "PolicyDocument": policy(json!([statement]))},
    })
}

fn relay_may_publish() -> Value {
    topic_policy("OrderEventsTopic", json!({"Principal": {"AWS": arn("RelayOutboxRole")}}))
}

fn alarms_may_publish() -> Value {
    let alarms = "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:${AWS::StackName}-*";
    let own = json!({"ArnLike": {"aws:SourceArn": {"Fn::Sub": alarms}}});
    topic_policy("AlarmsTopic", json!({"Principal": {"Service": "cloudwatch.amazonaws.com"}, "Condition": own}))
}
