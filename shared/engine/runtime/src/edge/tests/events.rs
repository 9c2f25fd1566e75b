//! Any event: what is read, and that nothing is a function's error.

use std::sync::LazyLock;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};
use testkit::Logs;
use tokio::runtime::{Builder, Runtime};

use super::super::Edge;
use super::world::{Behaviour, Told, ask, get, info, post, post_with, refusal, refused};
use crate::rpc_service::tests::fixture::{Finding, finding_edge};

const MIB: usize = 1024 * 1024;

fn invalid() -> (u16, String, String) {
    refused(400, "invalid_argument", "MALFORMED_REQUEST")
}

/// The event without the member at this place.
fn without(mut event: Value, place: &str, member: &str) -> Value {
    event.pointer_mut(place).and_then(Value::as_object_mut).expect("an object").remove(member).expect("a member");
    event
}

#[tokio::test]
async fn what_is_no_request_of_an_http_api_is_refused() {
    let finding = Finding::default();
    let edge = finding_edge(&finding).await;
    let with = |place: &str, value: Value| {
        let mut event = post();
        *event.pointer_mut(place).expect("a place") = value;
        event
    };
    let events = [
        Value::Null,
        json!(true),
        json!(-7),
        json!("text"),
        json!([]),
        json!({}),
        json!({"Records": [{"body": "text"}]}),
        json!({"version": "1.0", "httpMethod": "POST", "path": "/a", "headers": {}, "body": ""}),
        with("/version", json!("1.0")),
        with("/version", json!(2)),
        without(post(), "", "version"),
        without(post(), "", "rawPath"),
        without(post(), "", "requestContext"),
        without(post(), "/requestContext", "http"),
        without(post(), "/requestContext/http", "method"),
        with("/rawPath", Value::Null),
        with("/rawQueryString", json!(["a"])),
        with("/headers", json!("accept: */*")),
        with("/headers", json!({"accept": ["*/*"]})),
        with("/requestContext/http/method", json!({})),
        with("/body", json!({"saleId": "7"})),
        with("/isBase64Encoded", json!("false")),
    ];
    for event in events {
        let answer = ask(&edge, event.clone()).await;
        assert_eq!(refusal(&answer), invalid(), "{event}");
        assert!(answer.refusal().2.contains("payload format 2.0"), "{event}");
    }
    assert_eq!(finding.asked(), []);
}

#[tokio::test]
async fn members_that_an_http_api_leaves_out_are_not_missed() {
    let edge = finding_edge(&Finding::default()).await;
    let mut event = post();
    for member in ["rawQueryString", "isBase64Encoded"] {
        event = without(event, "", member);
    }
    event["requestContext"]["authorizer"] = json!(["anything"]);
    assert_eq!(ask(&edge, event).await.status, 200);
    for (member, reason) in [("body", "UNREADABLE_REQUEST"), ("headers", "UNSUPPORTED_MEDIA_TYPE")] {
        assert_eq!(refusal(&ask(&edge, without(post(), "", member)).await).2, reason, "{member}");
        let mut event = post();
        event[member] = Value::Null;
        assert_eq!(refusal(&ask(&edge, event).await).2, reason, "{member}");
    }
}

#[tokio::test]
async fn headers_that_are_not_the_rpcs_may_say_anything() {
    let edge = finding_edge(&Finding::default()).await;
    for value in ["", "0", "a b", "https,http", "a[b", "[::1", "a:b:c", "@", "http://", "\u{e9}", "a\tb", "\"<>\"", "%"]
    {
        for name in ["host", "x-forwarded-proto", "x-forwarded-port", "x-forwarded-for", "origin", "cookie", "accept"] {
            let answer = ask(&edge, post_with(&[(name, value)])).await;
            assert_eq!((answer.status, answer.json()), (200, json!({"sale": {"saleId": "7"}})), "{name}: {value}");
        }
    }
    let mut event = post();
    event["cookies"] = json!(["a=b", "c[=d"]);
    assert_eq!(ask(&edge, event).await.status, 200);
}

#[tokio::test]
async fn a_header_that_http_forbids_is_refused() {
    let edge = finding_edge(&Finding::default()).await;
    for (name, value) in
        [("a b", ""), ("", ""), ("\u{e9}", ""), ("a\n", ""), ("a", "b\r\nc: d"), ("a", "\0"), ("a", "\u{7f}")]
    {
        let answer = ask(&edge, post_with(&[(name, value)])).await;
        assert_eq!(refusal(&answer), invalid(), "{name:?}: {value:?}");
        assert!(answer.refusal().2.contains("header"), "{name:?}: {value:?}");
    }
}

#[tokio::test]
async fn two_spellings_of_a_header_are_two_headers() {
    let edge = finding_edge(&Finding::default()).await;
    let authorization = super::world::authorization();
    let answer = ask(&edge, post_with(&[("Authorization", authorization.as_str())])).await;
    assert_eq!((answer.status, answer.refusal().1.as_str()), (401, "unauthenticated"));
}

#[tokio::test]
async fn more_headers_than_can_be_kept_are_refused() {
    let edge = finding_edge(&Finding::default()).await;
    let mut event = post();
    for number in 0..40_000 {
        event["headers"][format!("x-{number}")] = json!("");
    }
    assert_eq!(refusal(&ask(&edge, event).await), invalid());
}

#[tokio::test]
async fn characters_that_a_query_must_encode_may_come_as_they_are() {
    let finding = Finding::default();
    let edge = finding_edge(&finding).await;
    let answer = ask(&edge, get("encoding=json&message={\"saleId\":\"<7> \u{e9}#\u{7f}\"}")).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"sale": {"saleId": "<7> \u{e9}#\u{7f}"}})));
    assert_eq!(finding.asked().len(), 1);
}

#[tokio::test]
async fn a_body_in_base64_is_decoded_or_refused() {
    let finding = Finding::default();
    let edge = finding_edge(&finding).await;
    let encoded = |body: &str| {
        let mut event = post();
        event["body"] = json!(body);
        event["isBase64Encoded"] = json!(true);
        event
    };
    let answer = ask(&edge, encoded(&STANDARD.encode(r#"{"saleId":"8"}"#))).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"sale": {"saleId": "8"}})));
    for body in ["{\"saleId\":\"7\"}", "e30", "e30=e30=", "e\n30=", "\u{e9}", "===="] {
        let answer = ask(&edge, encoded(body)).await;
        assert_eq!(refusal(&answer), invalid(), "{body}");
        assert!(answer.refusal().2.contains("base64"), "{body}");
    }
    assert_eq!(finding.asked().len(), 1);
}

/// The limit is that of the request, not that of the event.
#[tokio::test]
async fn a_request_may_have_a_mebibyte_however_it_is_encoded() {
    let finding = Finding::default();
    let edge = finding_edge(&finding).await;
    let padded = |bytes: usize| format!("{}{}", r#"{"saleId":"7"}"#, " ".repeat(bytes - 14));
    for is_base64 in [false, true] {
        for (bytes, status) in
            [(MIB - 1, 200), (MIB, 200), (MIB + 1, 413), (MIB + 2, 413), (MIB + 3, 413), (3 * MIB, 413)]
        {
            let body = padded(bytes);
            let mut event = post();
            event["body"] = json!(if is_base64 { STANDARD.encode(body) } else { body });
            event["isBase64Encoded"] = json!(is_base64);
            let answer = ask(&edge, event).await;
            assert_eq!(answer.status, status, "{bytes}, base64: {is_base64}");
            if status == 413 {
                assert_eq!(refusal(&answer), refused(413, "invalid_argument", "REQUEST_TOO_LARGE"));
                assert_eq!(info(&answer).metadata.get("limit_bytes").map(String::as_str), Some("1048576"));
            }
        }
    }
    assert_eq!(finding.asked().len(), 4);
}

#[tokio::test]
async fn a_panic_is_answered_and_logged() {
    let (logs, _guard) = Logs::capture();
    let told = Told::to(Behaviour::Panics);
    let answer = ask(&told.edge().await, post()).await;
    assert_eq!(refusal(&answer), refused(500, "internal", "SERVICE_FAILED"));
    assert!(!answer.refusal().2.contains("told"), "{answer:?}");
    let logged: Vec<_> = logs.lines().iter().map(|line| (line["level"].clone(), line["fields"].clone())).collect();
    assert_eq!(logged, [(json!("ERROR"), json!({"message": "a call failed", "cause": "it panicked"}))]);
}

/// One edge for all the cases of a property, which are not asynchronous.
static WORLD: LazyLock<(Runtime, Edge)> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
    let edge = runtime.block_on(Told::to(Behaviour::Answers(Duration::ZERO)).edge());
    (runtime, edge)
});

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,12}",
        vec(any::<char>(), 0..6).prop_map(String::from_iter),
        proptest::sample::select(vec![
            "2.0",
            "1.0",
            "GET",
            "POST",
            "application/json",
            "application/proto",
            "gzip",
            "1",
            "v1",
            "json",
            "0",
            "/shop.v1.ShopService/FindSale",
            "encoding=json&message=%7B%7D",
            "encoding=proto&base64=1&message=~",
            "connect-timeout-ms",
            "content-type",
            "content-encoding",
            "connect-protocol-version",
            "authorization",
        ])
        .prop_map(str::to_owned),
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any_text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(any_text(), inner, 0..5).prop_map(|members| Value::from(serde_json::Map::from_iter(members))),
        ]
    })
}

/// The members whose content matters.
const PLACES: [&str; 12] = [
    "",
    "/version",
    "/rawPath",
    "/rawQueryString",
    "/headers",
    "/headers/content-type",
    "/headers/authorization",
    "/headers/connect-protocol-version",
    "/requestContext",
    "/requestContext/http/method",
    "/body",
    "/isBase64Encoded",
];

proptest! {
    #![proptest_config(testkit::properties())]

    #[test]
    fn whatever_the_event_is_the_answer_is_one_over_http(event in any_json()) {
        let (runtime, edge) = &*WORLD;
        runtime.block_on(async { refusal(&ask(edge, event).await) });
    }

    #[test]
    fn a_good_event_with_a_few_odd_members_is_answered(
        as_get in any::<bool>(),
        changes in vec((proptest::sample::select(&PLACES[1..]), any_json()), 0..4),
        headers in btree_map(any_text(), any_text(), 0..4),
        query in any_text(),
    ) {
        let mut event = if as_get { get(&query) } else { post() };
        for (name, value) in headers {
            event["headers"][name] = json!(value);
        }
        for (place, value) in changes {
            if let Some(member) = event.pointer_mut(place) {
                *member = value;
            }
        }
        let (runtime, edge) = &*WORLD;
        runtime.block_on(ask(edge, event));
    }
}
