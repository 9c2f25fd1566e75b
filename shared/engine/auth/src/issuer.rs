//! Whom an API trusts, parsed when the function starts: a malformed configuration serves no call.

use http::Uri;
use thiserror::Error;

const MAX_ISSUER_BYTES: usize = 512;
const MAX_AUDIENCE_BYTES: usize = 512;
const LOOPBACK: &str = "127.0.0.1";

/// The tenant that issues the tokens, exactly as its tokens name it in `iss`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    text: String,
    jwks_uri: Uri,
}

/// Why a text is not an issuer this API can trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum IssuerError {
    /// The text does not have the form of an issuer.
    #[error("the token issuer must be a URL like https://tenant.eu.auth0.com/ without user, query or fragment")]
    NotAUrl,
    /// The text lacks the slash that Auth0 puts at the end of `iss`.
    #[error("the token issuer must end in a slash, as `iss` does in the tokens: https://tenant.eu.auth0.com/")]
    NoTrailingSlash,
    /// The issuer's keys would travel over a network unprotected.
    #[error("the token issuer must use https (http is accepted only for the host {LOOPBACK}, for development)")]
    NotHttps,
}

impl Issuer {
    /// Accepts an https URL that ends in a slash, and plain http only for the host 127.0.0.1.
    pub fn parse(text: &str) -> Result<Self, IssuerError> {
        // `Uri` drops a fragment and keeps user information inside the authority, so both are looked for in the text.
        let plain = text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '@' | '?' | '#' | '\\'));
        if text.len() > MAX_ISSUER_BYTES || !plain {
            return Err(IssuerError::NotAUrl);
        }
        let uri: Uri = text.parse().map_err(|_| IssuerError::NotAUrl)?;
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(IssuerError::NotAUrl)?;
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if host == LOOPBACK => {}
            Some("http") => return Err(IssuerError::NotHttps),
            _ => return Err(IssuerError::NotAUrl),
        }
        if !text.ends_with('/') {
            return Err(IssuerError::NoTrailingSlash);
        }
        let jwks_uri = format!("{text}.well-known/jwks.json").parse().map_err(|_| IssuerError::NotAUrl)?;
        Ok(Self { text: text.to_owned(), jwks_uri })
    }

    /// The issuer as its tokens write it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where the issuer publishes its signing keys.
    pub(crate) fn jwks_uri(&self) -> &Uri {
        &self.jwks_uri
    }
}

/// The identifier of this API, which its access tokens carry in `aud`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience(String);

/// Why a text is not an API identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the token audience must be the API's identifier: 1 to {MAX_AUDIENCE_BYTES} visible ASCII characters")]
pub struct AudienceError;

impl Audience {
    /// Accepts any visible ASCII text, as Auth0 does for an API identifier.
    pub fn parse(text: &str) -> Result<Self, AudienceError> {
        let visible = text.chars().all(|c| c.is_ascii_graphic());
        if text.is_empty() || text.len() > MAX_AUDIENCE_BYTES || !visible {
            return Err(AudienceError);
        }
        Ok(Self(text.to_owned()))
    }

    /// The identifier as tokens write it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
