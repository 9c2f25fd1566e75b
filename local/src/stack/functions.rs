//! Asks the emulator how a function is configured.

use std::collections::BTreeMap;

use anyhow::Result;
use http::Method;
use serde_json::Value;

use crate::stack::api::Api;

/// The environment variables of the function with the physical name `function`.
///
/// # Errors
/// When the emulator does not know the function.
pub(crate) async fn environment(endpoint: &str, function: &str) -> Result<BTreeMap<String, String>> {
    let path = format!("/2015-03-31/functions/{function}/configuration");
    let configuration = Api::new(endpoint, "lambda")?.call(Method::GET, &path, &Value::Null).await?;
    let variables = configuration["Environment"]["Variables"].as_object().into_iter().flatten();
    Ok(variables.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect())
}
