//! Whether the API and its issuer take a token, found out before anything is written.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail, ensure};
use auth::{Audience, HttpKeySource, Issuer, Verifier};
use reqwest::Url;
use serde_json::Value;
use uuid::Uuid;

use super::client::{Answer, Client};
use super::token::Token;

/// How long a call may take: API Gateway gives up after 30 seconds.
const CALL_LIMIT: Duration = Duration::from_secs(30);

/// Whether the address never leaves this machine.
fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// An HTTP client for the API and its issuer. Addresses of this machine are reached without a proxy.
///
/// # Errors
/// When this machine has no certificates to trust.
pub(crate) fn http(api: &str) -> Result<reqwest::Client> {
    let is_here = Url::parse(api).is_ok_and(|url| is_here(&url));
    let builder = reqwest::Client::builder().timeout(CALL_LIMIT);
    let builder = if is_here { builder.no_proxy() } else { builder };
    builder.build().context("no HTTP client: install your system's ca-certificates")
}

/// The API's address as callers use it, without a trailing "/".
///
/// # Errors
/// When it is no address, or the token would be sent there in the clear.
pub(crate) fn address(api: &str) -> Result<String> {
    let address = api.trim().trim_end_matches('/');
    let is_plain = |url: &Url| {
        ["http", "https"].contains(&url.scheme()) && url.has_host() && url.query().is_none() && url.fragment().is_none()
    };
    let url = Url::parse(address).ok().filter(is_plain);
    let url = url.context(
        "API is no address: give the stack's output ApiUrl, such as https://abc.execute-api.eu-central-1.amazonaws.com",
    )?;
    ensure!(
        url.scheme() == "https" || is_here(&url),
        "API is an http:// address of another machine: the token would travel in the clear, for anybody on the way to read and use; \
         give the stack's output ApiUrl, which begins with https://"
    );
    Ok(address.to_owned())
}

/// Asks the API for an order that nobody has: whoever gets any answer but a refusal of the token may come in.
///
/// # Errors
/// When the API refuses the token, or does not answer as this API does.
pub(crate) async fn knock(client: &Client, token: &Token) -> Result<()> {
    let answer = client.look(&Uuid::new_v4().to_string()).await?;
    judge(&answer, token)
}

fn judge(answer: &Answer, token: &Token) -> Result<()> {
    let code = answer.body["code"].as_str().unwrap_or_default();
    match answer.status {
        200 | 403 | 404 if !code.is_empty() => Ok(()),
        401 => bail!(
            "the API refuses the token in {} (401{}): it is for {:?}. The stack must have one of these as TokenAudience, and the \
             token's issuer as TokenIssuer: compare them with the stack's parameters",
            token.variable(),
            answer.body["message"].as_str().map(|message| format!(", {message}")).unwrap_or_default(),
            token.audiences(),
        ),
        404 => bail!(
            "the address answers, but knows no FindOrder (404): is API the stack's output ApiUrl, without a path?"
        ),
        status => bail!(
            "the API answers {status} to a harmless question: look into the log of find-order and of the API before you go on"
        ),
    }
}

/// Asks the issuer as the deployed API will: for its discovery document, which API Gateway reads, and for the key that has
/// signed the token, which each function reads.
///
/// # Errors
/// When the issuer does not answer as it must, or the token is not its own.
pub(crate) async fn ask_issuer(http: &reqwest::Client, issuer: &str, tokens: &[&Token]) -> Result<()> {
    let known = Issuer::parse(issuer).map_err(|error| anyhow::anyhow!("ISSUER: {error}"))?;
    let discovery = format!("{issuer}.well-known/openid-configuration");
    let cannot = || format!("ISSUER has no discovery document at {discovery}: is it the address of your tenant?");
    let response = http.get(&discovery).send().await.map_err(reqwest::Error::without_url).with_context(cannot)?;
    let response = response.error_for_status().map_err(reqwest::Error::without_url).with_context(cannot)?;
    let document: Value = response.json().await.map_err(reqwest::Error::without_url).with_context(cannot)?;
    check_discovery(&document, issuer)?;
    for token in tokens {
        // Which audience is right, the API alone knows; here the token's own is taken as right.
        let Some(audience) = token.audiences().first().copied() else {
            bail!(
                "the token in {} has no audience (`aud`): ask for it with the API's identifier as `audience`",
                token.variable()
            )
        };
        let audience = Audience::parse(audience)?;
        let verifier = Verifier::new(known.clone(), audience, Arc::new(HttpKeySource::new(&known)));
        let header = format!("Bearer {}", token.text());
        let verified = verifier.verify(Some(&header), SystemTime::now()).await;
        verified.with_context(|| format!("the token in {} is not good", token.variable()))?;
    }
    Ok(())
}

fn check_discovery(document: &Value, issuer: &str) -> Result<()> {
    let named = document["issuer"].as_str().unwrap_or("nobody");
    ensure!(
        named == issuer,
        "the discovery document of {issuer} names the issuer {named}: give ISSUER (and the stack's TokenIssuer) to the letter"
    );
    let (keys, expected) =
        (document["jwks_uri"].as_str().unwrap_or_default(), format!("{issuer}.well-known/jwks.json"));
    ensure!(
        keys == expected,
        "the issuer publishes its keys at {keys:?}, and the functions look at {expected}: this issuer cannot be used"
    );
    Ok(())
}

#[cfg(test)]
mod tests;
