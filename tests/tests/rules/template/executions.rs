//! Who may do what with executions: the promises let each function make the calls that its code is seen to make, and no
//! others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use local::Lane;
use local::template::strings;
use messaging::Receiver;
use orchestration::{ExecutedSagas, ResumeSaga, Sagas, StartSaga};
use serde_json::Value;
use testkit::builders::{self, at, id};
use testkit::shop::v1::SalePlaced;
use testkit::{MemoryExecutions, Told, sagas};
use wire::message::v1::{CommandRefused, CommandSucceeded};

use super::promises::{Choices, promises};

/// For each role the actions of Step Functions.
type Actions = BTreeMap<String, BTreeSet<String>>;

/// The actions behind what was asked of the port.
fn actions(executions: &MemoryExecutions) -> BTreeSet<String> {
    let told = executions.told().into_iter().map(|told| match told {
        Told::Start { .. } => "states:StartExecution",
        Told::Succeed(_) => "states:SendTaskSuccess",
        Told::Fail { .. } => "states:SendTaskFailure",
    });
    told.chain(executions.asked().iter().map(|_| "states:GetExecutionHistory")).map(str::to_owned).collect()
}

/// Runs the code of each function of the lane over a port that remembers the calls.
async fn called() -> Result<Actions> {
    let executions = MemoryExecutions::default();
    let start = StartSaga::new(sagas::both_versions(), Arc::new(executions.clone()));
    start.receive(&builders::event(1, SalePlaced::default()), at(0)).await?;
    let starts = ("StartSagaRole".to_owned(), actions(&executions));

    let executions = MemoryExecutions::default();
    let resume = ResumeSaga::new(sagas::both_versions(), Arc::new(executions.clone()));
    for payload in [CommandSucceeded::default().into(), messaging::Payload::from(CommandRefused::default())] {
        let mut reply = builders::command(1, payload);
        let sender = reply.correlation.as_mut().context("a sender")?;
        (sender.step, sender.reply_token) = ("reserve-goods".to_owned(), "token".to_owned());
        resume.receive(&reply, at(0)).await?;
    }
    let resumes = ("ResumeSagaRole".to_owned(), actions(&executions));

    let executions = MemoryExecutions::default();
    let read = ExecutedSagas { registry: sagas::both_versions(), executions: Arc::new(executions.clone()) };
    read.progress(&[id(1)]).await;
    let reads = ("FindOrderRole".to_owned(), actions(&executions));
    Ok(Actions::from([starts, resumes, reads]))
}

/// What the promises allow.
fn allowed(lane: Lane) -> Result<Actions> {
    let mut allowed = Actions::new();
    for (entry, resource) in promises(Choices::in_lane(lane))? {
        let policies = resource["Properties"]["Policies"].as_array().into_iter().flatten();
        let statements = policies.flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array()).flatten();
        let actions = statements.flat_map(|statement: &Value| strings(&statement["Action"]));
        let actions: BTreeSet<_> = actions.filter(|action| action.starts_with("states:")).collect();
        if !actions.is_empty() {
            allowed.insert(entry.trim_start_matches("Resources/").to_owned(), actions);
        }
    }
    Ok(allowed)
}

#[tokio::test]
async fn a_function_may_do_with_executions_what_its_code_can_do() -> Result<()> {
    let (called, allowed) = (called().await?, allowed(Lane::StepFunctions)?);
    ensure!(called == allowed, "the code calls {called:#?}\nand the promises allow {allowed:#?}");
    Ok(())
}

#[test]
fn nothing_in_the_rust_lane_may_do_anything_with_executions() -> Result<()> {
    let allowed = allowed(Lane::Rust)?;
    ensure!(allowed.is_empty(), "the promises allow {allowed:#?}");
    Ok(())
}
