//! Functions as processes: a test starts itself a second time as a function, and is the Lambda service to it.

pub(crate) mod events;

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use rpc::RpcError;
use serde_json::{Value, json};
use testkit::{Faults, MemoryOutbound, MemoryStore, Operation};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::edge::tests::world::{Behaviour, Told};
use crate::queue::tests::{Witness, good};
use crate::rpc_service::tests::fixture::{
    API, AUDIENCE, FILL_SHELF, FIND_SALE, Finding, Setting, bearer, claims, jwks,
};
use crate::{serve_mutation, serve_outbox, serve_query, serve_queue};

/// How long a function may take to answer before it counts as hanging.
const PATIENCE: Duration = Duration::from_secs(60);
const RUNTIME_API: &str = "AWS_LAMBDA_RUNTIME_API";

/// What a function made of one invocation.
struct Invoked {
    /// `response` or `error`.
    outcome: String,
    answer: Value,
    /// What it logged: level, and fields.
    logs: Vec<(String, Value)>,
}

#[derive(Clone)]
struct Lambda {
    event: Arc<str>,
    deadline: u64,
    was_given: Arc<AtomicBool>,
    answers: mpsc::UnboundedSender<(String, Value)>,
}

async fn next(State(lambda): State<Lambda>) -> Response {
    if lambda.was_given.swap(true, Ordering::SeqCst) {
        std::future::pending::<()>().await;
    }
    let headers = [
        ("lambda-runtime-aws-request-id", "1".to_owned()),
        ("lambda-runtime-deadline-ms", lambda.deadline.to_string()),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:1:function:f".to_owned()),
    ];
    (headers, lambda.event.to_string()).into_response()
}

async fn answered(State(lambda): State<Lambda>, Path(outcome): Path<String>, body: Bytes) -> StatusCode {
    let answer = serde_json::from_slice(&body).unwrap_or_default();
    lambda.answers.send((outcome, answer)).expect("the test waits");
    StatusCode::ACCEPTED
}

/// Whether this process is the function.
fn is_function() -> bool {
    std::env::var_os(RUNTIME_API).is_some()
}

/// Starts `test` as a function that has time enough, and gives it the event that is made of the service's address.
async fn invoke(test: &str, event: impl FnOnce(&str) -> String) -> Invoked {
    invoke_until(4_000_000_000_000, test, event).await
}

/// The same, for a function whose time is over at this moment, in milliseconds.
async fn invoke_until(deadline: u64, test: &str, event: impl FnOnce(&str) -> String) -> Invoked {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let issuer = format!("http://{address}/");
    let (answers, mut answer) = mpsc::unbounded_channel();
    let lambda = Lambda { event: event(&issuer).into(), deadline, was_given: Arc::default(), answers };
    let router = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/1/{outcome}", post(answered))
        .route("/.well-known/jwks.json", get(|| async { jwks().to_string() }))
        .with_state(lambda);
    let server = tokio::spawn(axum::serve(listener, router).into_future());
    let mut function = Command::new(std::env::current_exe().expect("this program"))
        // With one thread the test's name would stand before the first line that is logged.
        .args(["--exact", "--nocapture", "--test-threads", "2", test])
        .env_clear()
        .env(RUNTIME_API, &address)
        .env("AWS_LAMBDA_FUNCTION_NAME", "f")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("TOKEN_ISSUER", &issuer)
        .env("TOKEN_AUDIENCE", AUDIENCE)
        .env("RUST_LOG", "info")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a function");
    let stdout = function.stdout.take().expect("its output");
    let mut reading = tokio::task::spawn_blocking(move || std::io::read_to_string(stdout));
    let (answer, said) = tokio::select! {
        answer = tokio::time::timeout(PATIENCE, answer.recv()) => {
            function.kill().expect("it can be stopped");
            (answer.ok().flatten(), reading.await)
        }
        // It has ended by itself.
        said = &mut reading => (None, said),
    };
    function.wait().expect("its end");
    server.abort();
    let said = said.expect("a reader").expect("text");
    let (outcome, answer) = answer.unwrap_or_else(|| panic!("the function did not answer: {said}"));
    let line = |line: &str| serde_json::from_str::<Value>(line).ok().filter(Value::is_object);
    let logs = said
        .lines()
        .filter_map(line)
        .map(|mut line| (line["level"].as_str().unwrap_or_default().to_owned(), line["fields"].take()));
    Invoked { outcome, answer, logs: logs.collect() }
}

/// A call of an RPC with a token that is good at any time.
fn call(path: &str, body: &Value, issuer: &str, permissions: &[&str]) -> String {
    let mut token = claims("auth0|anna", permissions);
    token["iss"] = json!(issuer);
    token["iat"] = json!(1_700_000_000);
    token["exp"] = json!(4_000_000_000_u64);
    events::post(path, &bearer(&token), body).to_string()
}

#[tokio::test]
async fn a_function_behind_a_queue_answers_with_what_comes_again_and_logs_why() {
    if is_function() {
        return serve_queue(Witness::new(), MemoryStore::default(), MemoryOutbound::default()).await.expect("serving");
    }
    let message = |id: &str, body: &str| json!({"messageId": id, "body": body});
    let (a, panic) = (good(1, "a"), good(2, "panic"));
    let event = json!({"Records": [message("sqs-1", &a), message("sqs-2", &panic), message("sqs-3", "not json")]});
    let test = "tests::a_function_behind_a_queue_answers_with_what_comes_again_and_logs_why";
    let invoked = invoke(test, |_| event.to_string()).await;
    assert_eq!(invoked.outcome, "response");
    assert_eq!(invoked.answer, json!({"batchItemFailures": [{"itemIdentifier": "sqs-2"}]}));
    let logs: Vec<_> = invoked.logs.iter().map(|(level, line)| (level.as_str(), &line["sqs_message_id"])).collect();
    assert_eq!(logs, [("WARN", &json!("sqs-2")), ("ERROR", &json!("sqs-3"))]);
}

#[tokio::test]
async fn the_function_behind_a_stream_names_the_write_that_it_could_not_relay_and_logs_why() {
    if is_function() {
        let faults = Faults::default();
        faults.fail(Operation::Publish, 1);
        return serve_outbox(MemoryOutbound::with_faults(faults)).await.expect("serving");
    }
    let test = "tests::the_function_behind_a_stream_names_the_write_that_it_could_not_relay_and_logs_why";
    let invoked = invoke(test, |_| events::relayed().to_string()).await;
    assert_eq!(invoked.outcome, "response");
    let failures = json!([{"itemIdentifier": "4421584500000000017450439091"}]);
    assert_eq!(invoked.answer, json!({"batchItemFailures": failures}));
    let reason = "sending failed: injected";
    let ours: Vec<_> = invoked.logs.iter().filter(|(_, line)| line["reason"] == reason).collect();
    assert_eq!(ours.len(), 1, "{:?}", invoked.logs);
    assert_eq!(ours[0].0, "WARN");
}

#[tokio::test]
async fn the_function_behind_a_stream_acknowledges_what_it_relayed() {
    if is_function() {
        return serve_outbox(MemoryOutbound::default()).await.expect("serving");
    }
    let test = "tests::the_function_behind_a_stream_acknowledges_what_it_relayed";
    let invoked = invoke(test, |_| events::relayed().to_string()).await;
    assert_eq!((invoked.outcome.as_str(), &invoked.answer), ("response", &json!({"batchItemFailures": []})));
    assert_eq!(invoked.logs, []);
}

#[tokio::test]
async fn a_function_that_reads_answers_over_http_to_a_caller_of_its_issuer() {
    if is_function() {
        return serve_query(API, Finding::default()).await.expect("serving");
    }
    let test = "tests::a_function_that_reads_answers_over_http_to_a_caller_of_its_issuer";
    for (permissions, status) in [(["read:sales"], 200), (["create:sales"], 403)] {
        let invoked =
            invoke(test, |issuer| call(FIND_SALE, &json!({"saleId": events::SALE}), issuer, &permissions)).await;
        assert_eq!((invoked.outcome.as_str(), &invoked.answer["statusCode"]), ("response", &json!(status)));
        let body: Value = serde_json::from_str(invoked.answer["body"].as_str().expect("a body")).expect("JSON");
        if status == 200 {
            assert_eq!(body["sale"]["saleId"], events::SALE);
        } else {
            assert_eq!(body["code"], "permission_denied");
        }
        assert_eq!(invoked.logs, []);
    }
}

#[tokio::test]
async fn a_function_over_http_logs_the_cause_that_it_does_not_tell() {
    if is_function() {
        let busy = RpcError::Unavailable("the table is busy".to_owned());
        return serve_query(API, Finding::refusing(Some(busy))).await.expect("serving");
    }
    let test = "tests::a_function_over_http_logs_the_cause_that_it_does_not_tell";
    let invoked =
        invoke(test, |issuer| call(FIND_SALE, &json!({"saleId": events::SALE}), issuer, &["read:sales"])).await;
    assert_eq!(invoked.answer["statusCode"], 503);
    assert!(!invoked.answer.to_string().contains("the table is busy"), "{}", invoked.answer);
    let logged = json!({"message": "a call could not be answered now", "cause": "the table is busy"});
    assert_eq!(invoked.logs, [("WARN".to_owned(), logged)]);
}

/// serde_json reads neither of these, and Lambda would tell the caller nothing but 500.
#[tokio::test]
async fn a_function_over_http_answers_an_event_that_cannot_be_read() {
    if is_function() {
        return serve_query(API, Finding::default()).await.expect("serving");
    }
    let test = "tests::a_function_over_http_answers_an_event_that_cannot_be_read";
    for event in [r#"{"body": "\ud800"}"#.to_owned(), "[".repeat(1000), "7".to_owned(), "nothing".to_owned()] {
        let invoked = invoke(test, |_| event.clone()).await;
        assert_eq!((invoked.outcome.as_str(), &invoked.answer["statusCode"]), ("response", &json!(400)), "{event}");
        assert_eq!(invoked.logs, []);
    }
}

#[tokio::test]
async fn a_function_over_http_answers_before_its_time_is_over() {
    if is_function() {
        return serve_query(API, Told::to(Behaviour::Hangs)).await.expect("serving");
    }
    let test = "tests::a_function_over_http_answers_before_its_time_is_over";
    // Lambda says that the function's time was over long ago.
    let invoked = invoke_until(1000, test, |issuer| call(FIND_SALE, &json!({}), issuer, &["read:sales"])).await;
    assert_eq!((invoked.outcome.as_str(), &invoked.answer["statusCode"]), ("response", &json!(504)));
    assert_eq!(invoked.logs.len(), 1, "{:?}", invoked.logs);
}

#[tokio::test]
async fn a_function_that_changes_something_answers_over_http_to_a_caller_of_its_issuer() {
    if is_function() {
        return serve_mutation(API, Setting::default(), MemoryStore::default()).await.expect("serving");
    }
    let test = "tests::a_function_that_changes_something_answers_over_http_to_a_caller_of_its_issuer";
    let invoked = invoke(test, |issuer| {
        call(FILL_SHELF, &json!({"articleId": "glue", "available": 5}), issuer, &["update:shelves"])
    })
    .await;
    assert_eq!((invoked.outcome.as_str(), &invoked.answer["statusCode"]), ("response", &json!(200)));
    assert_eq!(invoked.answer["body"], "{}");
    assert_eq!(invoked.logs, []);
}
