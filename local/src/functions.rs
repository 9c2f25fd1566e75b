//! Asks the emulator how a function is configured.

use std::collections::BTreeMap;
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow, bail};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use serde_json::Value;

use crate::clients::{REGION, ROOT};

/// The environment variables of the function with the physical name `function`. This one call is signed by hand, because
/// Lambda's SDK would take longer to compile than all of this crate.
///
/// # Errors
/// When the emulator does not know the function.
pub async fn environment(endpoint: &str, function: &str) -> Result<BTreeMap<String, String>> {
    let url = format!("{endpoint}/2015-03-31/functions/{function}/configuration");
    let mut request = http::Request::get(&url).body(())?;
    let identity = Credentials::new(ROOT, ROOT, None, None, "local AWS").into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name("lambda")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()?;
    let signable = SignableRequest::new("GET", &url, std::iter::empty(), SignableBody::Bytes(&[]))?;
    let (instructions, _) = sign(signable, &parameters.into()).context("cannot sign")?.into_parts();
    instructions.apply_to_request_http1x(&mut request);
    let client = reqwest::Client::builder().no_proxy().build()?;
    let answer = client.get(&url).headers(request.headers().clone()).send().await.context("the emulator is silent")?;
    let status = answer.status();
    let configuration: Value =
        answer.json().await.with_context(|| anyhow!("{function} has no configuration ({status})"))?;
    if !status.is_success() {
        bail!("the emulator does not know {function}: {configuration}");
    }
    let variables = configuration["Environment"]["Variables"].as_object().into_iter().flatten();
    Ok(variables.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect())
}
