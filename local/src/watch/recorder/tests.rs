use serde_json::Value;

use super::*;
use crate::watch::call::tests::headers;
use crate::watch::uses::Use;

#[tokio::test]
async fn calls_are_passed_on_and_recorded_with_their_outcome() {
    let refuse = || async {
        let error = r#"{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"}"#;
        (StatusCode::BAD_REQUEST, error)
    };
    let upstream = Reserved::port(None).unwrap().serve_behind_another(Router::new().fallback(refuse)).unwrap();
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
    assert!(call.conditional && !call.succeeded() && !call.met_an_outage());
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
    let upstream =
        Reserved::port(None).unwrap().serve_behind_another(Router::new().fallback(|| async { "{}" })).unwrap();
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
    let refused: Vec<_> = calls.iter().filter(|call| call.met_an_outage()).collect();
    assert!(refused.iter().all(|call| call.status == 503 && call.action == "SendMessage" && call.time > 0));
    assert_eq!((calls.len(), refused.len()), (6, 3));
}

#[tokio::test]
async fn a_fault_ends_with_the_test_that_asked_for_it() {
    let upstream =
        Reserved::port(None).unwrap().serve_behind_another(Router::new().fallback(|| async { "{}" })).unwrap();
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

#[tokio::test]
async fn a_lost_message_is_answered_and_a_copied_message_arrives_twice() {
    let upstream =
        Reserved::port(None).unwrap().serve_behind_another(Router::new().fallback(|| async { "{}" })).unwrap();
    let recorder = Recorder::start(Reserved::port(None).unwrap(), &upstream.url()).unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let send = async |message: &str| {
        let text = format!(r#"{{\"subject\":{{\"messageId\":\"{message}\"}}}}"#);
        let body = format!(r#"{{"QueueUrl":"http://127.0.0.1:1/0/s-saga","MessageBody":"{text}"}}"#);
        let call = client.post(recorder.url()).headers(headers("AmazonSQS.SendMessage")).body(body);
        let answer = call.send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap()["MessageId"].is_string())
    };
    let silence = Disturbance::Loses { functions: &["ASIA01"], queue: "s-saga".to_owned() };
    let silence = recorder.disturber().disturb(silence);
    assert_eq!(send("1").await, (200, true), "as if it had been sent");
    let calls = recorder.calls();
    let lost = calls.first().unwrap();
    assert!(lost.was_lost() && lost.succeeded() && !lost.met_an_outage() && calls.len() == 1, "{calls:?}");
    drop(silence);

    let _twice = recorder.disturber().disturb(Disturbance::repeats(Duration::ZERO));
    assert_eq!(send("2").await, (200, false), "the emulator's answer");
    while recorder.calls().len() < 3 {
        tokio::task::yield_now().await;
    }
    assert_eq!(send("2").await, (200, false), "a repeat, which is passed on once");
    let calls = recorder.calls();
    assert!(calls.len() == 4 && calls.iter().filter(|call| call.was_lost()).count() == 1, "{calls:?}");

    let refusal = Disturbance::Refuses { function: "ASIA01", service: "dynamodb" };
    let _refusal = recorder.disturber().disturb(refusal);
    let put = client.post(recorder.url()).headers(headers("DynamoDB_20120810.PutItem")).body("{}");
    assert_eq!(put.send().await.unwrap().status(), 503);
    assert!(recorder.calls().last().unwrap().met_an_outage());
}

#[tokio::test]
async fn a_copy_that_is_still_to_come_ends_with_its_disturbance() {
    let (arrived, mut arrivals) = tokio::sync::mpsc::unbounded_channel();
    let count = move || {
        let _ = arrived.send(());
        async { "{}" }
    };
    let upstream = Reserved::port(None).unwrap().serve_behind_another(Router::new().fallback(count)).unwrap();
    let record = Arc::new(Record { upstream: Upstream::new(upstream.url()), kept: Mutex::default() });
    let kept = Arc::new(Disturbance::repeats(Duration::ZERO));
    let parts = || http::Request::new(()).into_parts().0;
    let call = || read_call(&headers("AmazonSQS.SendMessage"), b"{}");
    let copy = || (call(), parts(), Bytes::from_static(b"{}"));
    come_again(Arc::clone(&record), copy(), Duration::ZERO, Arc::downgrade(&kept)).await;
    assert!(arrivals.try_recv().is_ok(), "it is kept");
    let gone = Arc::downgrade(&kept);
    drop(kept);
    come_again(record, copy(), Duration::ZERO, gone).await;
    assert!(arrivals.try_recv().is_err(), "nobody wants it any more");
}
