//! Calls of AWS APIs that speak JSON over REST, signed by hand: the SDKs of API Gateway, Lambda and CloudFormation would take
//! several times longer to compile than all of this crate, for a handful of calls.

use std::time::SystemTime;

use anyhow::{Context, Result, anyhow, bail};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use http::Method;
use serde_json::Value;

use crate::clients::{REGION, ROOT};

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

    /// Sends `body`, or nothing when it is null, and gives the answer, which is null when it is empty.
    ///
    /// # Errors
    /// When the emulator refuses the call; the error holds its answer.
    pub async fn call(&self, method: Method, path: &str, body: &Value) -> Result<Value> {
        self.send(method, path, None, body).await
    }

    /// Asks a service that is told by a header what to do, such as `Logs_20140328.FilterLogEvents`.
    ///
    /// # Errors
    /// When the emulator refuses the call; the error holds its answer.
    pub async fn ask(&self, target: &str, body: &Value) -> Result<Value> {
        self.send(Method::POST, "/", Some(target), body).await
    }

    async fn send(&self, method: Method, path: &str, target: Option<&str>, body: &Value) -> Result<Value> {
        let url = format!("{}{path}", self.endpoint);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut request = http::Request::builder().method(&method).uri(&url);
        request = request.header("content-type", "application/json");
        if let Some(target) = target {
            request = request.header("x-amz-target", target);
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
        let headers = [("content-type", "application/json")].into_iter();
        let signable = SignableRequest::new(method.as_str(), &url, headers, SignableBody::Bytes(body.as_bytes()))?;
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
        serde_json::from_str(&text).with_context(|| anyhow!("{url} answered no JSON: {text}"))
    }
}
