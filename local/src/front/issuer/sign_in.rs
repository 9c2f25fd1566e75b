//! How people and single-page apps sign in: the library oidc-provider, in a Node process of its own behind the issuer's address.
//! `local/oidc/` is what that process runs.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::body::to_bytes;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header, request};
use serde_json::{Value, json};
use tower_http::cors::CorsLayer;

use crate::data::workspace::Workspace;
use crate::front::gateway::Upstream;
use crate::front::guard::{is_page_of, own_hosts, refused};
use crate::front::person::Person;
use crate::front::token::SigningKey;
use crate::stack::process::{ProcessGroup, free_port};

const START_LIMIT: Duration = Duration::from_secs(60);
/// The library takes no larger form.
const BODY_LIMIT: usize = 56 * 1024;
/// Where scripts of the app send something. Anything else comes from a page that this issuer has shown.
const SENT_BY_THE_APP: [&str; 2] = ["/oauth/token", "/userinfo"];
/// For how long a browser need not ask again what it may send.
const PREFLIGHT: Duration = Duration::from_secs(600);

/// From where people sign in, and what they are given.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The app's origins: people are sent back to them only, and only scripts of theirs read an answer.
    pub origins: Vec<String>,
    /// For how long an access token is good.
    pub token_lifetime: Duration,
}

impl SignIn {
    /// The id of the app that people sign in to.
    pub const CLIENT_ID: &str = "console";
    /// For how long an access token is good unless another time is asked for.
    pub const USUAL_LIFETIME: Duration = Duration::from_secs(3600);

    /// Sign-in for an app that is served from `origins`, with tokens that are good for the usual time.
    #[must_use]
    pub fn from_origins(origins: &[&str]) -> Self {
        let origins = origins.iter().map(|&origin| origin.to_owned()).collect();
        Self { origins, token_lifetime: Self::USUAL_LIFETIME }
    }

    /// What the origins' scripts may send to the issuer and read of it.
    pub(super) fn cors(&self) -> Result<CorsLayer> {
        let origins: Result<Vec<HeaderValue>, _> = self.origins.iter().map(|origin| origin.parse()).collect();
        let headers = [header::AUTHORIZATION, header::CONTENT_TYPE, HeaderName::from_static("auth0-client")];
        let cors = CorsLayer::new().allow_origin(origins.context("an origin of the app is no header value")?);
        Ok(cors.allow_methods([Method::GET, Method::POST]).allow_headers(headers).max_age(PREFLIGHT))
    }
}

/// The running Node process; it is killed on drop, and ends by itself when this process is killed.
#[derive(Debug)]
pub(super) struct Provider {
    upstream: Upstream,
    /// What OIDC discovery says of it.
    pub(super) discovery: Value,
    senders: Senders,
    _process: ProcessGroup,
}

/// Whose pages may send something.
#[derive(Debug)]
struct Senders {
    /// The app's origins.
    app: Vec<String>,
    /// The issuer's own, by each of its names.
    own: Vec<String>,
}

/// Whose tokens a provider issues, and for what.
pub(super) struct Tokens<'a> {
    pub(super) issuer: &'a str,
    pub(super) audience: &'a str,
    pub(super) key: &'a SigningKey,
}

impl Provider {
    /// Starts the provider and waits until it answers. Its log is `sign-in.log` in `dir`.
    ///
    /// # Errors
    /// When Node or the library is missing or the provider does not answer; the error holds the end of its log.
    pub(super) async fn start(workspace: &Workspace, dir: &Path, tokens: Tokens<'_>, sign_in: &SignIn) -> Result<Self> {
        let port = free_port(None)?;
        let log = dir.join("sign-in.log");
        let mut command = Command::new(workspace.node()?);
        command.arg(workspace.root().join("local/oidc/main.mjs")).current_dir(dir).env_clear();
        let mut process = ProcessGroup::start(&mut command, &log)?;
        // The standard input is nobody else's to read; arguments and the environment are.
        process.tell(&settings(port, &tokens, sign_in)?.to_string())?;
        let address = format!("http://127.0.0.1:{port}");
        let url = format!("{address}/.well-known/openid-configuration");
        // It names the address that it is asked at, which for everybody else is the issuer's.
        let answer = process.answer("the OIDC provider", &url, &log, START_LIMIT).await?;
        let discovery = answer.text().await.context("no discovery document")?;
        let discovery = discovery.replace(&format!("{address}/"), tokens.issuer);
        let discovery = serde_json::from_str(&discovery).context("the discovery document is no JSON")?;
        let senders = Senders::of(tokens.issuer, sign_in)?;
        Ok(Self { upstream: Upstream::new(address), discovery, senders, _process: process })
    }

    /// Passes a request on to the library.
    pub(super) async fn pass(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        if !self.senders.may_send(&parts) {
            let message = "another page has sent this: begin in the app, and choose on the page that it leads to";
            return refused(StatusCode::FORBIDDEN, "FOREIGN_ORIGIN", message);
        }
        let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
            return (StatusCode::PAYLOAD_TOO_LARGE, "the form is too large").into_response();
        };
        let mut answer = self.upstream.send(&parts, body).await;
        // The library would let scripts of any origin read some answers.
        for name in [header::ACCESS_CONTROL_ALLOW_ORIGIN, header::ACCESS_CONTROL_EXPOSE_HEADERS] {
            answer.headers_mut().remove(name);
        }
        answer
    }
}

impl Senders {
    fn of(issuer: &str, sign_in: &SignIn) -> Result<Self> {
        let issuer: Uri = issuer.parse().context("the issuer has no address")?;
        let port = issuer.port_u16().context("the issuer's address has no port")?;
        let own = own_hosts(port).map(|host| format!("http://{host}")).to_vec();
        Ok(Self { app: sign_in.origins.clone(), own })
    }

    /// Whether the request only asks, is no page's, or comes from where such a request comes from.
    fn may_send(&self, parts: &request::Parts) -> bool {
        let asks = [Method::GET, Method::HEAD, Method::OPTIONS].contains(&parts.method);
        let senders = if SENT_BY_THE_APP.contains(&parts.uri.path()) { &self.app } else { &self.own };
        asks || is_page_of(senders, &parts.headers).unwrap_or(true)
    }
}

fn settings(port: u16, tokens: &Tokens<'_>, sign_in: &SignIn) -> Result<Value> {
    let person = |person: Person| {
        let email = format!("{}@example.com", person.name().to_lowercase());
        json!({
            "sub": person.subject(), "name": person.name(), "role": person.role(), "email": email,
            "permissions": person.permissions(),
        })
    };
    Ok(json!({
        "port": port, "issuer": tokens.issuer, "audience": tokens.audience, "key": tokens.key.pem()?,
        "keyId": tokens.key.id(), "clientId": SignIn::CLIENT_ID, "origins": sign_in.origins,
        "people": Person::ALL.map(person), "tokenLifetime": sign_in.token_lifetime.as_secs(),
    }))
}

#[cfg(test)]
mod tests;
