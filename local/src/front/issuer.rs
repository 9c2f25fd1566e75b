//! DEVELOPMENT ONLY: the issuer gives anybody a token for anybody, on the loopback interface. `/token` is for tests and curl; when it
//! is asked to, it also lets people sign in as they do at Auth0 (`issuer/sign_in.rs`).

mod sign_in;

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use axum::extract::{Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::data::workspace::Workspace;
use crate::front::serving::{Reserved, Server};
use crate::front::token::{AccessToken, SigningKey};

use sign_in::{Provider, Tokens};

pub use sign_in::SignIn;

const WARNING: &str = "DEVELOPMENT ONLY: this issuer gives a token for anybody to whoever asks";

/// A running development issuer: OIDC discovery, JWKS and tokens; it stops on drop.
#[derive(Debug)]
pub struct Issuer {
    server: Server,
    identity: Arc<Identity>,
}

#[derive(Debug)]
struct Identity {
    url: String,
    audience: String,
    key: SigningKey,
    /// With whom people sign in, if anybody can.
    provider: Option<Provider>,
}

impl Issuer {
    /// Starts the issuer on `port` for the API known as `audience`. Nobody can sign in.
    ///
    /// # Errors
    /// When the server cannot be started.
    pub fn start(port: Reserved, audience: &str, key: SigningKey) -> Result<Self> {
        let url = format!("{}/", port.url());
        let identity = Arc::new(Identity { url, audience: audience.to_owned(), key, provider: None });
        let router = published().merge(given()).with_state(Arc::clone(&identity));
        Ok(Self { server: port.serve(router)?, identity })
    }

    /// Starts the issuer as [`Issuer::start`] does, and lets people sign in. The log of that goes to `dir`.
    ///
    /// # Errors
    /// When the server or the Node process behind it cannot be started.
    pub async fn start_with_sign_in(
        port: Reserved,
        audience: &str,
        key: SigningKey,
        sign_in: &SignIn,
        workspace: &Workspace,
        dir: &Path,
    ) -> Result<Self> {
        let url = format!("{}/", port.url());
        let tokens = Tokens { issuer: &url, audience, key: &key };
        let provider = Some(Provider::start(workspace, dir, tokens, sign_in).await?);
        let identity = Arc::new(Identity { url, audience: audience.to_owned(), key, provider });
        // What is given to everybody stays outside: no page in a browser may have it.
        let router = published().fallback(pass).layer(sign_in.cors()?).merge(given()).with_state(Arc::clone(&identity));
        Ok(Self { server: port.serve(router)?, identity })
    }

    /// The `iss` of its tokens, which is its address and ends in "/".
    #[must_use]
    pub fn url(&self) -> &str {
        &self.identity.url
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port()
    }

    /// The audience of its tokens.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.identity.audience
    }

    /// An unsigned access token of `subject` with `permissions`, for a test to change and sign.
    #[must_use]
    pub fn access_token(&self, subject: &str, permissions: &[&str]) -> AccessToken {
        AccessToken::new(&self.identity.url, &self.identity.audience, subject, permissions)
    }

    /// The key that it signs with.
    #[must_use]
    pub fn key(&self) -> &SigningKey {
        &self.identity.key
    }

    /// Signs `token` with the issuer's key.
    ///
    /// # Errors
    /// When signing fails.
    pub fn sign(&self, token: &AccessToken) -> Result<String> {
        self.identity.key.sign(token)
    }

    /// A signed access token of `subject` with `permissions`.
    ///
    /// # Errors
    /// When signing fails.
    pub fn token(&self, subject: &str, permissions: &[&str]) -> Result<String> {
        self.sign(&self.access_token(subject, permissions))
    }
}

fn published() -> Router<Arc<Identity>> {
    Router::new().route("/.well-known/openid-configuration", get(discovery)).route("/.well-known/jwks.json", get(jwks))
}

fn given() -> Router<Arc<Identity>> {
    Router::new().route("/token", get(token))
}

async fn discovery(State(identity): State<Arc<Identity>>) -> Json<Value> {
    let url = &identity.url;
    if let Some(provider) = &identity.provider {
        let mut document = provider.discovery.clone();
        document["development_only"] = json!(WARNING);
        return Json(document);
    }
    Json(json!({
        "issuer": url,
        "jwks_uri": format!("{url}.well-known/jwks.json"),
        "token_endpoint": format!("{url}token"),
        "id_token_signing_alg_values_supported": ["RS256"],
        "development_only": WARNING,
    }))
}

async fn jwks(State(identity): State<Arc<Identity>>) -> Json<Value> {
    Json(identity.key.jwks())
}

/// Everything else is the library's to answer.
async fn pass(State(identity): State<Arc<Identity>>, request: Request) -> Response {
    match &identity.provider {
        Some(provider) => provider.pass(request).await,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[derive(Deserialize)]
struct TokenQuery {
    sub: String,
    /// Separated by spaces or commas.
    #[serde(default)]
    permissions: String,
    expires_in: Option<i64>,
}

async fn token(
    State(identity): State<Arc<Identity>>,
    Query(query): Query<TokenQuery>,
) -> Result<impl IntoResponse, (StatusCode, String)> {
    let separated = query.permissions.split([' ', ',']);
    let permissions: Vec<&str> = separated.filter(|permission| !permission.is_empty()).collect();
    let expires_in = query.expires_in.unwrap_or(3600);
    let token = AccessToken::new(&identity.url, &identity.audience, &query.sub, &permissions).expires_in(expires_in);
    let signed = identity.key.sign(&token);
    let signed = signed.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    let answer = json!({"access_token": signed, "token_type": "Bearer", "expires_in": expires_in});
    // A browser that a person has typed the address into would keep it.
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)))
}

#[cfg(test)]
mod tests;
