use async_trait::async_trait;
use auth::{Audience, Issuer, KeySet, KeySource, KeySourceError, Verifier};
use contracts::order_api::v1::{ListProductsRequest, ListProductsResponse, ORDER_SERVICE_LIST_PRODUCTS_SPEC};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use rpc::RpcError;

use super::*;

struct Menu;

#[async_trait]
impl Query for Menu {
    type Request = ListProductsRequest;
    type Response = ListProductsResponse;
    const SPEC: Spec = ORDER_SERVICE_LIST_PRODUCTS_SPEC;

    async fn answer(&self, _: ListProductsRequest, _: &Caller) -> Result<ListProductsResponse, RpcError> {
        Ok(ListProductsResponse::default())
    }
}

/// An issuer whose keys cannot be fetched.
struct Unreachable;

#[async_trait]
impl KeySource for Unreachable {
    async fn fetch(&self) -> Result<KeySet, KeySourceError> {
        Err(KeySourceError::Status(503))
    }
}

/// The status, the Connect code and the challenge of the answer to a request with these headers and this body.
async fn answer(path: &str, headers: &[(&str, &str)], body: &'static str) -> (StatusCode, String, Option<String>) {
    let issuer = Issuer::parse("https://tenant.example/").expect("an issuer");
    let audience = Audience::parse("https://api.example/").expect("an audience");
    let gate = Gate::new(Verifier::new(issuer, audience, Arc::new(Unreachable))).await.expect("a gate");
    let mut request = Request::post(path).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(Bytes::from(body))).expect("a request");
    let response = service(Arc::new(gate), Arc::new(Reading(Menu))).oneshot(request).await.expect("an answer");
    let challenge =
        response.headers().get("www-authenticate").map(|value| value.to_str().unwrap_or_default().to_owned());
    let status = response.status();
    let body = response.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    (status, body["code"].as_str().unwrap_or_default().to_owned(), challenge)
}

const PATH: &str = "/order_api.v1.OrderService/ListProducts";
/// `{"alg":"RS256","kid":"1"}` and an empty claim set, unsigned: enough to make the verifier ask for the key.
const TOKEN: &str = "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.e30.AAAA";

#[tokio::test]
async fn the_function_refuses_by_itself_what_has_no_token_before_it_reads_the_request() {
    for headers in [&[][..], &[("authorization", "Basic YTpi")], &[("authorization", TOKEN), ("authorization", TOKEN)]]
    {
        let (status, code, challenge) = answer(PATH, headers, "not json").await;
        assert_eq!((status, code.as_str()), (StatusCode::UNAUTHORIZED, "unauthenticated"), "{headers:?}");
        assert_eq!(challenge.as_deref(), Some("Bearer"));
    }
}

#[tokio::test]
async fn a_token_that_cannot_be_checked_now_may_be_sent_again() {
    let (status, code, _) = answer(PATH, &[("authorization", TOKEN)], "{}").await;
    assert_eq!((status, code.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable"));
}

#[tokio::test]
async fn a_function_serves_its_own_rpc_only() {
    let (status, ..) = answer("/order_api.v1.OrderService/CreateOrder", &[], "{}").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
