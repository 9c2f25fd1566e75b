//! A token is trusted part by part: each type here holds what has been checked so far, and gives away nothing else.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::{Audience, Issuer, Permission, Principal, Rejection, Subject};

/// The whole header; API Gateway accepts 10 KB of headers in all.
const MAX_AUTHORIZATION_BYTES: usize = 8 * 1024;
const MAX_PERMISSIONS: usize = 100;
/// How far this clock and the issuer's may disagree, in seconds.
const LEEWAY_SECONDS: f64 = 60.0;

/// A token whose header is acceptable; nothing else in it can be trusted yet.
pub(crate) struct UnverifiedToken<'a> {
    key_id: String,
    signed: &'a str,
    payload: &'a str,
    signature: &'a str,
}

/// A token whose signature is the issuer's; its claims can be trusted but still have to be checked.
pub(crate) struct SignedClaims(Claims);

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<OneOrMany>,
    azp: Option<String>,
    exp: Option<f64>,
    nbf: Option<f64>,
    iat: Option<f64>,
    #[serde(default, deserialize_with = "present")]
    nonce: bool,
    #[serde(default, deserialize_with = "present")]
    at_hash: bool,
    #[serde(default, deserialize_with = "present")]
    c_hash: bool,
    #[serde(default, deserialize_with = "present")]
    s_hash: bool,
    #[serde(default)]
    permissions: Value,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn contains(&self, text: &str) -> bool {
        match self {
            Self::One(one) => one == text,
            Self::Many(many) => many.iter().any(|one| one == text),
        }
    }
}

impl<'a> UnverifiedToken<'a> {
    /// Takes the bearer token out of an Authorization header and accepts it if it claims to be an RS256 access token.
    pub(crate) fn parse(authorization_header: Option<&'a str>) -> Result<Self, Rejection> {
        let token = bearer_token(authorization_header.ok_or(Rejection::Missing)?)?;
        let (signed, signature) = token.rsplit_once('.').ok_or(Rejection::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(Rejection::Malformed)?;
        let header: Header = decode(header)?;
        // The algorithm is this API's choice and never the token's, so there is nothing to confuse a public key with.
        if header.alg != "RS256" {
            return Err(Rejection::Algorithm);
        }
        let typ_fits = header.typ.is_none_or(|typ| {
            ["JWT", "at+jwt", "application/at+jwt"].iter().any(|known| known.eq_ignore_ascii_case(&typ))
        });
        // RFC 7515: a receiver that does not understand every extension in `crit` must refuse the token.
        if !typ_fits || header.crit {
            return Err(Rejection::NotAnAccessToken);
        }
        let key_id = header.kid.ok_or(Rejection::UnknownKey)?;
        Ok(Self { key_id, signed, payload, signature })
    }

    /// The id of the key that is said to have signed it.
    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Checks the signature, and only then reads the claims.
    pub(crate) fn verify(self, key: &DecodingKey) -> Result<SignedClaims, Rejection> {
        match jsonwebtoken::crypto::verify(self.signature, self.signed.as_bytes(), key, Algorithm::RS256) {
            Ok(true) => decode(self.payload).map(SignedClaims),
            Ok(false) | Err(_) => Err(Rejection::Signature),
        }
    }
}

impl SignedClaims {
    /// The caller, if the claims are those of a current access token for this API.
    pub(crate) fn into_principal(
        self,
        issuer: &Issuer,
        audience: &Audience,
        now: SystemTime,
    ) -> Result<Principal, Rejection> {
        let claims = self.0;
        if claims.iss.as_deref().ok_or(Rejection::MissingClaim("iss"))? != issuer.as_str() {
            return Err(Rejection::Issuer { expected: issuer.as_str().to_owned() });
        }
        claims.check_is_access_token(audience)?;
        claims.check_times(now)?;
        let subject = Subject::parse(claims.sub.as_deref().ok_or(Rejection::MissingClaim("sub"))?);
        Ok(Principal { subject: subject.ok_or(Rejection::Subject)?, permissions: permissions(&claims.permissions) })
    }
}

impl Claims {
    /// An ID token's audience is the app (its client id), so the audience alone refuses it, unless somebody has
    /// configured the client id as this API's audience. Two more marks guard against that: the claims that tie an ID
    /// token to a login or to other tokens, and `azp` (the app) among the audiences. And an ID token has no
    /// `permissions`, so it could do nothing here.
    fn check_is_access_token(&self, audience: &Audience) -> Result<(), Rejection> {
        let intended_for = self.aud.as_ref().ok_or(Rejection::MissingClaim("aud"))?;
        let for_the_app = self.azp.as_deref().is_some_and(|app| intended_for.contains(app));
        if self.nonce || self.at_hash || self.c_hash || self.s_hash || for_the_app {
            return Err(Rejection::IdToken);
        }
        if !intended_for.contains(audience.as_str()) {
            return Err(Rejection::Audience { expected: audience.as_str().to_owned() });
        }
        Ok(())
    }

    fn check_times(&self, now: SystemTime) -> Result<(), Rejection> {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs_f64();
        if now > self.exp.ok_or(Rejection::MissingClaim("exp"))? + LEEWAY_SECONDS {
            return Err(Rejection::Expired);
        }
        if self.nbf.is_some_and(|not_before| now < not_before - LEEWAY_SECONDS) {
            return Err(Rejection::NotYetValid);
        }
        if self.iat.is_some_and(|issued_at| now < issued_at - LEEWAY_SECONDS) {
            return Err(Rejection::IssuedInFuture);
        }
        Ok(())
    }
}

fn bearer_token(header: &str) -> Result<&str, Rejection> {
    if header.len() > MAX_AUTHORIZATION_BYTES {
        return Err(Rejection::TooLong { limit: MAX_AUTHORIZATION_BYTES });
    }
    let (scheme, token) = header.trim_matches(' ').split_once(' ').ok_or(Rejection::NotBearer)?;
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(Rejection::NotBearer);
    }
    Ok(token.trim_start_matches(' '))
}

fn decode<T: DeserializeOwned>(part: &str) -> Result<T, Rejection> {
    let json = URL_SAFE_NO_PAD.decode(part).map_err(|_| Rejection::Malformed)?;
    serde_json::from_slice(&json).map_err(|_| Rejection::Malformed)
}

/// The claim's permissions. Entries that are not permissions are left out, and so are entries beyond the bound.
fn permissions(claim: &Value) -> Vec<Permission> {
    let entries = claim.as_array().into_iter().flatten();
    entries.filter_map(Value::as_str).filter_map(Permission::parse).take(MAX_PERMISSIONS).collect()
}

/// True for a member that is there, whatever its value: null counts as well.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}
