//! The interpreters that run the committed state machines.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use local::{Clients, Emulator, ProcessGroup, Workspace, free_port};
use saga::Definition;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// Ends when its standard input closes, so it cannot outlive us. Moto's HTTP side drops the cause of SendTaskFailure, which
/// its interpreter would take: it is handed on here.
const LAUNCH_MOTO: &str = "
import os, signal, sys, threading
def watch():
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=watch, daemon=True).start()
from moto.core.responses import EmptyResult
from moto.stepfunctions.responses import StepFunctionResponse
def send_task_failure(self):
    token, error, cause = (self._get_param(name) for name in ('taskToken', 'error', 'cause'))
    self.stepfunction_backend.send_task_failure(token, error=error, cause=cause)
    return EmptyResult()
StepFunctionResponse.send_task_failure = send_task_failure
from moto.server import main
main(sys.argv[1:])
";
const START_LIMIT: Duration = Duration::from_secs(90);
/// How long a task waits where nothing is to be waited for; a slow machine must not look like silence.
const PATIENT_SECONDS: u64 = 120;
/// How long a task waits for an answer that never comes.
const HASTY_SECONDS: u64 = 5;

/// A running interpreter of the Amazon States Language; it ends on drop.
pub(super) struct Interpreter {
    pub(super) sqs: aws_sdk_sqs::Client,
    pub(super) sfn: aws_sdk_sfn::Client,
    /// Whether a token that was answered before is called invalid, where AWS says that its task has timed out.
    pub(super) forgets_tokens: bool,
    _process: Process,
    _dir: TempDir,
}

enum Process {
    Ministack(#[allow(dead_code, reason = "it ends on drop")] Box<Emulator>),
    Moto(#[allow(dead_code, reason = "it ends on drop")] ProcessGroup),
}

impl Interpreter {
    pub(super) async fn ministack() -> Result<Self> {
        let dir = tempfile::tempdir()?;
        // The state machines are created by hand, with a role that does not exist.
        let emulator = Emulator::bare(&Workspace::here(), dir.path()).await?;
        let endpoint = emulator.endpoint().to_owned();
        Ok(Self::at(&endpoint, Process::Ministack(Box::new(emulator)), dir))
    }

    pub(super) async fn moto() -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let port = free_port(None)?;
        let mut command = Command::new(Workspace::here().tool("moto", "python")?);
        command.args(["-c", LAUNCH_MOTO, "-H", "127.0.0.1", "-p", &port.to_string()]).current_dir(dir.path());
        let log = dir.path().join("moto.log");
        let mut process = ProcessGroup::start(&mut command, &log)?;
        let endpoint = format!("http://127.0.0.1:{port}");
        let engine = json!({"stepfunctions": {"execute_state_machine": true}}).to_string();
        let http = reqwest::Client::builder().no_proxy().build()?;
        let deadline = Instant::now() + START_LIMIT;
        // Without its engine moto only remembers state machines.
        while !http
            .post(format!("{endpoint}/moto-api/config"))
            .body(engine.clone())
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
        {
            if process.has_ended() || Instant::now() > deadline {
                bail!("moto did not start:\n{}", std::fs::read_to_string(&log).unwrap_or_default());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(Self::at(&endpoint, Process::Moto(process), dir))
    }

    fn at(endpoint: &str, process: Process, dir: TempDir) -> Self {
        let Clients { sqs, sfn, .. } = Clients::new(endpoint);
        let forgets_tokens = matches!(process, Process::Moto(_));
        Self { sqs, sfn, forgets_tokens, _process: process, _dir: dir }
    }

    /// One queue for every command.
    pub(super) async fn queue(&self) -> Result<String> {
        let queue = self.sqs.create_queue().queue_name("commands").send().await?;
        queue.queue_url.context("a queue without a URL")
    }

    /// Makes the committed state machine of this definition, with other times and addresses and nothing else changed.
    pub(super) async fn machine(&self, definition: &Definition, hasty: bool, queue_url: &str) -> Result<String> {
        let file = format!("statemachines/{}.v{}.asl.json", definition.name, definition.version);
        let mut machine: Value = serde_json::from_str(&std::fs::read_to_string(tests::root().join(&file))?)?;
        let states = machine["States"].as_object_mut().with_context(|| format!("{file} has no states"))?;
        for state in states.values_mut().filter_map(Value::as_object_mut) {
            hurry(state, if hasty { HASTY_SECONDS } else { PATIENT_SECONDS });
        }
        let mut text = machine.to_string().replace("${Partition}", "aws");
        let queues = definition.commands().map(|command| command.state_name()).chain(["ResumeSaga".to_owned()]);
        for queue in queues {
            text = text.replace(&format!("${{{queue}QueueUrl}}"), queue_url);
        }
        let pace = if hasty { "hasty" } else { "patient" };
        let created =
            self.sfn.create_state_machine().name(format!("{}-{pace}", definition.machine_name())).definition(text);
        let created = created.role_arn("arn:aws:iam::000000000000:role/state-machine").send().await?;
        Ok(created.state_machine_arn)
    }
}

/// Shortens a task's times; how often it is repeated stays as it is.
fn hurry(state: &mut Map<String, Value>, seconds: u64) {
    if let Some(timeout) = state.get_mut("TimeoutSeconds") {
        *timeout = json!(seconds);
    }
    for retrier in state.get_mut("Retry").and_then(Value::as_array_mut).into_iter().flatten() {
        if retrier.get("IntervalSeconds").is_some() {
            retrier["IntervalSeconds"] = json!(1);
            retrier["BackoffRate"] = json!(1);
        }
        // The longest pause must be longer than the first.
        if retrier.get("MaxDelaySeconds").is_some() {
            retrier["MaxDelaySeconds"] = json!(2);
        }
    }
}
