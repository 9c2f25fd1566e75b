//! The emulator serves the HTTP API below a path, or by a host name that few machines resolve; the gateway serves it at a plain
//! address.

use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header, request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::front::serving::{Reserved, Server};

/// API Gateway's limit on the body of a request.
const BODY_LIMIT: usize = 10 * 1024 * 1024;

/// The address of the HTTP API; it stops on drop.
#[derive(Debug)]
pub(crate) struct Gateway {
    server: Server,
}

impl Gateway {
    /// Serves the HTTP API with the id `api` of the emulator at `endpoint` on `port`.
    ///
    /// # Errors
    /// When the server cannot be started.
    pub(crate) fn start(port: Reserved, endpoint: &str, api: &str) -> Result<Self> {
        let upstream = Upstream::new(format!("{endpoint}/_aws/execute-api/{api}/$default"));
        let router = Router::new().fallback(pass).with_state(Arc::new(upstream));
        Ok(Self { server: port.serve(router)? })
    }

    /// The API's address, without a trailing "/".
    #[must_use]
    pub(crate) fn url(&self) -> String {
        self.server.url()
    }
}

async fn pass(State(upstream): State<Arc<Upstream>>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    parts.headers = joined(&parts.headers);
    match to_bytes(body, BODY_LIMIT).await {
        Ok(body) => upstream.send(&parts, body).await,
        Err(_) => (StatusCode::PAYLOAD_TOO_LARGE, "{\"message\":\"Request Entity Too Large\"}").into_response(),
    }
}

/// The headers as an HTTP API hands them to a function: it joins the values of a repeated header with commas, and says cookies
/// elsewhere.
fn joined(headers: &HeaderMap) -> HeaderMap {
    let one = |name: &HeaderName| {
        let values: Vec<_> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
        let separator: &[u8] = if name == header::COOKIE { b"; " } else { b"," };
        HeaderValue::from_bytes(&values.join(separator)).ok()
    };
    headers.keys().filter_map(|name| Some((name.clone(), one(name)?))).collect()
}

/// A server to which requests are passed on unchanged.
#[derive(Debug)]
pub(crate) struct Upstream {
    base: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Upstream {
    pub(crate) fn new(base: String) -> Self {
        Self { base, client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// Passes the request on and returns the answer, or 502 with the reason if the server does not answer.
    pub(crate) async fn send(&self, parts: &request::Parts, body: Bytes) -> Response {
        match self.try_send(parts, body).await {
            Ok(response) => response,
            Err(error) => (StatusCode::BAD_GATEWAY, format!("{} did not answer: {error:#}", self.base)).into_response(),
        }
    }

    async fn try_send(&self, parts: &request::Parts, body: Bytes) -> Result<Response> {
        let rest = parts.uri.path_and_query().map_or("/", |rest| rest.as_str());
        let mut request = http::Request::new(Full::new(body));
        *request.method_mut() = parts.method.clone();
        *request.uri_mut() = Uri::try_from(format!("{}{rest}", self.base))?;
        *request.headers_mut() = end_to_end(&parts.headers);
        let (mut answer, body) = self.client.request(request).await?.into_parts();
        answer.headers = end_to_end(&answer.headers);
        Ok(Response::from_parts(answer, Body::from(body.collect().await?.to_bytes())))
    }
}

/// The headers without the headers that concern a single connection.
fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in [header::CONNECTION, header::TRANSFER_ENCODING, header::CONTENT_LENGTH, header::UPGRADE, header::TE] {
        headers.remove(name);
    }
    headers.remove("keep-alive");
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_arrives_as_it_was_sent() {
        let echo = |request: Request| async {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, 100).await.unwrap();
            let key = parts.headers["idempotency-key"].to_str().unwrap().to_owned();
            let host = parts.headers["host"].to_str().unwrap().to_owned();
            ([("x-seen", "yes")], format!("{} {} {key} {host} {body:?}", parts.method, parts.uri))
        };
        let upstream = Reserved::port(None).unwrap().serve_behind_another(Router::new().fallback(echo)).unwrap();
        let gateway = Gateway::start(Reserved::port(None).unwrap(), &upstream.url(), "abc").unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let path = "/a.B/C?message=%7B%22a%22%3A1%7D&x=a%20b";
        let sent = client.put(format!("{}{path}", gateway.url())).header("idempotency-key", "k").body("hello");
        let answer = sent.send().await.unwrap();
        assert_eq!(answer.headers()["x-seen"], "yes");
        let host = gateway.url().replace("http://", "");
        let expected = format!("PUT /_aws/execute-api/abc/$default{path} k {host} b\"hello\"");
        assert_eq!(answer.text().await.unwrap(), expected);
    }

    #[tokio::test]
    async fn a_header_that_comes_twice_arrives_once_with_a_comma() {
        let echo = |request: Request| async move {
            let values = request.headers().get_all("x-twice").iter().map(|value| value.to_str().unwrap());
            values.collect::<Vec<_>>().join(" and ")
        };
        let upstream = Reserved::port(None).unwrap().serve_behind_another(Router::new().fallback(echo)).unwrap();
        let gateway = Gateway::start(Reserved::port(None).unwrap(), &upstream.url(), "abc").unwrap();
        let sent = reqwest::Client::builder().no_proxy().build().unwrap().get(gateway.url());
        let answer = sent.header("x-twice", "a").header("x-twice", "b").send().await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "a,b");
    }

    #[tokio::test]
    async fn a_dead_upstream_is_a_bad_gateway() {
        let free = Reserved::port(None).unwrap().url();
        let gateway = Gateway::start(Reserved::port(None).unwrap(), &free, "abc").unwrap();
        let answer = reqwest::Client::builder().no_proxy().build().unwrap().get(gateway.url()).send().await.unwrap();
        assert_eq!(answer.status(), 502);
    }
}
