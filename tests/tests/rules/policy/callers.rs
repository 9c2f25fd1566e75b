//! Who calls, with which token, and the events that an HTTP API makes of calls.

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

/// The Authorization header of somebody with these permissions.
pub(super) fn bearer(subject: &str, permissions: &[&str]) -> Result<String> {
    tests::bearer(&tests::token(subject, permissions))
}

/// A call as an HTTP API hands it to a function.
#[derive(Clone)]
pub(super) struct Call {
    method: &'static str,
    path: &'static str,
    query: String,
    headers: Map<String, Value>,
    body: Option<String>,
}

impl Call {
    /// A POST of JSON.
    pub(super) fn post(path: &'static str, body: &Value) -> Self {
        let headers = Map::from_iter([("content-type".to_owned(), json!("application/json"))]);
        Self { method: "POST", path, query: String::new(), headers, body: Some(body.to_string()) }
    }

    /// The same message by GET.
    pub(super) fn get(path: &'static str, message: &Value) -> Result<Self> {
        let query =
            reqwest::Url::parse_with_params("https://x/", [("encoding", "json"), ("message", &message.to_string())])?;
        let query = query.query().context("a query")?.to_owned();
        Ok(Self { method: "GET", path, query, headers: Map::new(), body: None })
    }

    /// The call with this header.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), json!(value));
        self
    }

    /// The event.
    pub(super) fn event(&self) -> Value {
        json!({
            "version": "2.0", "rawPath": self.path, "rawQueryString": self.query, "headers": self.headers, "body": self.body,
            "requestContext": {"http": {"method": self.method, "path": self.path}}, "isBase64Encoded": false,
        })
    }
}
