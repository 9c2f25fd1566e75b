//! Calls of AWS APIs that speak JSON over REST, signed by hand: the SDKs of API Gateway, Lambda and CloudFormation would take
//! several times longer to compile than all of this crate, for a handful of calls.

use std::time::SystemTime;

use anyhow::{Context, Result, anyhow, bail};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use http::Method;
use serde_json::Value;

use crate::stack::clients::{REGION, ROOT};

/// Calls one service of the emulator as root.
#[derive(Clone, Debug)]
pub struct Api {
    endpoint: String,
    service: &'static str,
    client: reqwest::Client,
}

impl Api {
    /// Calls the service that signatures know as `service` at `endpoint`.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(endpoint: &str, service: &'static str) -> Result<Self> {
        let client = reqwest::Client::builder().no_proxy().build().context("no HTTP client")?;
        Ok(Self { endpoint: endpoint.to_owned(), service, client })
    }

    /// Sends `body` and returns the answer. Null stands for an empty body in both directions.
    ///
    /// # Errors
    /// When the emulator refuses the call; the error holds its answer.
    pub async fn call(&self, method: Method, path: &str, body: &Value) -> Result<Value> {
        self.send(method, path, &[("content-type", "application/json")], body).await
    }

    /// Sends `body` to the operation `target` of a service that names its operations in a header.
    ///
    /// # Errors
    /// When the emulator refuses the call; the error holds its answer.
    pub async fn call_target(&self, target: &str, body: &Value) -> Result<Value> {
        let headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", target)];
        self.send(Method::POST, "/", &headers, body).await
    }

    async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &Value) -> Result<Value> {
        let url = format!("{}{path}", self.endpoint);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut request = http::Request::builder().method(&method).uri(&url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(())?;
        let identity = Credentials::new(ROOT, ROOT, None, None, "local AWS").into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(REGION)
            .name(self.service)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?;
        let signed = headers.iter().copied();
        let signable = SignableRequest::new(method.as_str(), &url, signed, SignableBody::Bytes(body.as_bytes()))?;
        let (instructions, _) = sign(signable, &parameters.into()).context("cannot sign the call")?.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        let sent = self.client.request(method, &url).headers(request.headers().clone()).body(body);
        let answer = sent.send().await.with_context(|| anyhow!("{url} does not answer"))?;
        let status = answer.status();
        let text = answer.text().await.with_context(|| anyhow!("the answer of {url} breaks off"))?;
        if !status.is_success() {
            bail!("{url} answered {status}: {text}");
        }
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).with_context(|| anyhow!("{url} should answer with JSON, but answered {text}"))
    }
}
