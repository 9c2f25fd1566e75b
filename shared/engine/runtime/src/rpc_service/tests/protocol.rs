//! Connect's protocol: methods, paths, content types, and the size of a request.

use buffa::Message;
use connectrpc::dispatcher::Dispatcher;
use connectrpc::{CodecFormat, ErrorCode, RequestContext};
use http::Request;
use serde_json::json;
use testkit::MemoryStore;
use testkit::shop::v1::{FindSaleRequest, FindSaleResponse};

use super::super::*;
use super::fixture::{self, API, FILL_SHELF, FIND_SALE, Finding, Setting, bearer, claims, find, post, set};

const MIB: usize = 1024 * 1024;

fn reader() -> http::request::Builder {
    post(FIND_SALE, "auth0|anna", &["read:sales"])
}

#[tokio::test]
async fn a_request_may_be_json_or_protobuf_and_is_answered_in_kind() {
    let finding = Finding::default();
    let answer = find(&finding, reader(), r#"{"saleId":"7"}"#).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(answer.json(), json!({"sale": {"saleId": "7"}}));

    let body = FindSaleRequest { sale_id: "8".to_owned(), ..Default::default() }.encode_to_vec();
    let authorization = bearer(&claims("auth0|anna", &["read:sales"]));
    let builder = || Request::post(FIND_SALE).header("authorization", &authorization);
    let answer = find(&finding, builder().header("content-type", "application/proto"), body).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/proto")));
    let response = FindSaleResponse::decode_from_slice(&answer.body).expect("a response");
    assert_eq!(response.sale.as_option().map(|sale| sale.sale_id.as_str()), Some("8"));

    for content_type in ["text/plain", "application/xml", "application/grpc-web+json"] {
        let answer = find(&finding, builder().header("content-type", content_type), "{}").await;
        assert!(answer.json()["sale"].is_null(), "{content_type}: {answer:?}");
    }
    assert_eq!(find(&finding, builder().header("content-type", "text/plain"), "{}").await.status, 415);
    assert_eq!(finding.asked().len(), 2);
}

#[tokio::test]
async fn a_body_that_is_no_request_is_refused() {
    let finding = Finding::default();
    for body in ["", "not json", "7", "\"text\"", r#"{"saleId":7}"#, r#"{"saleId":"7""#] {
        let (status, code, _) = find(&finding, reader(), body).await.refusal();
        assert_eq!((status, code.as_str()), (400, "invalid_argument"), "{body}");
    }
    assert_eq!(finding.asked(), []);
}

#[tokio::test]
async fn an_rpc_that_reads_also_answers_get_and_the_gate_is_before_it_all_the_same() {
    let finding = Finding::default();
    let uri = format!("{FIND_SALE}?connect=v1&encoding=json&message=%7B%22saleId%22%3A%227%22%7D");
    let authorization = bearer(&claims("auth0|anna", &["read:sales"]));
    let answer = find(&finding, Request::get(&uri).header("authorization", authorization), "").await;
    assert_eq!((answer.status, answer.json()), (200, json!({"sale": {"saleId": "7"}})));
    assert_eq!(finding.asked().len(), 1);
    assert_eq!(find(&finding, Request::get(&uri), "").await.status, 401);
    let authorization = bearer(&claims("auth0|anna", &["create:sales"]));
    assert_eq!(find(&finding, Request::get(&uri).header("authorization", authorization), "").await.status, 403);
    assert_eq!(finding.asked().len(), 1);
}

#[tokio::test]
async fn an_rpc_that_changes_something_answers_no_get() {
    let (setting, store) = (Setting::default(), MemoryStore::default());
    let uri = format!("{FILL_SHELF}?connect=v1&encoding=json&message=%7B%22articleId%22%3A%22a%22%7D");
    let authorization = bearer(&claims("auth0|clerk", &["update:shelves"]));
    let builder = Request::get(uri).header("authorization", authorization).header("idempotency-key", "k");
    assert_eq!(set(&setting, &store, builder, "").await.status, 405);
    assert!(setting.decided().is_empty() && store.is_empty());
}

#[tokio::test]
async fn a_function_serves_its_own_rpc_only() {
    let finding = Finding::default();
    let all = ["read:sales", "create:sales", "read:articles"];
    for path in [
        "/shop.v1.ShopService/PlaceSale",
        "/shop.v1.ShopService/FindSale/",
        "/shop.v1.ShopService/findsale",
        "/x/shop.v1.ShopService/FindSale",
        "/",
    ] {
        assert_eq!(find(&finding, post(path, "auth0|anna", &all), "{}").await.status, 404, "{path}");
    }
    assert_eq!(finding.asked(), []);
}

/// The dispatcher is asked for a method before it is called; it must not rely on that.
#[tokio::test]
async fn whatever_is_no_unary_call_of_the_rpc_is_unimplemented() {
    let issuer = auth::Issuer::parse("https://tenant.example/").expect("an issuer");
    let audience = auth::Audience::parse("https://api.example/").expect("an audience");
    let gate = Gate::new(auth::Verifier::over_http(issuer, audience), API.policy).await.expect("a gate");
    let one =
        OneRpc { api: API, gate: Arc::new(gate), rpc: Arc::new(Reading(Finding::default())), clock: fixture::clock };
    let path = FIND_SALE.trim_start_matches('/');
    let context = || RequestContext::new(http::HeaderMap::new());
    let json = CodecFormat::Json;

    let (known, unknown) = (one.lookup(path).expect("a method"), one.lookup("shop.v1.ShopService/PlaceSale"));
    assert!(known.idempotent && known.spec.is_some_and(|spec| spec.procedure == FIND_SALE));
    assert!(unknown.is_none());
    let other = one.call_unary("a.B/C", context(), Payload::new(Bytes::new(), json), json).await;
    assert_eq!(other.err().map(|error| error.code), Some(ErrorCode::Unimplemented));
    let own = one.call_unary(path, context(), Payload::new(Bytes::new(), json), json).await;
    assert_eq!(own.err().map(|error| error.code), Some(ErrorCode::Unauthenticated), "the gate is asked");
}

#[tokio::test]
async fn a_request_may_have_a_mebibyte_and_no_more() {
    let finding = Finding::default();
    let body = r#"{"saleId":"7"}"#;
    let padded = |bytes: usize| format!("{body}{}", " ".repeat(bytes - body.len()));
    assert_eq!(find(&finding, reader(), padded(MIB)).await.status, 200);
    let (status, code, _) = find(&finding, reader(), padded(MIB + 1)).await.refusal();
    assert_eq!((status, code.as_str()), (413, "invalid_argument"));
    assert_eq!(finding.asked().len(), 1);
}
