//! A query that behaves as it is told, and events that ask for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use buffa::Message;
use connectrpc::Spec;
use rpc::{Caller, Ownership, Query, RpcError};
use serde_json::{Value, json};
use testkit::shop::v1::{FindSaleRequest, FindSaleResponse, SHOP_SERVICE_FIND_SALE_SPEC, Sale};
use wire::google::rpc::ErrorInfo;

use super::super::Edge;
use crate::rpc_service::tests::fixture::{API, Answer, FIND_SALE, Keys, answer_in, bearer, claims, clock, gate};
use crate::tests::events;

/// What FindSale does when it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    /// It answers after this long.
    Answers(Duration),
    /// It never answers.
    Hangs,
    /// It panics.
    Panics,
    /// Its answer has this many bytes, and a few more.
    Floods(usize),
}

/// FindSale, whose answers may be kept for a minute.
#[derive(Clone)]
pub(crate) struct Told {
    behaviour: Behaviour,
    begun: Arc<AtomicUsize>,
    was_dropped: Arc<AtomicBool>,
}

struct Noticed(Arc<AtomicBool>);

impl Drop for Noticed {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Told {
    pub(crate) fn to(behaviour: Behaviour) -> Self {
        Self { behaviour, begun: Arc::default(), was_dropped: Arc::default() }
    }

    pub(super) async fn edge(&self) -> Edge {
        Edge::of_query(API, gate(Keys::Published).await, self.clone(), clock)
    }

    /// How often it was asked.
    pub(super) fn begun(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }

    /// Whether what it waits for was given up.
    pub(super) fn was_dropped(&self) -> bool {
        self.was_dropped.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Query for Told {
    type Request = FindSaleRequest;
    type Response = FindSaleResponse;
    const SPEC: Spec = SHOP_SERVICE_FIND_SALE_SPEC;
    const OWNERSHIP: Ownership = Ownership::Everybody("a sale is a fact that the whole shop works with");
    const CACHE: Option<Duration> = Some(Duration::from_secs(60));

    async fn answer(&self, request: FindSaleRequest, _: &Caller) -> Result<FindSaleResponse, RpcError> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        let noticed = Noticed(Arc::clone(&self.was_dropped));
        let mut sale_id = request.sale_id;
        match self.behaviour {
            Behaviour::Answers(time) => tokio::time::sleep(time).await,
            Behaviour::Hangs => std::future::pending().await,
            Behaviour::Panics => panic!("as it was told"),
            Behaviour::Floods(bytes) => sale_id = "\"".repeat(bytes),
        }
        // What has ended was not given up.
        std::mem::forget(noticed);
        let sale = Sale { sale_id, ..Default::default() };
        Ok(FindSaleResponse { sale: Some(sale).into(), ..Default::default() })
    }
}

/// The Authorization header of a caller who may read sales.
pub(super) fn authorization() -> String {
    bearer(&claims("auth0|anna", &["read:sales"]))
}

/// A POST that asks for the sale 7, as an HTTP API passes it on.
pub(super) fn post() -> Value {
    events::post(FIND_SALE, &authorization(), &json!({"saleId": "7"}))
}

/// The POST with these headers beside its own, or instead of them.
pub(super) fn post_with(headers: &[(&str, &str)]) -> Value {
    let mut event = post();
    for (name, value) in headers {
        event["headers"][name] = json!(value);
    }
    event
}

/// A GET that asks for the sale 7 with this query, as an HTTP API passes it on.
pub(super) fn get(query: &str) -> Value {
    let mut event = post();
    event["rawQueryString"] = json!(query);
    event["requestContext"]["http"]["method"] = json!("GET");
    for member in ["body", "isBase64Encoded"] {
        event.as_object_mut().expect("an object").remove(member);
    }
    event["headers"].as_object_mut().expect("headers").remove("content-type");
    event
}

pub(super) const QUERY: &str = "connect=v1&encoding=json&message=%7B%22saleId%22%3A%227%22%7D";

/// What the edge answers to an event, whatever it is: a status and a body that Connect's clients understand, which nobody keeps or
/// takes for something else.
pub(super) async fn ask(edge: &Edge, event: Value) -> Answer {
    let answer = answer_in(&edge.answer(event).await);
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{answer:?}");
    if answer.status != 200 {
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{answer:?}");
        let (_, code, message) = answer.refusal();
        assert!(!code.is_empty() && !message.is_empty(), "{answer:?}");
    }
    answer
}

/// Status, code and reason of a refusal, of which every refusal has all three.
pub(super) fn refusal(answer: &Answer) -> (u16, String, String) {
    let (status, code, _) = answer.refusal();
    let body = answer.json();
    let detail = &body["details"][0];
    assert_eq!(detail["type"], "google.rpc.ErrorInfo", "{body}");
    let value = STANDARD_NO_PAD.decode(detail["value"].as_str().expect("a value")).expect("base64");
    let info = ErrorInfo::decode_from_slice(&value).expect("an ErrorInfo");
    assert_eq!(info.domain, API.error_domain);
    (status, code, info.reason)
}

/// The same, to compare with.
pub(super) fn refused(status: u16, code: &str, reason: &str) -> (u16, String, String) {
    (status, code.to_owned(), reason.to_owned())
}
