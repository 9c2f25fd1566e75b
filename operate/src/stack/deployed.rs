//! What is there of a stack: as CloudFormation knows it, and what an earlier stack has left.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::error::ProvideErrorMetadata;

use super::Stack;
use crate::template::Template;

/// What CloudFormation says of a stack that is there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deployed {
    /// Such as `UPDATE_COMPLETE`.
    pub(crate) status: String,
    /// The values of its parameters.
    pub(crate) parameters: BTreeMap<String, String>,
    /// Its outputs.
    pub(crate) outputs: BTreeMap<String, String>,
}

impl Stack {
    /// What CloudFormation says of it; nothing when it was never deployed.
    ///
    /// # Errors
    /// When CloudFormation cannot be asked.
    pub(crate) async fn deployed(&self) -> Result<Option<Deployed>> {
        let client = Client::new(self.clients.config());
        let described = match client.describe_stacks().stack_name(&self.name).send().await {
            // CloudFormation has no code of its own for a stack that is not there.
            Err(error) if error.message().is_some_and(|message| message.contains("does not exist")) => return Ok(None),
            described => described.context("cannot ask CloudFormation: look at AWS_REGION and at the credentials")?,
        };
        let Some(stack) = described.stacks().first() else { return Ok(None) };
        let pairs = |key: Option<&str>, value: Option<&str>| Some((key?.to_owned(), value?.to_owned()));
        let parameters = stack.parameters().iter().filter_map(|it| pairs(it.parameter_key(), it.parameter_value()));
        let outputs = stack.outputs().iter().filter_map(|it| pairs(it.output_key(), it.output_value()));
        let status = stack.stack_status().map(|status| status.as_str().to_owned()).unwrap_or_default();
        Ok(Some(Deployed { status, parameters: parameters.collect(), outputs: outputs.collect() }))
    }

    /// The tables of its name that are there, with their logical ids: when the stack is not, an earlier stack has left them.
    ///
    /// # Errors
    /// When DynamoDB cannot be asked.
    pub(crate) async fn left_over(&self, template: &Template) -> Result<Vec<(String, String)>> {
        let mut found = Vec::new();
        for (table, id) in &template.tables {
            let table = format!("{}-{table}", self.name);
            match self.clients.dynamodb().describe_table().table_name(&table).send().await {
                Ok(_) => found.push((table, id.clone())),
                Err(error) if error.as_service_error().is_some_and(|it| it.is_resource_not_found_exception()) => {}
                Err(error) => return Err(error).context("cannot look for tables of an earlier stack"),
            }
        }
        Ok(found)
    }
}
