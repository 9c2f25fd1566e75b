//! What of Connect's protocol is served, and how the rest is refused.

use serde_json::{Value, json};
use testkit::MemoryStore;

use super::world::{QUERY, ask, get, post, post_with, refusal, refused};
use crate::rpc_service::tests::fixture::{FILL_SHELF, Finding, Setting, bearer, claims, finding_edge, setting_edge};
use crate::tests::events;

#[tokio::test]
async fn json_and_binary_are_served_however_they_are_spelled() {
    let edge = finding_edge(&Finding::default()).await;
    for (kind, answered) in [
        ("application/json", "application/json"),
        ("APPLICATION/JSON", "application/json"),
        ("application/json; charset=utf-8", "application/json"),
        ("Application/Json ; Charset=\"UTF-8\"", "application/json"),
        ("application/proto", "application/proto"),
        ("Application/PROTO", "application/proto"),
    ] {
        let mut event = post_with(&[("content-type", kind)]);
        if answered == "application/proto" {
            event["body"] = json!("\n\u{1}7");
        }
        let answer = ask(&edge, event).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(answered)), "{kind}");
    }
}

#[tokio::test]
async fn other_content_types_are_refused_with_those_that_are_served() {
    let finding = Finding::default();
    let edge = finding_edge(&finding).await;
    for kind in [
        "",
        "text/plain",
        "application/json; charset=utf-16",
        "application/json; charset=",
        "application/json; boundary=x",
        "application/json; charset=utf-8; charset=latin1",
        "application/json, application/json",
        "application/json application/json",
        "application/jsonp",
        "application/proto; charset=utf-8",
        "application/protobuf",
        "application/x-www-form-urlencoded",
        "application/connect+json",
        "application/connect+proto",
        "application/grpc",
        "application/grpc+json",
        "application/grpc+proto",
        "application/grpc-web",
        "application/grpc-web+json",
        "application/grpc-web+proto",
        "application/grpc-web-text",
        "application/\u{e9}",
    ] {
        let answer = ask(&edge, post_with(&[("content-type", kind)])).await;
        assert_eq!(refusal(&answer), refused(415, "invalid_argument", "UNSUPPORTED_MEDIA_TYPE"), "{kind}");
        assert_eq!(answer.header("accept-post"), Some("application/json, application/proto"), "{kind}");
    }
    let mut event = post_with(&[("Content-Type", "application/json")]);
    assert_eq!(ask(&edge, event.clone()).await.status, 415, "two headers are none");
    event["headers"].as_object_mut().expect("headers").retain(|name, _| !name.eq_ignore_ascii_case("content-type"));
    assert_eq!(ask(&edge, event).await.status, 415, "none is none");
    assert_eq!(finding.asked(), []);
}

#[tokio::test]
async fn other_methods_are_refused_with_those_that_are_served() {
    let (finding, setting, store) = (Finding::default(), Setting::default(), MemoryStore::default());
    let (reading, changing) = (finding_edge(&finding).await, setting_edge(&setting, &store).await);
    let authorization = bearer(&claims("auth0|clerk", &["update:shelves"]));
    let change = events::post(FILL_SHELF, &authorization, &json!({"articleId": "a"}));
    assert_eq!(ask(&changing, change.clone()).await.status, 200);
    let sent_as = |method: &str, mut event: Value| {
        event["requestContext"]["http"]["method"] = json!(method);
        event["rawQueryString"] = json!(QUERY);
        event
    };
    for method in ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "post", "get", "", "P O", "\u{e9}"]
    {
        for (edge, event, allowed) in [(&reading, post(), "GET, POST"), (&changing, change.clone(), "POST")] {
            let answer = ask(edge, sent_as(method, event)).await;
            assert_eq!(refusal(&answer), refused(405, "unimplemented", "METHOD_NOT_ALLOWED"), "{method}");
            assert_eq!(answer.header("allow"), Some(allowed), "{method}");
        }
    }
    let answer = ask(&changing, sent_as("GET", change)).await;
    assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")));
    assert_eq!((finding.asked().len(), setting.decided().len()), (0, 1));
}

#[tokio::test]
async fn another_path_is_no_rpc_of_the_function_and_comes_before_all_else() {
    let edge = finding_edge(&Finding::default()).await;
    for path in ["", "/", "shop.v1.ShopService/FindSale", "//shop.v1.ShopService/FindSale", "/a[b", "/\u{e9}", "/a?b"] {
        let mut event = post_with(&[("content-type", "text/plain")]);
        event["rawPath"] = json!(path);
        assert_eq!(refusal(&ask(&edge, event).await), refused(404, "unimplemented", "UNKNOWN_RPC"), "{path}");
    }
}

#[tokio::test]
async fn the_first_version_of_the_protocol_is_served_named_or_not() {
    let edge = finding_edge(&Finding::default()).await;
    let mut event = post();
    event["headers"].as_object_mut().expect("headers").remove("connect-protocol-version");
    assert_eq!(ask(&edge, event).await.status, 200);
    let unsupported = refused(400, "invalid_argument", "UNSUPPORTED_PROTOCOL");
    for version in ["", "0", "2", "01", "1.0", "v1", "1,1", "\u{e9}"] {
        let answer = ask(&edge, post_with(&[("connect-protocol-version", version)])).await;
        assert_eq!(refusal(&answer), unsupported, "{version}");
    }
}

#[tokio::test]
async fn a_get_says_how_its_message_is_encoded() {
    let finding = Finding::default();
    let edge = finding_edge(&finding).await;
    for query in [
        QUERY,
        "encoding=json&message=%7B%22saleId%22%3A%227%22%7D&x=y&z&x=",
        "encoding=json&base64=0&message={+\"saleId\":+\"7\"%20}",
        "encoding=json&base64=1&message=eyJzYWxlSWQiOiI3In0&compression=identity",
        "encoding=json&base64=1&message=eyJzYWxlSWQiOiI3In0%3D",
        "encoding=json&base64=1&message=eyJzYWxlSWQiOiI3In0=",
        "message=CgE3&base64=1&encoding=proto&connect=v1",
        "message=%0A%017&encoding=proto",
    ] {
        let answer = ask(&edge, get(query)).await;
        assert_eq!(answer.status, 200, "{query}: {answer:?}");
    }
    let asked: Vec<_> = finding.asked().into_iter().map(|(sale, _)| sale).collect();
    assert_eq!(asked, ["7"; 8]);
    assert_eq!(ask(&edge, get("encoding=proto&base64=1")).await.status, 200, "a message of defaults is empty");
    let invalid = |reason| refused(400, "invalid_argument", reason);
    let unserved = || refused(415, "invalid_argument", "UNSUPPORTED_MEDIA_TYPE");
    let compressed = || refused(415, "unimplemented", "UNSUPPORTED_ENCODING");
    for (query, expected) in [
        ("", invalid("MALFORMED_REQUEST")),
        ("message=%7B%7D", invalid("MALFORMED_REQUEST")),
        ("encoding=json", invalid("UNREADABLE_REQUEST")),
        ("encoding=json&message=nothing", invalid("UNREADABLE_REQUEST")),
        ("encoding=json&message=%FF%", invalid("UNREADABLE_REQUEST")),
        ("encoding=json&base64=1&message=~", invalid("MALFORMED_REQUEST")),
        ("encoding=json&base64=1&message=e30%", invalid("MALFORMED_REQUEST")),
        ("encoding=json&base64=yes&message=e30", invalid("MALFORMED_REQUEST")),
        ("encoding=proto&base64=1&message=____", invalid("UNREADABLE_REQUEST")),
        ("connect=&encoding=json&message=%7B%7D", invalid("UNSUPPORTED_PROTOCOL")),
        ("connect=v2&encoding=json&message=%7B%7D", invalid("UNSUPPORTED_PROTOCOL")),
        ("encoding=&message=%7B%7D", unserved()),
        ("encoding=JSON&message=%7B%7D", unserved()),
        ("compression=gzip&encoding=json&message=%7B%7D", compressed()),
        ("compression=&encoding=json&message=%7B%7D", compressed()),
        ("connect=v1&connect=v1&encoding=json&message=%7B%7D", invalid("MALFORMED_REQUEST")),
        ("encoding=json&encoding=json&message=%7B%7D", invalid("MALFORMED_REQUEST")),
        ("compression=identity&compression=identity&encoding=json&message=%7B%7D", invalid("MALFORMED_REQUEST")),
        ("encoding=json&message=%7B%7D&message=%7B%7D", invalid("MALFORMED_REQUEST")),
        ("encoding=json&message=%7B%7D&base64=0&base64=0", invalid("MALFORMED_REQUEST")),
        ("encoding=json&message=%7B%7D&message", invalid("MALFORMED_REQUEST")),
        ("encoding=json&message&message=%7B%7D", invalid("MALFORMED_REQUEST")),
        ("encoding=json&message=%7B%7D&base64", invalid("MALFORMED_REQUEST")),
        ("encoding&message=%7B%7D", unserved()),
    ] {
        assert_eq!(refusal(&ask(&edge, get(query)).await), expected, "{query}");
    }
    assert_eq!(finding.asked().len(), 9);
}

#[tokio::test]
async fn a_compressed_request_is_refused_with_what_is_understood() {
    let finding = Finding::default();
    let edge = finding_edge(&finding).await;
    for encoding in ["identity", "Identity"] {
        assert_eq!(ask(&edge, post_with(&[("content-encoding", encoding)])).await.status, 200, "{encoding}");
    }
    for encoding in ["gzip", "GZIP", "br", "zstd", "deflate", "", "identity, gzip", "identity,identity", "\u{e9}"] {
        let answer = ask(&edge, post_with(&[("content-encoding", encoding)])).await;
        assert_eq!(refusal(&answer), refused(415, "unimplemented", "UNSUPPORTED_ENCODING"), "{encoding}");
        assert_eq!(answer.header("accept-encoding"), Some("identity"), "{encoding}");
    }
    assert_eq!(finding.asked().len(), 2);
}

#[tokio::test]
async fn a_query_may_have_a_mebibyte_as_well() {
    let edge = finding_edge(&Finding::default()).await;
    let padded = |bytes: usize| format!("{QUERY}&x={}", "a".repeat(bytes - QUERY.len() - 3));
    assert_eq!(ask(&edge, get(&padded(1024 * 1024))).await.status, 200);
    let answer = ask(&edge, get(&padded(1024 * 1024 + 1))).await;
    assert_eq!(refusal(&answer), refused(413, "invalid_argument", "REQUEST_TOO_LARGE"));
}

/// A megabyte of anything, anywhere, and the answer stays small: nothing that was sent is sent back.
#[tokio::test]
async fn no_answer_grows_with_what_was_sent() {
    let edge = finding_edge(&Finding::default()).await;
    let long = "x".repeat(1024 * 1024);
    let mut events = Vec::new();
    for place in ["/rawPath", "/rawQueryString", "/version", "/requestContext/http/method", "/body"] {
        let mut event = post();
        *event.pointer_mut(place).expect("a place") = json!(long);
        events.push(event);
    }
    for name in ["content-type", "content-encoding", "connect-protocol-version", "connect-timeout-ms", "authorization"]
    {
        events.push(post_with(&[(name, &long)]));
    }
    for name in ["encoding", "compression", "connect", "message", "base64"] {
        events.push(get(&format!("{QUERY}&{name}={}", &long[..10_000])));
    }
    let half = &long[..long.len() / 2];
    for body in
        [json!({half: 1}), json!({"saleId": {half: half}}), json!({"saleId": [half]}), json!([half]), json!(half)]
    {
        let mut event = post();
        event["body"] = json!(body.to_string());
        events.push(event);
    }
    for event in events {
        let answer = ask(&edge, event).await;
        assert!(answer.body.len() < 1024 && !format!("{answer:?}").contains("xxx"), "{answer:?}");
    }
}
