//! DEVELOPMENT ONLY: the issuer gives anybody a token for anybody, on the loopback interface.

use std::sync::Arc;

use anyhow::Result;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::front::serving::{Reserved, Server};
use crate::front::token::{AccessToken, SigningKey};

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
}

impl Issuer {
    /// Starts the issuer on `port` for the API known as `audience`.
    ///
    /// # Errors
    /// When the server cannot be started.
    pub fn start(port: Reserved, audience: &str, key: SigningKey) -> Result<Self> {
        let identity = Arc::new(Identity { url: format!("{}/", port.url()), audience: audience.to_owned(), key });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/.well-known/jwks.json", get(jwks))
            .route("/token", get(token))
            .with_state(Arc::clone(&identity));
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

async fn discovery(State(identity): State<Arc<Identity>>) -> Json<Value> {
    let url = &identity.url;
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
) -> Result<Json<Value>, (StatusCode, String)> {
    let separated = query.permissions.split([' ', ',']);
    let permissions: Vec<&str> = separated.filter(|permission| !permission.is_empty()).collect();
    let expires_in = query.expires_in.unwrap_or(3600);
    let token = AccessToken::new(&identity.url, &identity.audience, &query.sub, &permissions).expires_in(expires_in);
    let signed = identity.key.sign(&token);
    let signed = signed.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    let answer = json!({"access_token": signed, "token_type": "Bearer", "expires_in": expires_in});
    Ok(Json(answer))
}

#[cfg(test)]
mod tests;
