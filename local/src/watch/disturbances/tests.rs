use serde_json::json;

use super::*;
use crate::watch::call::read_call;
use crate::watch::call::tests::headers;

/// A message from this function to this queue.
fn sent(function: &str, queue: &str, message: &str) -> (Call, Bytes) {
    let text = json!({"subject": {"messageId": message}}).to_string();
    let body = json!({"QueueUrl": format!("http://127.0.0.1:1/0/{queue}"), "MessageBody": text}).to_string();
    let call = read_call(&headers("AmazonSQS.SendMessage"), body.as_bytes());
    (Call { function: function.to_owned(), ..call }, Bytes::from(body))
}

fn fate_of(disturbances: &mut Disturbances, (call, body): (Call, Bytes)) -> String {
    let fate = format!("{:?}", disturbances.fate(&call, &body));
    fate.split('(').next().unwrap().to_owned()
}

#[test]
fn the_replies_of_the_silent_get_lost_and_nothing_else() {
    let mut disturbances = Disturbances::default();
    let queue = "s-saga".to_owned();
    let silence = disturbances.add(Disturbance::Loses { functions: &["A", "B"], queue });
    let mut fate = |sent| fate_of(&mut disturbances, sent);
    assert_eq!(fate(sent("B", "s-saga", "1")), "IsLost");
    assert_eq!(fate(sent("B", "s-dead", "1")), "Passes", "to another queue");
    assert_eq!(fate(sent("C", "s-saga", "1")), "Passes", "of another function");
    let (mut call, body) = sent("A", "s-saga", "1");
    call.action = "ReceiveMessage".to_owned();
    assert_eq!(fate((call, body)), "Passes", "no message");
    drop(silence);
    assert_eq!(fate(sent("B", "s-saga", "1")), "Passes", "it is over");
}

#[test]
fn a_service_refuses_one_function_and_no_other_and_no_other_service_does() {
    let mut disturbances = Disturbances::default();
    let _outage = disturbances.add(Disturbance::Refuses { function: "A", service: "dynamodb" });
    let mut fate = |function: &str, service: &str| {
        let (call, body) = sent(function, "s-saga", "1");
        fate_of(&mut disturbances, (Call { service: service.to_owned(), ..call }, body))
    };
    assert_eq!(fate("A", "dynamodb"), "IsRefused");
    assert_eq!(fate("B", "dynamodb"), "Passes");
    assert_eq!(fate("A", "sqs"), "Passes");
}

#[test]
fn a_message_comes_twice_and_its_repeats_once() {
    let mut disturbances = Disturbances::default();
    let _twice = disturbances.add(Disturbance::repeats(Duration::ZERO));
    let mut fate = |sent| fate_of(&mut disturbances, sent);
    assert_eq!(fate(sent("A", "s-saga", "1")), "ComesAgain");
    assert_eq!(fate(sent("A", "s-saga", "1")), "Passes", "a repeat");
    assert_eq!(fate(sent("A", "s-saga", "2")), "ComesAgain");
    assert_eq!(fate(sent("A", "s-other", "1")), "ComesAgain", "to another receiver");
    let (mut call, _) = sent("A", "s-saga", "1");
    call.action = "PublishBatch".to_owned();
    assert_eq!(fate((call.clone(), Bytes::from("Action=PublishBatch&x=1"))), "ComesAgain", "events have another form");
    call.action = "PutItem".to_owned();
    assert_eq!(fate((call, Bytes::from("{}"))), "Passes", "no message");
}

#[test]
fn no_more_than_so_many_messages_come_twice() {
    let mut disturbances = Disturbances::default();
    let _twice = disturbances.add(Disturbance::repeats(Duration::ZERO));
    for index in 0..REPEATED_LIMIT {
        assert_eq!(fate_of(&mut disturbances, sent("A", "s-saga", &index.to_string())), "ComesAgain");
    }
    assert_eq!(fate_of(&mut disturbances, sent("A", "s-saga", "one more")), "Passes");
}
