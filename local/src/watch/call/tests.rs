use serde_json::json;

use super::*;

const AUTHORIZATION: &str =
    "AWS4-HMAC-SHA256 Credential=ASIA01/20261123/us-east-1/dynamodb/aws4_request, SignedHeaders=a";

pub(in crate::watch) fn headers(target: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", AUTHORIZATION.parse().unwrap());
    headers.insert("x-amz-target", target.parse().unwrap());
    headers
}

#[test]
fn a_transaction_is_read_with_all_its_tables() {
    let body = json!({"TransactItems": [
        {"Put": {"TableName": "s-tickets", "Item": {"TableName": {"S": "no"}}, "ConditionExpression": "version = :v"}},
        {"Update": {"TableName": "s-stock", "Key": {}}},
        {"Update": {"TableName": "s-stock", "Key": {}}},
    ]});
    let call = read_call(&headers("DynamoDB_20120810.TransactWriteItems"), body.to_string().as_bytes());
    assert_eq!(call.function, "ASIA01");
    assert_eq!((call.service.as_str(), call.action.as_str()), ("dynamodb", "TransactWriteItems"));
    assert_eq!(call.resources, ["s-stock", "s-tickets"]);
    assert!(call.conditional && call.is_write());
}

#[test]
fn queues_topics_and_batches_are_read() {
    let read = |target: &str, body: &str| read_call(&headers(target), body.as_bytes());
    let send =
        read("AmazonSQS.SendMessage", r#"{"QueueUrl":"http://127.0.0.1:1/000000000000/s-saga","MessageBody":"{}"}"#);
    assert_eq!(
        (send.action.as_str(), send.resources, send.conditional),
        ("SendMessage", vec!["s-saga".to_owned()], false)
    );
    let publish =
        read("", "Action=Publish&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3As-events&Message=a+b%26");
    assert_eq!((publish.action.as_str(), publish.resources), ("Publish", vec!["s-events".to_owned()]));
    let start = read(
        "AWSStepFunctions.StartExecution",
        r#"{"stateMachineArn":"arn:aws:states:r:1:stateMachine:s-m","name":"n"}"#,
    );
    assert_eq!((start.action.as_str(), start.resources), ("StartExecution", vec!["s-m".to_owned()]));
    let batch = read("DynamoDB_20120810.BatchGetItem", r#"{"RequestItems":{"s-products":{"Keys":[]}}}"#);
    assert_eq!((batch.is_write(), batch.resources), (false, vec!["s-products".to_owned()]));
}
