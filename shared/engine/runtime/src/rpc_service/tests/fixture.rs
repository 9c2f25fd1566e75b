//! A function as its callers meet it: an issuer that signs tokens, a query and a mutation that keep what they are asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use auth::{Audience, Issuer, KeySet, KeySource, KeySourceError, Verifier};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use buffa::Message as _;
use futures_util::FutureExt;
use http::request::Builder;
use http::{HeaderMap, HeaderName, Request};
use http_body_util::{BodyExt, Full};
use messaging::{Aggregate, Key};
use rpc::{CallContext, Change, ErrorCode, Ownership, Retry, RpcError, Rpcs};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use testkit::MemoryStore;
use testkit::shop::v1::{
    FillShelfRequest, FillShelfResponse, FindSaleRequest, FindSaleResponse, SHOP_SERVICE_FILL_SHELF_SPEC,
    SHOP_SERVICE_FIND_SALE_SPEC, Sale,
};
use wire::google::rpc::ErrorInfo;

use super::super::*;
use crate::Edge;

pub(crate) const ISSUER: &str = "https://tenant.example/";
pub(crate) const AUDIENCE: &str = "https://api.example/";
pub(crate) const NOW: u64 = 1_900_000_000;
pub(crate) const FIND_SALE: &str = "/shop.v1.ShopService/FindSale";
pub(crate) const FILL_SHELF: &str = "/shop.v1.ShopService/FillShelf";

/// Who may call what, and whose reasons refusals carry.
pub(crate) const API: Api = Api { policy: POLICY, error_domain: "shop.example.com" };

rpc::reasons! {
    /// Why the shop says no.
    pub enum No {
        /// There is no such sale.
        NotFound = Entry {
            name: "SALE_NOT_FOUND",
            code: Some(ErrorCode::NotFound),
            rpcs: Rpcs::Only(&["FindSale"]),
            by_saga: false,
            when: "there is no such sale",
            metadata: &[],
            retry: Retry::Never,
            tell: "There is no such sale.",
        },
        /// The sale is being decided.
        Pending = Entry {
            name: "SALE_PENDING",
            code: Some(ErrorCode::FailedPrecondition),
            rpcs: Rpcs::Only(&["FindSale", "FillShelf"]),
            by_saga: false,
            when: "the sale is being decided",
            metadata: &["status", "sale"],
            retry: Retry::Never,
            tell: "Please wait.",
        },
    }
}

const POLICY: &str = "\
p, sales, /shop.v1.ShopService/FindSale, read
p, shelves, /shop.v1.ShopService/FillShelf, update
";

static KEY: LazyLock<KeyPair> = LazyLock::new(|| KeyPair::generate(KeySize::Rsa2048).expect("a key"));

pub(crate) fn clock() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The claims of a good access token.
pub(crate) fn claims(subject: &str, permissions: &[&str]) -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": NOW - 10, "exp": NOW + 3600, "permissions": permissions,
    })
}

/// The Authorization header with a token of these claims.
pub(crate) fn bearer(claims: &Value) -> String {
    let header = json!({"alg": "RS256", "typ": "JWT", "kid": "1"});
    let signed = format!("{}.{}", base64(header.to_string().as_bytes()), base64(claims.to_string().as_bytes()));
    let mut signature = vec![0; KEY.public_modulus_len()];
    KEY.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).expect("a signature");
    format!("Bearer {signed}.{}", base64(&signature))
}

/// The issuer's public key as it publishes it.
pub(crate) fn jwks() -> Value {
    let public = KEY.public_key();
    let modulus = base64(public.modulus().big_endian_without_leading_zero());
    let exponent = base64(public.exponent().big_endian_without_leading_zero());
    json!({"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1", "n": modulus, "e": exponent}]})
}

/// The issuer's keys, or an issuer that cannot be reached.
pub(crate) enum Keys {
    Published,
    Unreachable,
}

#[async_trait]
impl KeySource for Keys {
    async fn fetch(&self) -> Result<KeySet, KeySourceError> {
        match self {
            Self::Published => KeySet::parse(jwks().to_string().as_bytes()),
            Self::Unreachable => Err(KeySourceError::Status(503)),
        }
    }
}

pub(crate) async fn gate(keys: Keys) -> Gate {
    let issuer = Issuer::parse(ISSUER).expect("an issuer");
    let audience = Audience::parse(AUDIENCE).expect("an audience");
    Gate::new(Verifier::new(issuer, audience, Arc::new(keys)), API.policy).await.expect("a gate")
}

/// FindSale: keeps what it is asked, and answers with the sale's id unless it is told to refuse.
#[derive(Clone, Default)]
pub(crate) struct Finding {
    refusal: Option<RpcError>,
    asked: Arc<Mutex<Vec<(String, Caller)>>>,
}

impl Finding {
    pub(crate) fn refusing(refusal: Option<RpcError>) -> Self {
        Self { refusal, ..Self::default() }
    }

    /// The sales that were asked for, and who asked.
    pub(crate) fn asked(&self) -> Vec<(String, Caller)> {
        self.asked.lock().expect("no test panics here").clone()
    }
}

#[async_trait]
impl Query for Finding {
    type Request = FindSaleRequest;
    type Response = FindSaleResponse;
    const SPEC: Spec = SHOP_SERVICE_FIND_SALE_SPEC;
    const OWNERSHIP: Ownership = Ownership::Everybody("a sale is a fact that the whole shop works with");

    async fn answer(&self, request: FindSaleRequest, caller: &Caller) -> Result<FindSaleResponse, RpcError> {
        self.asked.lock().expect("no test panics here").push((request.sale_id.clone(), caller.clone()));
        match &self.refusal {
            Some(refusal) => Err(refusal.clone()),
            None => {
                let sale = Sale { sale_id: request.sale_id, ..Default::default() };
                Ok(FindSaleResponse { sale: Some(sale).into(), ..Default::default() })
            }
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Filled(i32);

impl Aggregate for Filled {
    const SCHEMA: u32 = 1;
}

/// FillShelf: keeps each call that it decides.
#[derive(Clone, Default)]
pub(crate) struct Setting {
    refusal: Option<RpcError>,
    decided: Arc<Mutex<Vec<(FillShelfRequest, Call)>>>,
}

impl Setting {
    pub(crate) fn refusing(refusal: Option<RpcError>) -> Self {
        Self { refusal, ..Self::default() }
    }

    pub(crate) fn decided(&self) -> Vec<(FillShelfRequest, Call)> {
        self.decided.lock().expect("no test panics here").clone()
    }
}

impl Mutation for Setting {
    type Request = FillShelfRequest;
    type Input = FillShelfRequest;
    type Response = FillShelfResponse;
    type Aggregate = Filled;
    const SPEC: Spec = SHOP_SERVICE_FILL_SHELF_SPEC;
    const OWNERSHIP: Ownership = Ownership::Everybody("a shelf is the shop's own");
    const CLAIMS: bool = true;

    fn parse(&self, request: FillShelfRequest) -> Result<FillShelfRequest, RpcError> {
        Ok(request)
    }

    fn canonical(&self, input: &FillShelfRequest) -> FillShelfRequest {
        input.clone()
    }

    fn key(&self, input: &FillShelfRequest, _: &Call) -> Key {
        input.article_id.clone()
    }

    fn not_found(&self, key: &Key) -> RpcError {
        RpcError::refused(No::NotFound, format!("there is no {key}"))
    }

    fn decide(
        &self,
        _: Option<&Filled>,
        request: &FillShelfRequest,
        context: &CallContext<'_>,
    ) -> Result<Change<Filled, FillShelfResponse>, RpcError> {
        self.decided.lock().expect("no test panics here").push((request.clone(), context.call.clone()));
        match &self.refusal {
            Some(refusal) => Err(refusal.clone()),
            None => Ok(Change::Save {
                state: Filled(request.available),
                response: FillShelfResponse::default(),
                events: Vec::new(),
            }),
        }
    }
}

/// What a function answers.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Status and Connect code of a refusal, and its message.
    pub(crate) fn refusal(&self) -> (u16, String, String) {
        let text = |name: &str| self.json()[name].as_str().unwrap_or_default().to_owned();
        (self.status, text("code"), text("message"))
    }

    /// The reason of a refusal, and what the reason is about.
    pub(crate) fn reason(&self) -> (String, BTreeMap<String, String>) {
        let detail = &self.json()["details"][0];
        assert_eq!(detail["type"], "google.rpc.ErrorInfo", "{self:?}");
        let value = STANDARD_NO_PAD.decode(detail["value"].as_str().expect("a value")).expect("base64");
        let info = ErrorInfo::decode_from_slice(&value).expect("an ErrorInfo");
        assert_eq!(info.domain, API.error_domain);
        (info.reason, info.metadata)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// The event that an HTTP API makes of a request: a header that comes twice is joined, and what is no text is base64.
pub(crate) fn event(request: Request<Full<Bytes>>) -> Value {
    let (parts, body) = request.into_parts();
    let body = body.collect().now_or_never().expect("it is there").expect("a body").to_bytes();
    let joined = |name| {
        let values = parts.headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        values.collect::<Vec<_>>().join(",")
    };
    let headers: BTreeMap<_, _> = parts.headers.keys().map(|name| (name.to_string(), joined(name))).collect();
    let text = parts.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let body = if text { String::from_utf8_lossy(&body).into_owned() } else { STANDARD.encode(&body) };
    json!({
        "version": "2.0", "rawPath": parts.uri.path(), "rawQueryString": parts.uri.query().unwrap_or_default(),
        "headers": headers, "requestContext": {"http": {"method": parts.method.as_str()}},
        "body": body, "isBase64Encoded": !text,
    })
}

/// The answer that is in an answer's event.
pub(crate) fn answer_in(event: &Value) -> Answer {
    let members: BTreeSet<_> = event.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(members, BTreeSet::from(["body", "headers", "isBase64Encoded", "statusCode"]), "{event}");
    let mut headers = HeaderMap::new();
    for (name, value) in event["headers"].as_object().expect("headers") {
        let name = HeaderName::try_from(name).expect("a name");
        headers.insert(name, value.as_str().expect("a text").parse().expect("a value"));
    }
    let body = event["body"].as_str().expect("a body");
    let is_base64 = event["isBase64Encoded"].as_bool().expect("a word on the body");
    let body = if is_base64 { STANDARD.decode(body).expect("base64") } else { body.as_bytes().to_vec() };
    let status = event["statusCode"].as_u64().and_then(|status| status.try_into().ok());
    Answer { status: status.expect("a status"), headers, body: body.into() }
}

/// FindSale as a function serves it.
pub(crate) async fn finding_edge(finding: &Finding) -> Edge {
    Edge::of_query(API, gate(Keys::Published).await, finding.clone(), clock)
}

/// FillShelf as a function serves it.
pub(crate) async fn setting_edge(setting: &Setting, store: &MemoryStore) -> Edge {
    Edge::of_mutation(API, gate(Keys::Published).await, setting.clone(), store.clone(), clock)
}

async fn ask(edge: Edge, request: Request<Full<Bytes>>) -> Answer {
    answer_in(&edge.answer(event(request)).await)
}

/// A POST of JSON to this path by a caller with these permissions.
pub(crate) fn post(path: &str, subject: &str, permissions: &[&str]) -> Builder {
    unsigned(path).header("authorization", bearer(&claims(subject, permissions)))
}

/// A POST of JSON to this path without a token.
pub(crate) fn unsigned(path: &str) -> Builder {
    Request::post(path).header("content-type", "application/json")
}

pub(crate) fn with_body(builder: Builder, body: impl Into<Bytes>) -> Request<Full<Bytes>> {
    builder.body(Full::new(body.into())).expect("a request")
}

/// Asks FindSale.
pub(crate) async fn find(finding: &Finding, builder: Builder, body: impl Into<Bytes>) -> Answer {
    ask(finding_edge(finding).await, with_body(builder, body)).await
}

/// Asks FindSale of a function that cannot reach the issuer.
pub(crate) async fn find_without_keys(finding: &Finding, builder: Builder, body: impl Into<Bytes>) -> Answer {
    let edge = Edge::of_query(API, gate(Keys::Unreachable).await, finding.clone(), clock);
    ask(edge, with_body(builder, body)).await
}

/// Asks FillShelf.
pub(crate) async fn set(setting: &Setting, store: &MemoryStore, builder: Builder, body: impl Into<Bytes>) -> Answer {
    ask(setting_edge(setting, store).await, with_body(builder, body)).await
}
