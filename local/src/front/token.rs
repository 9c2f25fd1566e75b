//! Development tokens: access tokens with Auth0-shaped claims, signed with a key that only this machine trusts.

use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// An RSA key pair that signs development tokens.
pub struct SigningKey {
    pair: KeyPair,
    id: String,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Makes a new key.
    ///
    /// # Errors
    /// When the system's random numbers fail.
    pub fn generate() -> Result<Self> {
        Self::from_pair(KeyPair::generate(KeySize::Rsa2048).map_err(|_| anyhow!("cannot generate an RSA key"))?)
    }

    /// Reads the key in `file`. A missing file is made first, with a new key.
    ///
    /// # Errors
    /// When the file cannot be written or holds something else.
    pub fn kept_in(file: &Path) -> Result<Self> {
        use std::io::Write;
        if let Ok(der) = std::fs::read(file) {
            let pair = KeyPair::from_pkcs8(&der);
            let hint = || anyhow!("{} holds no RSA key: remove it, and a new key is made", file.display());
            return Self::from_pair(pair.map_err(|_| hint())?);
        }
        let key = Self::generate()?;
        let der = key.pair.as_der().map_err(|_| anyhow!("cannot encode the key"))?;
        let options = std::fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(file);
        options
            .and_then(|mut opened| opened.write_all(der.as_ref()))
            .with_context(|| format!("cannot write {}", file.display()))?;
        Ok(key)
    }

    fn from_pair(pair: KeyPair) -> Result<Self> {
        let digest = Sha256::digest(pair.public_key().as_ref());
        let id = format!("development-only-{}", URL_SAFE_NO_PAD.encode(digest.get(..9).context("short digest")?));
        Ok(Self { pair, id })
    }

    /// The key's id, the `kid` of its tokens.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The public half as a JSON Web Key Set.
    #[must_use]
    pub fn jwks(&self) -> Value {
        let public = self.pair.public_key();
        let modulus = URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero());
        let exponent = URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero());
        json!({"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.id, "n": modulus, "e": exponent}]})
    }

    /// The private key in PEM, for another program to sign with.
    ///
    /// # Errors
    /// When the key cannot be encoded.
    pub fn pem(&self) -> Result<String> {
        let der = self.pair.as_der().map_err(|_| anyhow!("cannot encode the key"))?;
        let text = STANDARD.encode(der.as_ref());
        Ok(format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n"))
    }

    /// Signs `token` with this key; its `kid` is this key's unless the token names another.
    ///
    /// # Errors
    /// When signing fails.
    pub fn sign(&self, token: &AccessToken) -> Result<String> {
        let mut header = token.header.clone();
        header.entry("kid").or_insert_with(|| json!(self.id));
        header.retain(|_, value| !value.is_null());
        self.sign_parts(Value::Object(header).to_string(), Value::Object(token.claims.clone()).to_string())
    }

    /// Signs these texts as a token's header and claims, whatever they are.
    ///
    /// # Errors
    /// When signing fails.
    pub fn sign_parts(&self, header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>) -> Result<String> {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let signing = self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature);
        signing.map_err(|_| anyhow!("cannot sign the token"))?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// The header and claims of a token. A test can replace or leave out each of them, to see who refuses the token.
#[derive(Clone, Debug)]
pub struct AccessToken {
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

impl AccessToken {
    /// An access token as Auth0 issues it to a single-page app, good for an hour.
    #[must_use]
    pub fn new(issuer: &str, audience: &str, subject: &str, permissions: &[&str]) -> Self {
        let now = now();
        let claims = json!({
            "iss": issuer, "sub": subject, "aud": [audience, format!("{issuer}userinfo")],
            "azp": "development-only-client", "iat": now, "exp": now + 3600,
            "scope": "openid profile", "permissions": permissions,
        });
        let header = json!({"alg": "RS256", "typ": "JWT"});
        Self { header: object(header), claims: object(claims) }
    }

    /// Its claims.
    #[must_use]
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// The ID token of the same user. It identifies the user and permits nothing, so an API must refuse it.
    #[must_use]
    pub fn into_id_token(self) -> Self {
        let client = self.claims.get("azp").cloned().unwrap_or_default();
        let token = self.claim("aud", client).claim("nonce", "n-0S6").claim("email", "customer@example.com");
        token.claim("scope", Value::Null).claim("permissions", Value::Null).claim("azp", Value::Null)
    }

    /// Replaces the claim `name`; null leaves it out.
    #[must_use]
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.to_owned(), value.into());
        self.claims.retain(|_, value| !value.is_null());
        self
    }

    /// Replaces the header field `name`; null leaves it out.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header.insert(name.to_owned(), value.into());
        self
    }

    /// Lets the token expire `seconds` from now, or `-seconds` ago.
    #[must_use]
    pub fn expires_in(self, seconds: i64) -> Self {
        self.claim("exp", now().saturating_add(seconds))
    }

    /// The token with the algorithm "none" and without a signature.
    #[must_use]
    pub fn unsigned(&self) -> String {
        let mut header = self.header.clone();
        header.insert("alg".to_owned(), json!("none"));
        header.retain(|_, value| !value.is_null());
        format!("{}.", unsigned(&header, &self.claims))
    }
}

fn unsigned(header: &Map<String, Value>, claims: &Map<String, Value>) -> String {
    let encode = |part: &Map<String, Value>| URL_SAFE_NO_PAD.encode(Value::Object(part.clone()).to_string());
    format!("{}.{}", encode(header), encode(claims))
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(map) = value { map } else { Map::new() }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
