//! The queue's side of it, against an SQS that notes what it is asked and fails where it is told to.

use std::sync::{Arc, Mutex};

use aws::Clients;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};

use super::*;

/// A queue of a few messages, all visible; a message that was read is not read again.
#[derive(Debug, Default)]
pub(crate) struct Sqs {
    pub(crate) messages: Vec<Value>,
    /// The names of the queues that the account has.
    pub(crate) queues: Vec<String>,
    pub(crate) asked: Vec<(String, Value)>,
    /// The operation that fails.
    pub(crate) fails: &'static str,
}

impl Sqs {
    /// The answer, or what the error says.
    fn answer(&mut self, operation: &str, request: Value) -> Result<Value, Value> {
        self.asked.push((operation.to_owned(), request.clone()));
        if operation == self.fails {
            return Err(json!({}));
        }
        let url = |name: &String| format!("http://queues/{name}");
        let number = |name: &str| usize::try_from(request[name].as_u64().unwrap_or(1)).expect("a number");
        Ok(match operation {
            "GetQueueUrl" => {
                let named = self.queues.iter().find(|name| request["QueueName"] == name.as_str());
                json!({"QueueUrl": url(named.ok_or(json!({"__type": "AWS.SimpleQueueService.NonExistentQueue"}))?)})
            }
            "ListQueues" => {
                let prefix = request["QueueNamePrefix"].as_str().unwrap_or_default();
                let listed = self.queues.iter().filter(|name| name.starts_with(prefix));
                json!({"QueueUrls": listed.map(url).collect::<Vec<_>>()})
            }
            "ReceiveMessage" => {
                let taken = number("MaxNumberOfMessages").min(self.messages.len());
                json!({"Messages": self.messages.drain(..taken).collect::<Vec<_>>()})
            }
            "GetQueueAttributes" => json!({"Attributes": {
                "ApproximateNumberOfMessages": self.messages.len().to_string(),
                "ApproximateNumberOfMessagesNotVisible": "0",
            }}),
            "SendMessage" => json!({"MessageId": "new", "MD5OfMessageBody": ""}),
            "ChangeMessageVisibilityBatch" => json!({"Successful": [], "Failed": []}),
            _ => json!({}),
        })
    }
}

/// The queue at work, and what it has been asked.
pub(crate) async fn queue(messages: u32, fails: &'static str) -> (DeadLetters, Arc<Mutex<Sqs>>) {
    // The newest first, to be sorted.
    let message = |number: u32| {
        json!({
            "MessageId": format!("id-{number}"), "ReceiptHandle": format!("receipt-{number}"), "Body": format!("body {number}"),
            "Attributes": {"SentTimestamp": (1_767_225_600_000_u64 + u64::from(number)).to_string()},
            "MessageAttributes": {
                "reason": {"DataType": "String", "StringValue": "because"},
                "type": {"DataType": "String", "StringValue": "a.B"},
            },
        })
    };
    let (config, sqs) =
        serve(Sqs { messages: (0..messages).rev().map(message).collect(), fails, ..Sqs::default() }).await;
    let url = format!("{}/dead", config.endpoint_url().unwrap_or_default());
    (DeadLetters::new(Clients::of(config).sqs(), url), sqs)
}

/// An SQS at work, and the way to it.
pub(crate) async fn serve(sqs: Sqs) -> (SdkConfig, Arc<Mutex<Sqs>>) {
    let shared = Arc::new(Mutex::new(sqs));
    let answer = |State(sqs): State<Arc<Mutex<Sqs>>>, headers: HeaderMap, body: String| async move {
        let target = headers["x-amz-target"].to_str().expect("text").replace("AmazonSQS.", "");
        let request = serde_json::from_str(&body).expect("JSON");
        let answer = sqs.lock().expect("no test panics here").answer(&target, request);
        match answer {
            Ok(answer) => (StatusCode::OK, answer.to_string()),
            Err(error) => (StatusCode::BAD_REQUEST, error.to_string()),
        }
    };
    let app = Router::new().route("/", post(answer)).with_state(Arc::clone(&shared));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let credentials = Credentials::new("id", "key", None, None, "test");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("eu-test-1"))
        .endpoint_url(&endpoint)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    (config, shared)
}

pub(crate) fn asked(sqs: &Mutex<Sqs>, operation: &str) -> Vec<Value> {
    let sqs = sqs.lock().expect("no test panics here");
    sqs.asked.iter().filter(|(asked, _)| asked == operation).map(|(_, request)| request.clone()).collect()
}

/// The receipts of what was given back.
pub(crate) fn given_back(sqs: &Mutex<Sqs>) -> Vec<String> {
    let batches = asked(sqs, "ChangeMessageVisibilityBatch");
    let entries = batches.iter().flat_map(|batch| batch["Entries"].as_array().cloned().unwrap_or_default());
    let entries = entries.inspect(|entry| assert_eq!(entry["VisibilityTimeout"], json!(0)));
    entries.map(|entry| entry["ReceiptHandle"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn messages_are_read_up_to_the_limit_and_given_back() {
    let (queue, sqs) = queue(27, "").await;
    let found = queue.read(25).await.expect("read");
    let ids: Vec<&str> = found.letters.iter().map(|letter| letter.id.as_str()).collect();
    assert_eq!((ids.len(), ids[0], ids[24], found.unread), (25, "id-2", "id-26", 2), "the oldest first");
    let asked_for: Vec<u64> =
        asked(&sqs, "ReceiveMessage").iter().filter_map(|request| request["MaxNumberOfMessages"].as_u64()).collect();
    assert_eq!(asked_for, [10, 10, 5], "no message is hidden that is not wanted");
    queue.give_back(&found.letters).await.expect("given back");
    assert_eq!(given_back(&sqs).len(), 25);
}

#[tokio::test]
async fn a_queue_is_read_until_nothing_is_left() {
    let (queue, sqs) = queue(3, "").await;
    assert_eq!(queue.read(100).await.expect("read").letters.len(), 3);
    let waits: Vec<Value> =
        asked(&sqs, "ReceiveMessage").iter().map(|request| request["WaitTimeSeconds"].clone()).collect();
    assert_eq!(waits, [1, 1], "without a wait an empty answer says little");
}

/// First there and then not here: what is interrupted between them is doubled, and its receiver knows it; never lost.
#[tokio::test]
async fn a_message_is_sent_as_it_was_before_it_is_deleted() {
    let (queue, sqs) = queue(1, "").await;
    let found = queue.read(1).await.expect("read");
    queue.send_back(&found.letters[0], "http://live").await.expect("sent back");
    let sent = json!({
        "QueueUrl": "http://live", "MessageBody": "body 0",
        "MessageAttributes": {"type": {"DataType": "String", "StringValue": "a.B"}},
    });
    assert_eq!(asked(&sqs, "SendMessage"), [sent]);
    assert_eq!(asked(&sqs, "DeleteMessage")[0]["ReceiptHandle"], "receipt-0");
    let order: Vec<String> =
        sqs.lock().expect("unharmed").asked.iter().map(|(operation, _)| operation.clone()).collect();
    assert!(order.ends_with(&["SendMessage".to_owned(), "DeleteMessage".to_owned()]), "{order:?}");
}

#[tokio::test]
async fn a_message_that_could_not_be_sent_is_not_deleted() {
    let (queue, sqs) = queue(1, "SendMessage").await;
    let found = queue.read(1).await.expect("read");
    let error = queue.send_back(&found.letters[0], "http://live").await.expect_err("an error");
    assert!(format!("{error:#}").starts_with("cannot send id-0 to http://live"), "{error:#}");
    assert_eq!(asked(&sqs, "DeleteMessage"), Vec::<Value>::new());
}

#[tokio::test]
async fn what_was_read_before_an_error_is_given_back() {
    let (queue, sqs) = queue(27, "").await;
    let mut letters = Vec::new();
    queue.read_into(&mut letters, 10).await.expect("read");
    sqs.lock().expect("unharmed").fails = "GetQueueAttributes";
    assert!(queue.read(10).await.is_err());
    assert_eq!(given_back(&sqs), Vec::<String>::new(), "nothing was read");
    sqs.lock().expect("unharmed").fails = "";
    sqs.lock().expect("unharmed").messages.push(json!({"MessageId": "id", "ReceiptHandle": 7}));
    assert!(queue.read(100).await.is_err(), "an answer that cannot be read");
    assert_eq!(given_back(&sqs).len(), 10, "the page before it");
}
