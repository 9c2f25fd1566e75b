//! `operate adopt`: takes the tables that an earlier stack has left into a new stack of the same name, with what is in them.
//!
//! CloudFormation imports by itself only resources whose names are literals in the template, so the tables are named here. The
//! new stack has nothing but the tables; the deployment after it creates the rest.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use aws_sdk_cloudformation::error::ProvideErrorMetadata as _;
use aws_sdk_cloudformation::types::{ChangeSetStatus, ChangeSetType, Parameter, ResourceToImport};
use aws_sdk_cloudformation::{Client, client::Waiters as _};

use crate::commands::check::of_failed_import;
use crate::environment::Environment;
use crate::speech::say;
use crate::stack::Stack;
use crate::template::{Template, with_alone};

const CHANGE_SET: &str = "adopt-tables";
/// How long CloudFormation may take for one of the two steps.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(300);

/// Imports what is there of the environment's tables.
pub(crate) async fn run(directory: &Path, name: &str) -> Result<()> {
    let (environment, text) = Environment::open(directory, name)?;
    let stack = Stack::named(environment.stack.clone()).await;
    let status = stack.deployed().await?.map(|deployed| deployed.status);
    let is_begun = status.is_some();
    if let Some(objection) = status.and_then(|status| objection(name, &environment.stack, &status)) {
        bail!(objection);
    }
    let tables = stack.left_over(&Template::read(&text)).await?;
    if tables.is_empty() {
        bail!("there is no table of a stack {}: deploy it", environment.stack);
    }
    let client = Client::new(stack.clients().config());
    let ids: Vec<&str> = tables.iter().map(|(_, id)| id.as_str()).collect();
    take(&client, &environment, is_begun, &with_alone(&text, &ids), &tables).await?;
    for (table, _) in &tables {
        say!("{table} is in the stack {}", environment.stack);
    }
    say!("now deploy: make deploy ENV={name}");
    Ok(())
}

/// What a stack of this status has against taking tables in.
fn objection(name: &str, stack: &str, status: &str) -> Option<String> {
    match status {
        // Only a change set was made of it.
        "REVIEW_IN_PROGRESS" => None,
        "IMPORT_ROLLBACK_COMPLETE" | "IMPORT_ROLLBACK_FAILED" => Some(of_failed_import(name, stack, status)),
        _ if status.ends_with("_IN_PROGRESS") => {
            Some(format!("the stack {stack} is {status}: wait until that is done, then adopt again"))
        }
        _ => Some(format!("the stack {stack} is there already: its tables are in it")),
    }
}

/// Deletes the change set that an import has left which went no further: its name would be taken.
async fn forget(client: &Client, stack: &str) -> Result<()> {
    match client.delete_change_set().stack_name(stack).change_set_name(CHANGE_SET).send().await {
        Err(error) if error.code().is_some_and(|code| code.starts_with("ChangeSetNotFound")) => Ok(()),
        forgotten => forgotten.map(drop).with_context(|| {
            format!(
                "cannot delete the change set {CHANGE_SET}, which an earlier import into the stack {stack} has left"
            )
        }),
    }
}

/// Takes the tables in. `is_begun` says that something of the stack is there.
async fn take(
    client: &Client,
    environment: &Environment,
    is_begun: bool,
    body: &str,
    tables: &[(String, String)],
) -> Result<()> {
    let stack = &environment.stack;
    if is_begun {
        forget(client, stack).await?;
    }
    let resource = |(table, id): &(String, String)| {
        let resource = ResourceToImport::builder().resource_type("AWS::DynamoDB::Table").logical_resource_id(id);
        resource.resource_identifier("TableName", table).build()
    };
    let parameter =
        |(name, value): (&String, &String)| Parameter::builder().parameter_key(name).parameter_value(value).build();
    client
        .create_change_set()
        .stack_name(stack)
        .change_set_name(CHANGE_SET)
        .change_set_type(ChangeSetType::Import)
        .template_body(body)
        .set_resources_to_import(Some(tables.iter().map(resource).collect()))
        .set_parameters(Some(environment.parameters.iter().map(parameter).collect()))
        .send()
        .await
        .context("cannot ask for the import")?;
    let made = client.wait_until_change_set_create_complete().stack_name(stack).change_set_name(CHANGE_SET);
    if let Err(error) = made.wait(PATIENCE).await {
        let described = client.describe_change_set().stack_name(stack).change_set_name(CHANGE_SET).send().await?;
        ensure!(described.status() == Some(&ChangeSetStatus::CreateComplete), "{error}: {described:?}");
    }
    client.execute_change_set().stack_name(stack).change_set_name(CHANGE_SET).send().await.context("cannot import")?;
    let done = client.wait_until_stack_import_complete().stack_name(stack).wait(PATIENCE).await;
    done.context("the import has failed: aws cloudformation describe-stack-events says why")?;
    Ok(())
}

#[cfg(test)]
mod tests;
