//! `local invoke`: gives a recorded event to a function's binary through cargo-lambda, with the configuration of the running
//! system.

use std::collections::BTreeMap;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::token;
use crate::data::events::Event;
use crate::data::run_state::RunState;
use crate::data::workspace::Workspace;
use crate::stack::clients::{REGION, ROOT};
use crate::stack::functions;
use crate::stack::process::{ProcessGroup, free_port};
use crate::stack::template::Template;

const START_LIMIT: Duration = Duration::from_secs(20);

pub(crate) async fn run(name: &str, case: &str) -> Result<()> {
    let workspace = Workspace::here();
    let event = workspace.root().join("events").join(name).join(format!("{case}.json"));
    if !event.exists() {
        bail!("there is no {}: the cases of {name} are {}", event.display(), cases(event.parent()));
    }
    let binary = workspace.binary(name)?;
    let state = RunState::of_running(&workspace)?;
    let template = Template::read(&workspace.template())?.in_lane(state.lane);
    let function = template.functions()?.into_iter().find(|found| found.name == name);
    let function = function.with_context(|| format!("the system runs in the {} lane, without {name}", state.lane))?;
    let dir = tempfile::tempdir().context("no temporary directory")?;
    let event = filled(&workspace, &state, &event, dir.path())?;
    let variables = functions::environment(&state.endpoint, state.stack.resource(&function.logical_id)?).await?;

    let cargo_lambda = workspace.tool("lambda", "cargo-lambda")?;
    let port = free_port(None)?;
    let watch_log = dir.path().join("cargo-lambda.log");
    let mut watch = on_this_machine(&cargo_lambda, &workspace);
    watch.args(["lambda", "watch", "--only-lambda-apis", "--invoke-address", "127.0.0.1"]);
    watch.args(["--invoke-port", &port.to_string()]);
    let mut runtime_api = ProcessGroup::start(&mut watch, &watch_log)?;
    wait_for(port, &mut runtime_api, &watch_log)?;

    let log = dir.path().join("function.log");
    let _bootstrap = ProcessGroup::start(&mut bootstrap(&binary, name, port, &state.endpoint, &variables), &log)?;
    let mut invoke = on_this_machine(&cargo_lambda, &workspace);
    invoke.args(["lambda", "invoke", "--invoke-address", "127.0.0.1", "--invoke-port", &port.to_string()]);
    invoke.arg(name).arg("--data-file").arg(&event);
    let status = invoke.status().context("cannot start cargo-lambda")?;
    eprint!("{}", std::fs::read_to_string(&log).unwrap_or_default());
    if !status.success() {
        bail!("{name} did not answer ({status}): its output above may say why");
    }
    println!();
    Ok(())
}

/// Copies the event `file` to `dir` with its placeholders filled in.
fn filled(workspace: &Workspace, state: &RunState, file: &Path, dir: &Path) -> Result<PathBuf> {
    let event = Event::read(file)?;
    let sign = |subject: &str, permissions: &[&str]| token::signed(workspace, state, subject, permissions, 3600);
    let copy = dir.join("event.json");
    std::fs::write(&copy, event.filled(sign, state.lane, &state.stack)?).context("cannot copy the event")?;
    Ok(copy)
}

/// Runs cargo-lambda without a proxy, which it would ask even for addresses of this machine.
fn on_this_machine(cargo_lambda: &Path, workspace: &Workspace) -> Command {
    let mut command = Command::new(cargo_lambda);
    command.current_dir(workspace.root()).env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1");
    command
}

fn bootstrap(binary: &Path, name: &str, port: u16, endpoint: &str, variables: &BTreeMap<String, String>) -> Command {
    let mut command = Command::new(binary);
    command
        .env_clear()
        .envs(variables)
        .env("AWS_LAMBDA_RUNTIME_API", format!("http://127.0.0.1:{port}/.rt/{name}"))
        .env("AWS_LAMBDA_FUNCTION_NAME", name)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_REGION", REGION)
        .env("AWS_ACCESS_KEY_ID", ROOT)
        .env("AWS_SECRET_ACCESS_KEY", ROOT);
    command
}

fn wait_for(port: u16, server: &mut ProcessGroup, log: &Path) -> Result<()> {
    let deadline = Instant::now() + START_LIMIT;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if server.has_ended() || Instant::now() > deadline {
            bail!("cargo-lambda did not start:\n{}", std::fs::read_to_string(log).unwrap_or_default());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn cases(dir: Option<&Path>) -> String {
    let entries = dir.and_then(|dir| std::fs::read_dir(dir).ok()).into_iter().flatten().flatten();
    let mut names: Vec<_> = entries.filter_map(|entry| Some(entry.path().file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
