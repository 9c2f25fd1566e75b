//! The development token issuer. DEVELOPMENT ONLY: it gives a token for anybody to whoever asks, on the loopback interface.

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

    /// The `iss` of its tokens: its address, ending in "/".
    #[must_use]
    pub fn url(&self) -> &str {
        &self.identity.url
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port()
    }

    /// The audience its tokens are for.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.identity.audience
    }

    /// The claims of a good access token, to be changed and then signed.
    #[must_use]
    pub fn access_token(&self, subject: &str, permissions: &[&str]) -> AccessToken {
        AccessToken::new(&self.identity.url, &self.identity.audience, subject, permissions)
    }

    /// Signs `token` with the issuer's key.
    ///
    /// # Errors
    /// When signing fails.
    pub fn sign(&self, token: &AccessToken) -> Result<String> {
        self.identity.key.sign(token)
    }

    /// A good access token of `subject` that carries `permissions`.
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
mod tests {
    #![allow(clippy::unwrap_used)]

    use jsonwebtoken::jwk::JwkSet;
    use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};

    use super::*;

    const AUDIENCE: &str = "https://orders.example/";

    async fn json(url: &str) -> Value {
        reqwest::Client::builder().no_proxy().build().unwrap().get(url).send().await.unwrap().json().await.unwrap()
    }

    /// What a resource server does: discovery, then the key set, then the signature and the claims.
    async fn verify(issuer: &Issuer, token: &str) -> jsonwebtoken::errors::Result<Value> {
        let configuration = json(&format!("{}.well-known/openid-configuration", issuer.url())).await;
        assert_eq!(configuration["issuer"], issuer.url());
        let keys: JwkSet = serde_json::from_value(json(configuration["jwks_uri"].as_str().unwrap()).await).unwrap();
        let kid = decode_header(token)?.kid.unwrap();
        let key = DecodingKey::from_jwk(keys.find(&kid).unwrap())?;
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[issuer.url()]);
        Ok(decode::<Value>(token, &key, &validation)?.claims)
    }

    fn issuer() -> Issuer {
        Issuer::start(Reserved::port(None).unwrap(), AUDIENCE, SigningKey::generate().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn a_token_is_verified_by_discovery_and_key_set() {
        let issuer = issuer();
        let token = issuer.token("auth0|customer-1", &["create:orders", "read:orders"]).unwrap();
        let claims = verify(&issuer, &token).await.unwrap();
        assert_eq!(claims["sub"], "auth0|customer-1");
        assert_eq!(claims["permissions"], json!(["create:orders", "read:orders"]));
        assert_eq!(claims["aud"], json!([AUDIENCE, format!("{}userinfo", issuer.url())]));
    }

    #[tokio::test]
    async fn the_endpoint_gives_tokens_that_verify() {
        let issuer = issuer();
        let url = format!("{}token?sub=auth0%7Cchef&permissions=read:tickets,update:stock", issuer.url());
        let answer = json(&url).await;
        let claims = verify(&issuer, answer["access_token"].as_str().unwrap()).await.unwrap();
        assert_eq!(claims["permissions"], json!(["read:tickets", "update:stock"]));
    }

    #[tokio::test]
    async fn every_forgery_is_refused() {
        let issuer = issuer();
        let good = issuer.access_token("auth0|customer-1", &[]);
        let strange = SigningKey::generate().unwrap();
        let known_id = issuer.identity.key.id();
        let forgeries = [
            ("expired", issuer.sign(&good.clone().expires_in(-3600)).unwrap()),
            ("another audience", issuer.sign(&good.clone().claim("aud", "https://other.example/")).unwrap()),
            ("another issuer", issuer.sign(&good.clone().claim("iss", "https://evil.example/")).unwrap()),
            ("an ID token", issuer.sign(&good.clone().into_id_token()).unwrap()),
            ("another key", strange.sign(&good.clone().header("kid", known_id)).unwrap()),
            ("no signature", good.clone().header("kid", known_id).unsigned()),
        ];
        for (name, token) in forgeries {
            assert!(verify(&issuer, &token).await.is_err(), "{name} was accepted");
        }
    }

    #[test]
    fn the_key_is_kept_and_private() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("issuer-key.der");
        let made = SigningKey::kept_in(&file).unwrap();
        assert_eq!(SigningKey::kept_in(&file).unwrap().jwks(), made.jwks());
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::write(&file, "nonsense").unwrap();
        assert!(SigningKey::kept_in(&file).unwrap_err().to_string().contains("remove it"));
    }
}
