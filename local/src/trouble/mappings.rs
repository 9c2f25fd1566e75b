//! Event source mappings: what takes messages from a queue or writes from a stream, and hands them to a function.

use anyhow::{Context, Result, ensure};
use http::Method;
use serde_json::{Value, json};

use crate::stack::api::Api;

const PATH: &str = "/2015-03-31/event-source-mappings/";

/// The event source mappings of the emulator.
#[derive(Clone, Debug)]
pub(super) struct Mappings {
    /// The emulator's address.
    pub endpoint: String,
}

impl Mappings {
    /// Switches the mappings of the function with the physical name `function` on or off. What is so already is left alone.
    ///
    /// # Errors
    /// When the function has no mapping, or the emulator refuses the call.
    pub(super) async fn switch(&self, function: &str, enabled: bool) -> Result<()> {
        // A client of its own for each call: the calls come from several runtimes.
        let api = Api::new(&self.endpoint, "lambda")?;
        let listed = api.call(Method::GET, &format!("{PATH}?FunctionName={function}"), &Value::Null).await?;
        let mappings = listed["EventSourceMappings"].as_array().cloned().unwrap_or_default();
        ensure!(
            !mappings.is_empty(),
            "{function} has no event source mapping: look whether template.yaml gives it one"
        );
        let wrong = if enabled { "Disabled" } else { "Enabled" };
        for mapping in mappings.iter().filter(|mapping| mapping["State"] == wrong) {
            let id = mapping["UUID"].as_str().context("the emulator names no UUID of a mapping")?;
            api.call(Method::PUT, &format!("{PATH}{id}"), &json!({"Enabled": enabled})).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests;
