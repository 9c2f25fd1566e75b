//! A deployment of the other lane, over a stack with data: what the lane that is left remembers is there when it comes back.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use heck::ToUpperCamelCase as _;
use libtest_mimic::Trial;
use local::{Kept, Lane, LocalAws, Options, Workspace, free_port};
use tests::newest;

use super::plain;

pub(crate) fn trials() -> Vec<Trial> {
    vec![plain("switched::a_switch_deletes_nothing_that_a_lane_remembers", || {
        tokio::runtime::Runtime::new()?.block_on(a_switch_deletes_nothing())
    })]
}

/// Deploys the template in this lane, over what was deployed from this folder before.
async fn deployed(dir: &Path, lane: Lane) -> Result<LocalAws> {
    let kept = Kept {
        dir: dir.join("run"),
        issuer_key: dir.join("key.der"),
        api_port: free_port(None)?,
        issuer_port: free_port(None)?,
        console_port: free_port(None)?,
        trouble_port: free_port(None)?,
        emulator_port: free_port(None)?,
    };
    let workspace = Workspace::here();
    let options = Options { keep: Some(kept), ..Options::throw_away(&workspace) };
    LocalAws::start(&workspace, options.lane(lane)).await.with_context(|| format!("the lane {lane}"))
}

async fn a_switch_deletes_nothing() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let aws = deployed(dir.path(), Lane::Rust).await?;
    let queue = aws.stack().resource("SagaDeadLetterQueue")?;
    aws.clients().sqs.send_message().queue_url(queue).message_body("left behind").send().await?;
    let machine = created_at(&aws).await?;
    aws.stop();

    let aws = deployed(dir.path(), Lane::StepFunctions).await?;
    assert_waits(&aws, "SagaDeadLetterQueue", "left behind").await?;
    ensure!(created_at(&aws).await? == machine, "the state machine has lost its executions");
    ensure!(aws.stack().resource("OrchestrateSagaFunction").is_err(), "both orchestrators are there");
    let queue = aws.stack().resource("ResumeSagaDeadLetterQueue")?;
    aws.clients().sqs.send_message().queue_url(queue).message_body("left there").send().await?;
    aws.stop();

    let aws = deployed(dir.path(), Lane::Rust).await?;
    assert_waits(&aws, "SagaDeadLetterQueue", "left behind").await?;
    assert_waits(&aws, "ResumeSagaDeadLetterQueue", "left there").await?;
    ensure!(created_at(&aws).await? == machine, "the state machine has lost its executions");
    ensure!(aws.stack().resource("StartSagaFunction").is_err(), "both orchestrators are there");
    aws.stop();
    Ok(())
}

/// When the state machine was made: with another one in its place the histories would be gone.
async fn created_at(aws: &LocalAws) -> Result<String> {
    let name = newest("create-order")?.machine_name().to_upper_camel_case();
    let machine = aws.stack().resource(&format!("{name}StateMachine"))?;
    let described = aws.clients().sfn.describe_state_machine().state_machine_arn(machine).send().await?;
    Ok(described.creation_date().to_string())
}

/// Asserts that this message is in the queue, and leaves it there.
async fn assert_waits(aws: &LocalAws, queue: &str, body: &str) -> Result<()> {
    let receive = aws.clients().sqs.receive_message().queue_url(aws.stack().resource(queue)?).visibility_timeout(0);
    let messages = receive.send().await?.messages.unwrap_or_default();
    let bodies: Vec<_> = messages.iter().filter_map(|message| message.body()).collect();
    ensure!(bodies == [body], "{queue} has {bodies:?}");
    Ok(())
}
