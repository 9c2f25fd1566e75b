//! What an answer says beside its body, and how its body travels.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Response;
use serde_json::json;
use testkit::Logs;

use super::super::answer::{MAX_ANSWER_BYTES, to_event};
use super::world::{Behaviour, QUERY, Told, ask, get, post, post_with, refusal, refused};
use crate::rpc_service::tests::fixture::{Finding, finding_edge};

const AT_ONCE: Behaviour = Behaviour::Answers(Duration::ZERO);

#[tokio::test]
async fn only_a_get_that_may_be_kept_is_kept_and_by_its_caller_alone() {
    let (kept, other) = (Told::to(AT_ONCE).edge().await, finding_edge(&Finding::default()).await);
    let answer = ask(&kept, get(QUERY)).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("private, max-age=60")));
    assert_eq!(answer.header("vary"), Some("Authorization, Origin"));
    for (edge, event) in [(&kept, post()), (&other, get(QUERY)), (&other, post())] {
        let answer = ask(edge, event).await;
        assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")));
        assert_eq!(answer.header("vary"), None);
    }
    let mut denied = get(QUERY);
    denied["headers"]["authorization"] = json!("Bearer a.b.c");
    for event in [denied, get("encoding=json&message=7"), get("encoding=xml"), post_with(&[("content-type", "")])] {
        let answer = ask(&kept, event).await;
        assert!(answer.status >= 400, "{answer:?}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer:?}");
    }
}

#[tokio::test]
async fn json_travels_as_text_and_binary_as_base64() {
    let edge = finding_edge(&Finding::default()).await;
    let answer = edge.answer(post()).await;
    assert_eq!((&answer["body"], &answer["isBase64Encoded"]), (&json!("{\"sale\":{\"saleId\":\"7\"}}"), &json!(false)));
    let mut event = post_with(&[("content-type", "application/proto")]);
    event["body"] = json!("\n\u{1}7");
    let answer = edge.answer(event).await;
    assert_eq!(answer["body"], json!(STANDARD.encode(b"\n\x03\n\x017")));
    assert_eq!(answer["isBase64Encoded"], json!(true));
}

#[test]
fn a_header_that_comes_twice_is_one_in_the_event() {
    let response = Response::builder().header("a", "1").header("b", "2").header("a", "3").body("x".into());
    let event = to_event(response.expect("a response"));
    assert_eq!((&event["headers"]["a"], &event["headers"]["b"]), (&json!("1, 3"), &json!("2")));
    assert_eq!(
        (&event["body"], &event["isBase64Encoded"]),
        (&json!("eA=="), &json!(true)),
        "it is not said to be a text"
    );
}

/// Lambda takes 6 MiB; an answer of quotation marks is twice as long within JSON.
#[tokio::test]
async fn an_answer_that_lambda_would_not_take_is_a_failure_of_ours() {
    const LAMBDAS: usize = 6 * 1024 * 1024;
    let around = r#"{"sale":{"saleId":""}}"#.len();
    // Each mark is two characters of JSON, and four within the JSON of the event.
    let longest = (MAX_ANSWER_BYTES - around) / 2;
    let event = Told::to(Behaviour::Floods(longest)).edge().await.answer(post()).await;
    assert_eq!(event["statusCode"], 200);
    assert!(event.to_string().len() < LAMBDAS, "{}", event.to_string().len());
    let (logs, _guard) = Logs::capture();
    let answer = ask(&Told::to(Behaviour::Floods(longest + 1)).edge().await, post()).await;
    assert_eq!(refusal(&answer), refused(500, "internal", "SERVICE_FAILED"));
    assert_eq!(logs.lines().iter().filter(|line| line["level"] == "ERROR").count(), 1);
}
