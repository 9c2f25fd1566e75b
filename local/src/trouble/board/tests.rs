use std::process::Command;

use axum::Router;
use http::HeaderMap;
use operate::Patience;

use super::*;
use crate::data::lane::Lane;
use crate::front::serving::{Reserved, Server};
use crate::stack::deployment::Stack;
use crate::stack::process::ProcessGroup;
use crate::trouble::mappings::tests::FakeLambda;
use crate::watch::recorder::Recorder;

/// A board over an emulator of which only the mappings are there.
struct Stage {
    board: Arc<Board>,
    lambda: FakeLambda,
    recorder: Recorder,
    _upstream: Server,
}

async fn stage(off: &[&str], emulator: u32) -> Stage {
    let lambda = FakeLambda::start(off);
    let upstream = Reserved::port(None).unwrap().serve(Router::new().fallback(|| async { "{}" })).unwrap();
    let recorder = Recorder::start(Reserved::port(None).unwrap(), &upstream.url()).unwrap();
    let resources = [
        ("SagaQueue", "http://127.0.0.1:1/0/s-saga"),
        ("CreateTicketFunction", "s-create-ticket"),
        ("RelayOutboxFunction", "s-relay-outbox"),
    ];
    let resources = resources.map(|(id, physical)| (id.to_owned(), physical.to_owned())).into();
    let stack = Stack { resources, outputs: BTreeMap::new() };
    let world = World::new((&lambda.url(), emulator), &recorder, &stack, Lane::Rust);
    let board = Arc::new(Board::start(world).await.unwrap());
    Stage { board, lambda, recorder, _upstream: upstream }
}

impl Stage {
    /// What waits, and for what.
    async fn waiting(&self) -> Vec<(&'static str, &'static str)> {
        let listed = self.board.list().await.into_iter();
        listed.filter_map(|trouble| Some((trouble.id, trouble.waits_for?))).collect()
    }

    async fn on(&self) -> Vec<&'static str> {
        self.board.list().await.into_iter().filter(|trouble| trouble.on.is_some()).map(|trouble| trouble.id).collect()
    }

    /// Lets everything that is ready go on, and no timer.
    async fn settle(&self) {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }

    /// What create-ticket is answered when it sends its reply.
    async fn reply(&self) -> u16 {
        let credential = "AWS4-HMAC-SHA256 Credential=CreateTicketFunction/20261123/us-east-1/sqs/aws4_request";
        let mut headers = HeaderMap::new();
        headers.insert("authorization", credential.parse().unwrap());
        headers.insert("x-amz-target", "AmazonSQS.SendMessage".parse().unwrap());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let body = r#"{"QueueUrl":"http://127.0.0.1:1/0/s-saga","MessageBody":"{}"}"#;
        let answer = client.post(self.recorder.url()).headers(headers).body(body).send().await.unwrap();
        answer.status().as_u16()
    }

    /// Whether the reply was lost.
    async fn loses_replies(&self) -> bool {
        self.recorder.clear();
        assert_eq!(self.reply().await, 200);
        self.recorder.calls().iter().any(|call| call.was_lost())
    }
}

#[tokio::test(start_paused = true)]
async fn a_trouble_ends_by_itself() {
    let stage = stage(&[], 0).await;
    let begun = stage.board.begin("silent-kitchen").await.unwrap();
    let times = begun.on.unwrap();
    assert_eq!(times.ends_at - times.since, Duration::from_secs(20));
    stage.settle().await;
    tokio::time::advance(Duration::from_secs(19)).await;
    stage.settle().await;
    assert_eq!(stage.on().await, ["silent-kitchen"]);
    tokio::time::advance(Duration::from_secs(1)).await;
    stage.settle().await;
    assert!(stage.on().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_trouble_that_is_ended_and_begun_again_lasts_from_then_on() {
    let stage = stage(&[], 0).await;
    stage.board.begin("silent-kitchen").await.unwrap();
    stage.settle().await;
    tokio::time::advance(Duration::from_secs(15)).await;
    assert!(stage.board.end("silent-kitchen").await.unwrap().on.is_none());
    stage.board.begin("silent-kitchen").await.unwrap();
    stage.settle().await;
    tokio::time::advance(Duration::from_secs(15)).await;
    stage.settle().await;
    assert_eq!(stage.on().await, ["silent-kitchen"]);
}

#[tokio::test]
async fn replies_get_lost_while_a_service_is_silent() {
    let stage = stage(&[], 0).await;
    assert!(!stage.loses_replies().await);
    stage.board.begin("silent-kitchen").await.unwrap();
    assert!(stage.loses_replies().await);
    stage.board.end("silent-kitchen").await.unwrap();
    assert!(!stage.loses_replies().await);
}

#[tokio::test]
async fn a_trouble_is_on_once_and_nobody_stops_a_queue_twice() {
    let mut stage = stage(&[], 0).await;
    stage.board.begin("stopped-queue").await.unwrap();
    assert_eq!(stage.lambda.changed(), [("s-create-ticket".to_owned(), false)]);
    assert_eq!(stage.waiting().await, [("undo-first", "A queue stops")]);
    let twice = stage.board.begin("stopped-queue").await.unwrap_err();
    assert!(matches!(twice, Refusal::IsOn("A queue stops")), "{twice}");
    let other = stage.board.begin("undo-first").await.unwrap_err();
    assert!(matches!(other, Refusal::InTheWay("A queue stops")), "{other}");
    stage.board.begin("late-events").await.unwrap();
    stage.board.begin("silent-kitchen").await.unwrap();
    stage.board.begin("table-down").await.unwrap();
    assert_eq!(stage.on().await, ["late-events", "stopped-queue", "table-down", "silent-kitchen"]);
    stage.lambda.changed();
    stage.board.end("stopped-queue").await.unwrap();
    assert_eq!(stage.lambda.changed(), [("s-create-ticket".to_owned(), true)]);
    assert!(stage.waiting().await.is_empty());
    stage.board.begin("undo-first").await.unwrap();
    assert_eq!(stage.waiting().await, [("stopped-queue", "An undo overtakes its command")]);
    stage.board.end_all().await.unwrap();
    assert!(stage.on().await.is_empty());
}

#[tokio::test]
async fn an_unknown_trouble_is_neither_begun_nor_ended() {
    let stage = stage(&[], 0).await;
    assert!(matches!(stage.board.begin("plague").await, Err(Refusal::Unknown)));
    assert!(matches!(stage.board.end("plague").await, Err(Refusal::Unknown)));
}

#[tokio::test]
async fn an_order_that_is_trouble_by_itself_is_never_on() {
    let stage = stage(&[], 0).await;
    assert!(stage.board.begin("declined-card").await.unwrap().on.is_none());
    assert!(stage.on().await.is_empty());
}

#[tokio::test]
async fn what_a_killed_process_left_off_is_switched_on_and_what_is_on_is_left_alone() {
    let mut stage = stage(&["s-relay-outbox"], 0).await;
    assert_eq!(stage.lambda.changed(), [("s-relay-outbox".to_owned(), true)]);
}

#[tokio::test]
async fn a_trouble_that_cannot_begin_is_off_and_a_trouble_that_cannot_end_stays_on() {
    let stage = stage(&[], 0).await;
    stage.lambda.refuse(1);
    let failed = stage.board.begin("stopped-queue").await.unwrap_err();
    assert!(matches!(failed, Refusal::Failed(_)), "{failed}");
    assert!(stage.on().await.is_empty());
    stage.board.begin("stopped-queue").await.unwrap();
    stage.board.begin("silent-kitchen").await.unwrap();
    stage.lambda.refuse(1);
    assert!(matches!(stage.board.end_all().await, Err(Refusal::Failed(_))));
    assert_eq!(stage.on().await, ["stopped-queue"], "the others end all the same");
    assert_eq!(stage.board.end_all().await.unwrap().len(), ALL.len());
    assert!(stage.on().await.is_empty());
}

/// The clock stands still while anything is ready, and goes to the next timer when everything waits.
#[tokio::test(start_paused = true)]
async fn the_end_is_tried_again_until_the_emulator_does_it() {
    let mut stage = stage(&[], 0).await;
    stage.board.begin("stopped-queue").await.unwrap();
    stage.lambda.refuse(3);
    assert_eq!(stage.lambda.changes.recv().await, Some(("s-create-ticket".to_owned(), false)));
    let deadline = Patience { limit: Duration::from_secs(30), pause: Duration::from_secs(1) }.begins();
    while !stage.on().await.is_empty() {
        deadline.wait_or(|| "it is on for ever".to_owned()).await.unwrap();
    }
    assert_eq!(stage.lambda.changed(), [("s-create-ticket".to_owned(), true)]);
}

#[tokio::test]
async fn a_function_is_killed_at_its_next_reply_and_never_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", "AWS_LAMBDA_FUNCTION_NAME=s-create-ticket sleep 1000 & wait $!; echo ended; wait"]);
    let (log, mut emulator) = (dir.path().join("log"), None);
    let emulator = emulator.insert(ProcessGroup::start(&mut command, &log).unwrap());
    let stage = stage(&[], emulator.id()).await;
    stage.board.begin("killed-function").await.unwrap();
    assert_eq!(stage.reply().await, 503, "the reply is lost with the function");
    while !std::fs::read_to_string(&log).unwrap().contains("ended") {
        tokio::task::yield_now().await;
    }
    while !stage.on().await.is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(stage.reply().await, 200);
}
