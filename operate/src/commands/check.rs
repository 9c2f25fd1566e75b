//! `operate check`: whether an environment of samconfig.toml can be deployed, and whether it does what was meant.

mod objections;

use std::path::Path;

use anyhow::{Context, Result, bail};
use aws_sdk_sfn::types::ExecutionStatus;
use aws_sdk_sqs::types::QueueAttributeName;

use crate::environment::Environment;
use crate::speech::say;
use crate::stack::{Deployed, Stack};
use crate::template::Template;

pub(super) use objections::of_failed_import;

const LANE: &str = "Orchestrator";
const ROLLOUT: &str = "Rollout";
/// As many as one call counts.
const EXECUTIONS_COUNTED: i32 = 1000;

/// Prints what a person should know, and fails when the deployment had better not begin.
pub(crate) async fn run(directory: &Path, name: &str, switch_lane: bool) -> Result<()> {
    let (environment, template) = Environment::open(directory, name)?;
    let template = Template::read(&template);
    let mut objections = objections::of_files(&environment, &template);
    // Whoever still has to write a value may have no account yet.
    if objections.is_empty() {
        let stack = Stack::named(environment.stack.clone()).await;
        match stack.deployed().await? {
            None => objections.extend(objections::of_tables(name, stack.left_over(&template).await?)),
            Some(deployed) => {
                objections.extend(objections::of_stack(name, &environment, &deployed, switch_lane));
                for change in changes(&environment, &deployed) {
                    say!("{change}");
                }
                if lane(&environment) != deployed.parameters.get(LANE) {
                    say!("{}", under_way(&stack, &deployed).await?);
                }
            }
        }
    }
    if !objections.is_empty() {
        bail!("{name} cannot be deployed:\n* {}", objections.join("\n* "));
    }
    say!("{name} can be deployed to the stack {}", environment.stack);
    Ok(())
}

fn lane(environment: &Environment) -> Option<&String> {
    environment.parameters.get(LANE)
}

/// The parameters that get another value.
fn changes(environment: &Environment, deployed: &Deployed) -> Vec<String> {
    let change = |(name, new): (&String, &String)| {
        let old = deployed.parameters.get(name)?;
        (old != new).then(|| format!("{name} changes from {old:?} to {new:?}"))
    };
    environment.parameters.iter().filter_map(change).collect()
}

/// What a lane that is left behind has not finished. A saga of the Rust lane has one message in the queue while it waits.
async fn under_way(stack: &Stack, deployed: &Deployed) -> Result<String> {
    let mut executions = 0;
    let machines = deployed.outputs.iter().filter(|(name, _)| name.ends_with("StateMachineArn"));
    for (_, machine) in machines {
        let running = stack.clients().sfn().list_executions().state_machine_arn(machine);
        let running = running.status_filter(ExecutionStatus::Running).max_results(EXECUTIONS_COUNTED).send().await;
        executions += running.context("cannot count the executions")?.executions().len();
    }
    let mut messages = 0;
    if let Some(queue) = deployed.outputs.get("SagaQueueUrl") {
        let counts = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesDelayed,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let counted = stack.clients().sqs().get_queue_attributes().queue_url(queue);
        let counted = counted.set_attribute_names(Some(counts.to_vec())).send().await;
        let counted = counted.context("cannot count the messages of the saga queue")?.attributes.unwrap_or_default();
        messages = counted.values().filter_map(|count| count.parse::<u64>().ok()).sum();
    }
    Ok(format!(
        "under way: {executions} executions of Step Functions and about {messages} sagas of the Rust lane; those of the lane that is \
         left wait until it is switched back"
    ))
}
