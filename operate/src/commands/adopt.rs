//! `operate adopt`: takes the tables that an earlier stack has left into a new stack of the same name, with what is in them.
//!
//! CloudFormation imports by itself only resources whose names are literals in the template, so the tables are named here. The
//! new stack has nothing but the tables; the deployment after it creates the rest.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use aws_sdk_cloudformation::types::{ChangeSetStatus, ChangeSetType, Parameter, ResourceToImport};
use aws_sdk_cloudformation::{Client, client::Waiters as _};

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
    let is_free = status.as_deref().is_none_or(|status| status == "REVIEW_IN_PROGRESS");
    ensure!(is_free, "the stack {} is there already: its tables are in it", environment.stack);
    let tables = stack.left_over(&Template::read(&text)).await?;
    if tables.is_empty() {
        bail!("there is no table of a stack {}: deploy it", environment.stack);
    }
    let client = Client::new(stack.clients().config());
    let ids: Vec<&str> = tables.iter().map(|(_, id)| id.as_str()).collect();
    import(&client, &environment, with_alone(&text, &ids), &tables).await?;
    for (table, _) in &tables {
        say!("{table} is in the stack {}", environment.stack);
    }
    say!("now deploy: make deploy ENV={name}");
    Ok(())
}

async fn import(client: &Client, environment: &Environment, body: String, tables: &[(String, String)]) -> Result<()> {
    let stack = &environment.stack;
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
