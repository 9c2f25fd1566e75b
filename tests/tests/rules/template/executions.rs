//! Who may do what with executions: the promises let each function make the calls that its code is seen to make, and no
//! others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use local::Lane;
use local::template::strings;
use messaging::{Failure, LoadError, Receiver};
use orchestration::{
    Catalog as _, ExecutedSagas, ExecutionPage, ExecutionStatus, Executions, Happened, History, HistoryEvent,
    ListedExecution, ResumeSaga, Resumed, Sagas as _, StartSaga, Wanted,
};
use serde_json::Value;
use testkit::builders::{self, at, id};
use testkit::shop::v1::SalePlaced;
use testkit::{MemoryExecutions, sagas};
use wire::message::v1::{CommandRefused, CommandSucceeded};

use super::promises::{Choices, promises};

/// For each role the actions of Step Functions.
type Actions = BTreeMap<String, BTreeSet<String>>;

/// A port that notes which actions are behind what is asked of it.
#[derive(Default)]
struct Noting {
    executions: MemoryExecutions,
    actions: Mutex<BTreeSet<String>>,
}

impl Noting {
    fn note(&self, action: &str) {
        self.actions.lock().unwrap_or_else(PoisonError::into_inner).insert(format!("states:{action}"));
    }

    fn noted(&self) -> BTreeSet<String> {
        self.actions.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Executions for Noting {
    async fn start(&self, machine: &str, name: &str, input: &str) -> Result<(), Failure> {
        self.note("StartExecution");
        self.executions.start(machine, name, input).await
    }

    async fn succeed(&self, token: &str) -> Result<Resumed, Failure> {
        self.note("SendTaskSuccess");
        self.executions.succeed(token).await
    }

    async fn fail(&self, token: &str, error: &str, cause: &str) -> Result<Resumed, Failure> {
        self.note("SendTaskFailure");
        self.executions.fail(token, error, cause).await
    }

    async fn history(&self, machine: &str, name: &str) -> Result<Option<History>, LoadError> {
        self.note("GetExecutionHistory");
        self.executions.history(machine, name).await
    }

    async fn input(&self, machine: &str, name: &str) -> Result<Option<String>, LoadError> {
        self.note("DescribeExecution");
        self.executions.input(machine, name).await
    }

    async fn list(
        &self,
        machine: &str,
        status: Option<ExecutionStatus>,
        limit: usize,
        token: Option<&str>,
    ) -> Result<ExecutionPage, LoadError> {
        self.note("ListExecutions");
        self.executions.list(machine, status, limit, token).await
    }
}

/// The sagas of a port that has an execution of each state machine.
fn sagas_of(port: &Arc<Noting>) -> ExecutedSagas {
    let registry = sagas::both_versions();
    for definition in registry.definitions() {
        let (machine, name) = (definition.machine_name(), id(1).to_string());
        let began = HistoryEvent { at: at(0), happened: Happened::Started };
        port.executions.tell_history(&machine, &name, Ok(vec![began]));
        let status = ExecutionStatus::Running;
        port.executions.tell_execution(&machine, ListedExecution { name, status, started_at: at(0), ended_at: None });
    }
    ExecutedSagas { registry, executions: Arc::clone(port) as Arc<dyn Executions> }
}

/// Runs the code of each function of the lane over a port that notes the calls.
async fn called() -> Result<Actions> {
    let noting = || Arc::new(Noting::default());
    let (starts, resumes, finds, gets, lists) = (noting(), noting(), noting(), noting(), noting());
    let start = StartSaga::new(sagas::both_versions(), Arc::clone(&starts) as Arc<dyn Executions>);
    start.receive(&builders::event(1, SalePlaced::default()), at(0)).await?;

    let resume = ResumeSaga::new(sagas::both_versions(), Arc::clone(&resumes) as Arc<dyn Executions>);
    for payload in [CommandSucceeded::default().into(), messaging::Payload::from(CommandRefused::default())] {
        let mut reply = builders::command(1, payload);
        let sender = reply.correlation.as_mut().context("a sender")?;
        (sender.step, sender.reply_token) = ("reserve-goods".to_owned(), "token".to_owned());
        resume.receive(&reply, at(0)).await?;
    }

    ensure!(sagas_of(&finds).progress(&[id(1)]).await.len() == 1, "no saga is found");
    ensure!(sagas_of(&gets).find(id(1)).await?.is_some(), "no saga is got");
    let all = sagas_of(&lists);
    ensure!(!all.list(&Wanted::default(), 10, None).await?.sagas.is_empty(), "no saga is listed");
    all.count(&Wanted::default()).await?;
    let called = [
        ("StartSagaRole", starts),
        ("ResumeSagaRole", resumes),
        ("FindOrderRole", finds),
        ("GetSagaRole", gets),
        ("ListSagasRole", lists),
    ];
    Ok(called.into_iter().map(|(role, port)| (role.to_owned(), port.noted())).collect())
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
