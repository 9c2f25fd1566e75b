//! Odd requests through the gateway: each is answered by the function, in Connect's form.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use local::Person;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use tests::{LazySystem, System};

use super::shared;

const CREATE_ORDER: &str = "/order_api.v1.OrderService/CreateOrder";
const LIST_PRODUCTS: &str = "/order_api.v1.OrderService/ListProducts";
const GET_PRODUCTS: &str = "/order_api.v1.OrderService/ListProducts?connect=v1&encoding=json&message=%7B%7D";
const MIB: usize = 1024 * 1024;

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    vec![
        shared("edge::headers_of_odd_proxies_are_answered", system, headers_of_odd_proxies_are_answered),
        shared(
            "edge::what_is_not_served_is_refused_by_the_function",
            system,
            what_is_not_served_is_refused_by_the_function,
        ),
        shared("edge::only_the_menu_may_be_kept", system, only_the_menu_may_be_kept),
    ]
}

/// Requests of a customer.
struct Caller {
    http: reqwest::Client,
    api: String,
    token: String,
}

impl Caller {
    fn of(system: &System) -> Result<Self> {
        let issuer = system.aws().issuer();
        let token = issuer.sign(&issuer.access_token("auth0|edge", Person::Customer.permissions()))?;
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { http, api: system.aws().api().to_owned(), token })
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.api)).bearer_auth(&self.token)
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.ask(Method::POST, path).header("content-type", "application/json").body("{}")
    }
}

fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

async fn headers_of_odd_proxies_are_answered(system: Arc<System>) -> Result<()> {
    let caller = Caller::of(&system)?;
    for (name, value) in [
        ("x-forwarded-proto", "0"),
        ("x-forwarded-proto", ""),
        ("x-forwarded-proto", "a b"),
        ("x-forwarded-proto", "https,http"),
        ("x-forwarded-port", "port"),
        ("cookie", "a=[; b"),
    ] {
        let response = caller.post(LIST_PRODUCTS).header(name, value).send().await?;
        ensure!(response.status() == 200, "{name}: {value}: {response:?}");
    }
    Ok(())
}

async fn what_is_not_served_is_refused_by_the_function(system: Arc<System>) -> Result<()> {
    let caller = Caller::of(&system)?;
    let list = || caller.post(LIST_PRODUCTS);
    let typed = |kind| caller.ask(Method::POST, LIST_PRODUCTS).header("content-type", kind).body("{}");
    let create = || caller.post(CREATE_ORDER).header("idempotency-key", "k");
    let too_large = caller.ask(Method::POST, LIST_PRODUCTS).header("content-type", "application/json");
    let cases = [
        (typed("text/plain"), 415, "invalid_argument"),
        (typed("application/grpc-web+json"), 415, "invalid_argument"),
        (typed("application/connect+json"), 415, "invalid_argument"),
        (list().header("content-encoding", "br"), 415, "unimplemented"),
        (list().header("connect-protocol-version", "2"), 400, "invalid_argument"),
        (list().header("connect-timeout-ms", "soon"), 400, "invalid_argument"),
        (list().header("connect-timeout-ms", "0"), 499, "deadline_exceeded"),
        (too_large.body(" ".repeat(MIB + 1)), 413, "invalid_argument"),
        (create().header("idempotency-key", "k"), 400, "invalid_argument"),
        (caller.ask(Method::GET, LIST_PRODUCTS), 400, "invalid_argument"),
        (caller.ask(Method::GET, &format!("{LIST_PRODUCTS}?encoding=xml")), 415, "invalid_argument"),
    ];
    for (number, (request, status, code)) in cases.into_iter().enumerate() {
        let response = request.send().await?;
        ensure!(response.status() == status, "{number}: {response:?}");
        ensure!(header(&response, "cache-control") == "no-store", "{number}: {response:?}");
        let accepts = header(&response, "accept-post");
        ensure!(accepts.is_empty() || accepts == "application/json, application/proto", "{number}: {accepts}");
        let body: Value = response.json().await.with_context(|| format!("{number} is no JSON"))?;
        ensure!(body["code"] == code && body["details"][0]["type"] == "google.rpc.ErrorInfo", "{number}: {body}");
    }
    let response = typed("application/json; charset=UTF-8").send().await?;
    ensure!(response.status() == 200, "{response:?}");
    let response = typed("APPLICATION/JSON").send().await?;
    ensure!(response.status() == 200, "{response:?}");
    Ok(())
}

async fn only_the_menu_may_be_kept(system: Arc<System>) -> Result<()> {
    let caller = Caller::of(&system)?;
    for (request, kept) in [
        (caller.ask(Method::GET, GET_PRODUCTS), "private, max-age=60"),
        (caller.post(LIST_PRODUCTS), "no-store"),
        (caller.ask(Method::GET, &GET_PRODUCTS.replace("ListProducts", "ListOrders")), "no-store"),
    ] {
        let response = request.send().await?;
        ensure!(response.status() == 200 && header(&response, "cache-control") == kept, "{response:?}");
        ensure!(header(&response, "x-content-type-options") == "nosniff", "{response:?}");
        ensure!(header(&response, "vary").contains("Authorization") == (kept != "no-store"), "{response:?}");
    }
    Ok(())
}
