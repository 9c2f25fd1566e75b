//! `operate check` looks at the stack as it is, before a deployment changes it, and `operate adopt` makes what it misses.

use std::process::{Command, Output};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use aws_sdk_dynamodb::types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType};
use libtest_mimic::Trial;
use local::Workspace;
use tests::{LazySystem, System, root};

use super::shared;

pub(super) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    vec![
        shared("check::a_lane_is_switched_on_purpose_only", system, a_lane_is_switched_on_purpose_only),
        shared("check::tables_of_an_earlier_stack_are_adopted", system, tables_of_an_earlier_stack_are_adopted),
    ]
}

/// The environment `prod` of samconfig.toml with values in place of what is still to be written.
fn filled(stack: &str) -> Result<String> {
    let file = std::fs::read_to_string(root().join("samconfig.toml"))?;
    let written = file.lines().map(|line| match line.split_once(" = ") {
        Some(("stack_name", _)) => format!("stack_name = {stack:?}\n"),
        Some(("AllowedOrigins", _)) => "AllowedOrigins = \"https://example.com\"\n".to_owned(),
        Some((name, value)) if value.starts_with("\"<") => format!("{name} = \"https://example.com/\"\n"),
        _ => format!("{line}\n"),
    });
    Ok(written.collect())
}

/// What `operate check` says of the file, with these arguments besides.
async fn check(system: &System, samconfig: &str, arguments: &[&str]) -> Result<Output> {
    operate(system, "check", samconfig, arguments).await
}

async fn operate(system: &System, name: &str, samconfig: &str, arguments: &[&str]) -> Result<Output> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("samconfig.toml"), samconfig)?;
    std::fs::copy(root().join("template.yaml"), folder.path().join("template.yaml"))?;
    let program = Workspace::here().binaries().join("operate");
    let mut command = Command::new(&program);
    command.args([name, "prod", "--directory"]).arg(folder.path()).args(arguments);
    command.env("AWS_ENDPOINT_URL", system.aws().emulator().endpoint()).envs([
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_REGION", "us-east-1"),
    ]);
    let output = tokio::task::spawn_blocking(move || command.output()).await?;
    output.with_context(|| format!("{} is missing: run make build", program.display()))
}

/// Asserts how it ended, and that it has said this.
fn assert_said(output: &Output, success: bool, words: &[&str]) -> Result<()> {
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success() == success, "{said}");
    for word in words {
        ensure!(said.contains(word), "it does not say {word:?}: {said}");
    }
    Ok(())
}

async fn a_lane_is_switched_on_purpose_only(system: Arc<System>) -> Result<()> {
    let same = filled("order-saga")?;
    let output = check(&system, &same, &[]).await?;
    assert_said(&output, true, &["TokenIssuer changes from", "prod can be deployed to the stack order-saga"])?;
    let other = same.replace("Orchestrator = \"Rust\"", "Orchestrator = \"StepFunctions\"");
    let refused = ["prod cannot be deployed", "the lane Rust", "SWITCH_LANE=yes"];
    assert_said(&check(&system, &other, &[]).await?, false, &refused)?;
    let in_stages = ["prod cannot be deployed", "in stages", "Rollout = \"AllAtOnce\""];
    assert_said(&check(&system, &other, &["--switch-lane"]).await?, false, &in_stages)?;
    let at_once = |line: &str| {
        if line.starts_with("Rollout = ") { "Rollout = \"AllAtOnce\"\n".into() } else { format!("{line}\n") }
    };
    let other: String = other.lines().map(at_once).collect();
    let allowed = ["Orchestrator changes from \"Rust\" to \"StepFunctions\"", "under way: 0 executions"];
    assert_said(&check(&system, &other, &["--switch-lane"]).await?, true, &allowed)
}

async fn tables_of_an_earlier_stack_are_adopted(system: Arc<System>) -> Result<()> {
    let fresh = check(&system, &filled("fresh")?, &[]).await?;
    assert_said(&fresh, true, &["prod can be deployed to the stack fresh"])?;
    let attribute =
        AttributeDefinition::builder().attribute_name("key").attribute_type(ScalarAttributeType::S).build()?;
    let key = KeySchemaElement::builder().attribute_name("key").key_type(KeyType::Hash).build()?;
    let table = system.aws().clients().dynamodb.create_table().table_name("retained-orders");
    let table = table.attribute_definitions(attribute).key_schema(key).billing_mode(BillingMode::PayPerRequest);
    table.send().await?;
    let retained = filled("retained")?;
    let refused = ["tables of an earlier stack", "retained-orders", "make adopt ENV=prod"];
    assert_said(&check(&system, &retained, &[]).await?, false, &refused)?;
    let adopted = ["retained-orders is in the stack retained", "make deploy ENV=prod"];
    assert_said(&operate(&system, "adopt", &retained, &[]).await?, true, &adopted)?;
    assert_said(&check(&system, &retained, &[]).await?, true, &["can be deployed to the stack retained"])?;
    let again = ["the stack retained is there already"];
    assert_said(&operate(&system, "adopt", &retained, &[]).await?, false, &again)
}
