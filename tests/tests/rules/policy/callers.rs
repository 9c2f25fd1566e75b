//! Who calls, with which token, and the events that an HTTP API makes of calls.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use async_trait::async_trait;
use auth::{Audience, Issuer, KeySet, KeySource, KeySourceError, Verifier};
use local::{AccessToken, SigningKey};
use runtime::Gate;
use serde_json::{Map, Value, json};

const ISSUER: &str = "https://tenant.example/";
const AUDIENCE: &str = "https://api.example/";
const NOW: u64 = 1_800_000_000;

/// The only time there is.
pub(super) fn clock() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

fn key() -> Result<&'static SigningKey> {
    static KEY: LazyLock<Result<SigningKey, String>> =
        LazyLock::new(|| SigningKey::generate().map_err(|error| format!("{error:#}")));
    KEY.as_ref().map_err(|error| anyhow!("{error}"))
}

/// The issuer's public key.
struct Published(Value);

#[async_trait]
impl KeySource for Published {
    async fn fetch(&self) -> Result<KeySet, KeySourceError> {
        KeySet::parse(self.0.to_string().as_bytes())
    }
}

/// The gate of every function, with the policy of the application.
pub(super) async fn gate() -> Result<Gate> {
    let keys = Arc::new(Published(key()?.jwks()));
    let verifier = Verifier::new(Issuer::parse(ISSUER)?, Audience::parse(AUDIENCE)?, keys);
    Gate::new(verifier, contracts::API.policy).await.map_err(|error| anyhow!("{error}"))
}

/// The Authorization header of somebody with these permissions.
pub(super) fn bearer(subject: &str, permissions: &[&str]) -> Result<String> {
    let token = AccessToken::new(ISSUER, AUDIENCE, subject, permissions).claim("iat", NOW).claim("exp", NOW + 60);
    Ok(format!("Bearer {}", key()?.sign(&token)?))
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
