//! An access token as its holder can read it, before it is sent anywhere: what is wrong with it, and what to do.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};
use auth::{Permission, PermissionDenied, Policy, Principal, Subject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

/// A longer token is not looked at.
const MAX_BYTES: usize = 8 * 1024;

/// An access token and what it says.
#[derive(Clone)]
pub(crate) struct Token {
    text: String,
    claims: Claims,
    /// The environment variable that it came from.
    variable: &'static str,
}

#[derive(Clone, Debug, Deserialize)]
struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Audiences>,
    exp: Option<f64>,
    permissions: Option<Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Audiences {
    One(String),
    Many(Vec<String>),
}

impl Token {
    /// Reads the token in the environment variable `variable`, which must be set.
    ///
    /// # Errors
    /// When it is not set, or holds no JWT with a subject.
    pub(crate) fn given(variable: &'static str, text: Option<&str>) -> Result<Self> {
        let text = text.with_context(|| {
            format!(
                "{variable} is not set: export an access token of the API's issuer in it; on the local AWS, \
                 {variable}=$(target/local/local token --permissions <what it needs, separated by commas>)"
            )
        })?;
        Self::parse(variable, text)
    }

    /// Reads the token in the environment variable `variable`.
    ///
    /// # Errors
    /// When it is no JWT with a subject.
    pub(crate) fn parse(variable: &'static str, text: &str) -> Result<Self> {
        let text = text.trim().trim_start_matches("Bearer ").to_owned();
        ensure!(!text.is_empty(), "{variable} is empty: export an access token in it");
        ensure!(text.len() <= MAX_BYTES, "{variable} is longer than {MAX_BYTES} bytes: that is no access token");
        let payload = text.split('.').nth(1).filter(|_| text.split('.').count() == 3);
        let payload = payload.and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
        let claims = payload.and_then(|payload| serde_json::from_slice::<Claims>(&payload).ok());
        let Some(claims) = claims else {
            bail!(
                "{variable} holds no JWT: export the access token as the issuer gave it. If it is short or opaque, it was \
                 asked for without an audience: name the API's identifier as `audience` when you ask for it"
            )
        };
        ensure!(
            claims.sub.as_deref().and_then(Subject::parse).is_some(),
            "the token in {variable} has no subject (`sub`): get an access token of a user or of a machine-to-machine client"
        );
        Ok(Self { text, claims, variable })
    }

    /// The token, to be sent.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whose it is.
    pub(crate) fn subject(&self) -> &str {
        self.claims.sub.as_deref().unwrap_or_default()
    }

    /// The environment variable that it came from.
    pub(crate) fn variable(&self) -> &'static str {
        self.variable
    }

    /// The APIs that it is for.
    pub(crate) fn audiences(&self) -> Vec<&str> {
        match &self.claims.aud {
            None => Vec::new(),
            Some(Audiences::One(one)) => vec![one],
            Some(Audiences::Many(many)) => many.iter().map(String::as_str).collect(),
        }
    }

    /// How long it is good for at `now`.
    ///
    /// # Errors
    /// When it has expired, or never expires.
    pub(crate) fn left(&self, now: SystemTime) -> Result<Duration> {
        let variable = self.variable;
        let expires =
            self.claims.exp.with_context(|| format!("the token in {variable} has no `exp`: get an access token"))?;
        let left = expires - now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        match Duration::try_from_secs_f64(left) {
            Ok(left) if !left.is_zero() => Ok(left),
            _ => bail!("the token in {variable} has expired: get a new one from its issuer and export it"),
        }
    }

    /// Checks who has issued it.
    ///
    /// # Errors
    /// When that is another issuer than `issuer`.
    pub(crate) fn must_come_from(&self, issuer: &str) -> Result<()> {
        let variable = self.variable;
        let from = self.claims.iss.as_deref().unwrap_or("nobody");
        ensure!(
            from == issuer,
            "the token in {variable} comes from {from} and not from ISSUER, which is {issuer}: the two must be equal to the \
             letter, the last \"/\" included; correct ISSUER or get a token from there"
        );
        Ok(())
    }

    /// Checks that it opens the RPCs at these paths.
    ///
    /// # Errors
    /// Names the permissions that it lacks.
    pub(crate) fn must_open(&self, policy: &Policy, paths: &[&str]) -> Result<()> {
        let Some(permissions) = &self.claims.permissions else {
            bail!(
                "the token in {} has no claim `permissions`: at the issuer, turn on RBAC and \"Add Permissions in the Access \
                 Token\" for this API, then get a new token",
                self.variable
            )
        };
        let subject = Subject::parse(self.subject()).context("the token has no subject")?;
        let permissions = permissions.iter().filter_map(|text| Permission::parse(text)).collect();
        let holder = Principal { subject, permissions };
        let mut lacking = Vec::new();
        for path in paths {
            match policy.require(&holder, path) {
                Ok(()) => {}
                Err(PermissionDenied::Lacks(permission)) => lacking.push(permission.to_string()),
                Err(closed) => bail!(closed),
            }
        }
        lacking.dedup();
        ensure!(
            lacking.is_empty(),
            "the token in {} lacks {}: have that assigned to {:?} at the issuer, then get a new token",
            self.variable,
            lacking.join(", "),
            self.subject()
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests;
