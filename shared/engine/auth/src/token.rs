//! A token is trusted part by part: each type here holds what has been checked so far, and gives away nothing else.

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::dangerous::insecure_decode_claims;
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::{Audience, Issuer, Permission, Principal, Rejection, Subject};

/// The whole header; API Gateway accepts 10 KB of headers in all.
const MAX_AUTHORIZATION_BYTES: usize = 8 * 1024;
const MAX_PERMISSIONS: usize = 100;
/// How far this clock and the issuer's may disagree, in seconds.
const LEEWAY_SECONDS: f64 = 60.0;
/// The claims that jsonwebtoken requires. It would require `exp` as well, but calls a negative `exp` absent.
const REQUIRED: [&str; 3] = ["iss", "aud", "sub"];

/// Whose tokens are accepted, and for which API.
///
/// What jsonwebtoken can check is its own: the three parts and their base64url, the algorithm and the signature, that `iss`,
/// `aud` and `sub` are there, that `iss` is the issuer and that the API is among the audiences. These checks are ours:
/// * the times: jsonwebtoken reads the system's clock, but here the clock is an argument; it knows no `iat` either;
/// * the bounds of the header, of the subject and of the permissions, which it does not have;
/// * the header's `typ` and `crit`, which it reads and does not judge;
/// * the marks of an ID token and `cnf`, which it does not know;
/// * the types of claims: it takes a list of issuers for `iss`, and a claim of a type that it does not expect for absent;
/// * that the algorithm is refused by name and before a key is looked for, so that a caller is told what to change.
pub(crate) struct Expected {
    issuer: Issuer,
    audience: Audience,
    validation: Validation,
}

/// A token whose header is acceptable; nothing else in it can be trusted yet.
pub(crate) struct UnverifiedToken<'a> {
    key_id: String,
    token: &'a str,
}

/// A token whose signature is the issuer's and that is for this API; its other claims still have to be checked.
pub(crate) struct SignedClaims(Claims);

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
}

/// Serde refuses a claim that comes twice: two readers could each take another of the two.
#[derive(Deserialize)]
struct Claims {
    #[serde(rename = "iss")]
    _iss: Option<String>,
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
    #[serde(default, deserialize_with = "present")]
    cnf: bool,
    #[serde(default)]
    permissions: Value,
    /// Takes the claims that nobody asks for, so that all of the text is read: claims are an object (serde would take a
    /// list of values in the order of these fields as well) and UTF-8 throughout (what is skipped would not be decoded).
    #[serde(flatten)]
    _others: HashMap<String, IgnoredAny>,
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

impl Expected {
    /// Expects tokens of this issuer for this API.
    pub(crate) fn new(issuer: Issuer, audience: Audience) -> Self {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_required_spec_claims(&REQUIRED);
        validation.set_issuer(&[issuer.as_str()]);
        validation.set_audience(&[audience.as_str()]);
        // It would ask the system's clock: `Claims::check_times` does this.
        validation.validate_exp = false;
        Self { issuer, audience, validation }
    }
}

impl<'a> UnverifiedToken<'a> {
    /// Takes the bearer token out of an Authorization header and accepts it if it claims to be an RS256 access token.
    pub(crate) fn parse(authorization_header: Option<&'a str>) -> Result<Self, Rejection> {
        let token = bearer_token(authorization_header.ok_or(Rejection::Missing)?)?;
        let (header, _) = token.split_once('.').unwrap_or((token, ""));
        let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| Rejection::Malformed)?;
        let header: Header = serde_json::from_slice(&header).map_err(|_| Rejection::Malformed)?;
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
        Ok(Self { key_id, token })
    }

    /// The id of the key that is said to have signed it.
    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Checks the signature, and only then reads the claims and looks whom the token is from and for.
    pub(crate) fn verify(self, key: &DecodingKey, expected: &Expected) -> Result<SignedClaims, Rejection> {
        match jsonwebtoken::decode(self.token, key, &expected.validation) {
            Ok(decoded) => Ok(SignedClaims(decoded.claims)),
            Err(error) => Err(self.refusal(&error, expected)),
        }
    }

    fn refusal(&self, error: &Error, expected: &Expected) -> Rejection {
        match error.kind() {
            ErrorKind::MissingRequiredClaim(absent) => {
                REQUIRED.into_iter().find(|name| name == absent).map_or(Rejection::Malformed, Rejection::MissingClaim)
            }
            ErrorKind::InvalidIssuer => Rejection::Issuer { expected: expected.issuer.as_str().to_owned() },
            // An ID token's audience is the app, and whoever sends it needs to hear that another token is to be sent. At
            // this point the signature is known to be good.
            ErrorKind::InvalidAudience => match insecure_decode_claims::<Claims>(self.token) {
                Ok(claims) if claims.are_of_an_id_token() => Rejection::IdToken,
                _ => Rejection::Audience { expected: expected.audience.as_str().to_owned() },
            },
            ErrorKind::InvalidToken | ErrorKind::Base64(_) | ErrorKind::Json(_) => Rejection::Malformed,
            _ => Rejection::Signature,
        }
    }
}

impl SignedClaims {
    /// The caller, if the claims are those of a current access token that needs nothing beside it.
    pub(crate) fn into_principal(self, now: SystemTime) -> Result<Principal, Rejection> {
        let claims = self.0;
        if claims.are_of_an_id_token() {
            return Err(Rejection::IdToken);
        }
        // RFC 7800: whoever sends it has to prove that they hold a key, and nobody asks for that proof here. As a bearer
        // token it would be worth as much to a thief. Null counts as well: what it confirms is then unclear.
        if claims.cnf {
            return Err(Rejection::SenderConstrained);
        }
        claims.check_times(now)?;
        let subject = claims.sub.as_deref().and_then(Subject::parse).ok_or(Rejection::Subject)?;
        Ok(Principal { subject, permissions: permissions(&claims.permissions) })
    }
}

impl Claims {
    /// An ID token's audience is the app (its client id), so the audience alone refuses it, unless somebody has
    /// configured the client id as this API's audience. Two more marks guard against that: the claims that tie an ID
    /// token to a login or to other tokens, and `azp` (the app) among the audiences. And an ID token has no
    /// `permissions`, so it could do nothing here.
    fn are_of_an_id_token(&self) -> bool {
        let for_the_app = self.azp.as_ref().zip(self.aud.as_ref()).is_some_and(|(app, aud)| aud.contains(app));
        self.nonce || self.at_hash || self.c_hash || self.s_hash || for_the_app
    }

    /// RFC 7519: `exp` and `nbf` with some leeway, to a fraction of a second; and `iat`, as a token of tomorrow is made up.
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
    // RFC 9449: this is how a token comes that is bound to a key.
    if scheme.eq_ignore_ascii_case("DPoP") {
        return Err(Rejection::SenderConstrained);
    }
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(Rejection::NotBearer);
    }
    Ok(token.trim_start_matches(' '))
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
