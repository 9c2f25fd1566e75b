#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;

const AUTHORIZATION: &str =
    "AWS4-HMAC-SHA256 Credential=ASIA01/20261123/us-east-1/dynamodb/aws4_request, SignedHeaders=a";

fn headers(target: &str) -> HeaderMap {
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

#[tokio::test]
async fn calls_are_passed_on_and_recorded_with_their_outcome() {
    let refuse = || async {
        let error = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"}"#;
        (StatusCode::BAD_REQUEST, error)
    };
    let upstream = Reserved::port(None).unwrap().serve(Router::new().fallback(refuse)).unwrap();
    let recorder = Recorder::start(Reserved::port(None).unwrap(), &upstream.url()).unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = || {
        let body = r#"{"TableName":"s-orders","ConditionExpression":"a"}"#;
        client.post(recorder.url()).headers(headers("DynamoDB_20120810.PutItem")).body(body).send()
    };
    assert_eq!(request().await.unwrap().status(), 400);
    let calls = recorder.calls();
    let call = calls.first().unwrap();
    assert_eq!(call.error.as_deref(), Some("ConditionalCheckFailedException"));
    assert!(call.conditional && !call.succeeded());
    let shown = client.get(format!("{}{CALLS_PATH}", recorder.url())).send().await.unwrap();
    assert_eq!(shown.json::<Value>().await.unwrap(), serde_json::to_value(&calls).unwrap());
    recorder.clear();
    let put = Use { function: "ASIA01".into(), action: "dynamodb:PutItem".into(), resource: "s-orders".into() };
    assert_eq!(recorder.uses(), BTreeSet::from([put]), "they are not forgotten with the calls");

    let held = recorder.hold_next("ASIA01", "PutItem");
    let (answer, ()) = tokio::join!(request(), async { drop(held.await.unwrap()) });
    assert_eq!(answer.unwrap().status(), 503);
    assert!(recorder.calls().is_empty(), "a dropped call must not reach the emulator");

    let held = recorder.hold_next("ASIA01", "PutItem");
    let (answer, ()) = tokio::join!(request(), async { held.await.unwrap().release() });
    assert_eq!(answer.unwrap().status(), 400);
    assert_eq!(recorder.calls().len(), 1);

    let held = recorder.hold_next_answer("ASIA01", "PutItem");
    let (answer, ()) = tokio::join!(request(), async { drop(held.await.unwrap()) });
    assert_eq!(answer.unwrap().status(), 503);
    assert_eq!(recorder.calls().len(), 2, "only its answer is dropped");
}

#[tokio::test]
async fn as_many_calls_as_are_asked_for_fail_before_they_reach_the_emulator_and_no_others() {
    let upstream = Reserved::port(None).unwrap().serve(Router::new().fallback(|| async { "{}" })).unwrap();
    let recorder = Recorder::start(Reserved::port(None).unwrap(), &upstream.url()).unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let status = async |target: &str| {
        let call = client.post(recorder.url()).headers(headers(target)).body("{}");
        call.send().await.unwrap().status().as_u16()
    };
    let _outage = recorder.fail_next("ASIA01", "SendMessage", 2);
    let _elsewhere = recorder.fail_next("ASIA02", "PutItem", 9);
    assert_eq!(status("DynamoDB_20120810.PutItem").await, 200, "neither another action nor another function");
    assert_eq!(status("AmazonSQS.SendMessage").await, 503);
    assert_eq!(status("DynamoDB_20120810.PutItem").await, 200);
    assert_eq!(status("AmazonSQS.SendMessage").await, 503);
    assert_eq!(status("AmazonSQS.SendMessage").await, 200, "it is over");
    let _another = recorder.fail_next("ASIA01", "SendMessage", 1);
    assert_eq!(status("AmazonSQS.SendMessage").await, 503, "it may be asked for again");
    let calls = recorder.calls();
    let refused: Vec<_> = calls.iter().filter(|call| call.error.as_deref() == Some(REFUSED)).collect();
    assert!(refused.iter().all(|call| call.status == 503 && call.action == "SendMessage" && call.time > 0));
    assert_eq!((calls.len(), refused.len()), (6, 3));
}

#[tokio::test]
async fn a_fault_ends_with_the_test_that_asked_for_it() {
    let upstream = Reserved::port(None).unwrap().serve(Router::new().fallback(|| async { "{}" })).unwrap();
    let recorder = Recorder::start(Reserved::port(None).unwrap(), &upstream.url()).unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let status = async || {
        let call = client.post(recorder.url()).headers(headers("AmazonSQS.SendMessage")).body("{}");
        call.send().await.unwrap().status().as_u16()
    };
    let outage = recorder.fail_next("ASIA01", "SendMessage", 9);
    assert_eq!(status().await, 503);
    drop(outage);
    assert_eq!(status().await, 200, "the outage is over");

    drop(recorder.hold_next("ASIA01", "SendMessage"));
    let held = recorder.hold_next("ASIA01", "SendMessage");
    tokio::select! {
        status = status() => panic!("{status} for a call that must wait for whoever holds it now"),
        held = held => held.unwrap().release(),
    }
}
