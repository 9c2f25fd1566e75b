//! What the template declares for the console, completed with the values of this machine.

use anyhow::{Context, Result, bail, ensure};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::Surroundings;
use crate::stack::template::Template;

/// The resource that declares the headers.
const HEADERS: &str = "ConsoleHeaders";
/// The output that holds the configuration.
const CONFIGURATION: &str = "ConsoleConfiguration";
/// The directive of the security policy that says what the app may call.
const CALLS: &str = "connect-src 'self'";

/// The headers that go with every answer.
pub(super) fn headers(template: &Template, surroundings: &Surroundings<'_>) -> Result<HeaderMap> {
    let declared = template.properties(HEADERS)?;
    let declared = &declared["ResponseHeadersPolicyConfig"];
    let security = declared["SecurityHeadersConfig"].as_object();
    let mut headers = HeaderMap::new();
    let mut add = |name: &str, value: &str| -> Result<()> {
        headers.insert(HeaderName::try_from(name.to_lowercase())?, HeaderValue::try_from(value)?);
        Ok(())
    };
    for (kind, fields) in security.with_context(|| format!("{HEADERS} has no SecurityHeadersConfig"))? {
        let text = |field: &str| completed(&fields[field], surroundings);
        match kind.as_str() {
            "ContentSecurityPolicy" => {
                add("content-security-policy", &with_trouble(text("ContentSecurityPolicy")?, surroundings)?)?;
            }
            "ContentTypeOptions" => add("x-content-type-options", "nosniff")?,
            "FrameOptions" => add("x-frame-options", &text("FrameOption")?)?,
            "ReferrerPolicy" => add("referrer-policy", &text("ReferrerPolicy")?)?,
            "StrictTransportSecurity" => {
                let seconds = fields["AccessControlMaxAgeSec"].as_u64();
                let seconds = seconds.with_context(|| format!("{kind} has no AccessControlMaxAgeSec"))?;
                add("strict-transport-security", &format!("max-age={seconds}"))?;
            }
            other => {
                bail!("{HEADERS} has {other}, which this server does not know: add it to front/console/declared.rs")
            }
        }
    }
    for item in declared["CustomHeadersConfig"]["Items"].as_array().into_iter().flatten() {
        add(&completed(&item["Header"], surroundings)?, &completed(&item["Value"], surroundings)?)?;
    }
    Ok(headers)
}

/// The policy with the server of troubles among what the app may call.
fn with_trouble(policy: String, surroundings: &Surroundings<'_>) -> Result<String> {
    let Some(trouble) = surroundings.trouble else { return Ok(policy) };
    ensure!(policy.contains(CALLS), "the policy of {HEADERS} says nothing of {CALLS}: {policy}");
    Ok(policy.replacen(CALLS, &format!("{CALLS} {trouble}"), 1))
}

/// What the app is told: where the API and the issuer are and, on a local AWS, where it can make trouble.
pub(super) fn configuration(template: &Template, surroundings: &Surroundings<'_>) -> Result<Value> {
    let declared = &template.as_json()["Outputs"][CONFIGURATION]["Value"];
    let text = completed(declared, surroundings).with_context(|| format!("the output {CONFIGURATION}"))?;
    let mut configuration: Value =
        serde_json::from_str(&text).with_context(|| format!("the output {CONFIGURATION} is no JSON: {text}"))?;
    if let Some(trouble) = surroundings.trouble {
        configuration["local"] = json!({"troubleUrl": trouble});
    }
    Ok(configuration)
}

/// A text of the template with values in place of what it names.
fn completed(declared: &Value, surroundings: &Surroundings<'_>) -> Result<String> {
    let text = match declared {
        Value::String(text) => return Ok(text.clone()),
        _ => declared["Fn::Sub"].as_str().with_context(|| format!("{declared} is no text"))?,
    };
    let mut parts = text.split("${");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').with_context(|| format!("a name does not end in {text}"))?;
        let value = match name {
            "HttpApi.ApiEndpoint" => surroundings.api,
            parameter => {
                let value = surroundings.parameters.get(parameter);
                value.with_context(|| format!("{name} has no value here: {text}"))?
            }
        };
        whole.push_str(value);
        whole.push_str(rest);
    }
    Ok(whole)
}
