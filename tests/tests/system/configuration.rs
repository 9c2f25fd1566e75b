//! What a function does when it is not configured.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use local::{Lane, ProcessGroup, Template, Workspace};
use tests::{function_names, root};

use crate::plain;

/// How long a function may take to see that something is missing.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("configuration::nothing_starts_without_its_environment", nothing_starts_without_its_environment),
        plain("configuration::every_variable_is_missed", every_variable_is_missed),
    ]
}

/// The variables that the template gives a function, with good values.
type Variables = BTreeMap<String, &'static str>;

/// Every function with its variables; one that has others in the other lane is there once for each.
fn configurations() -> Result<BTreeSet<(String, Variables)>> {
    let template = Template::read(&root().join("template.yaml"))?;
    let mut found = BTreeSet::new();
    for lane in Lane::ALL {
        let template = template.clone().in_lane(lane);
        for function in template.functions()? {
            let properties = template.properties(&function.logical_id)?;
            let variables = properties["Environment"]["Variables"].as_object();
            let variables = variables.with_context(|| format!("{} has no variables", function.name))?;
            let variables = variables.keys().map(|name| (name.clone(), value(name, lane))).collect();
            found.insert((function.name, variables));
        }
    }
    let names: BTreeSet<_> = found.iter().map(|(function, _)| function.clone()).collect();
    ensure!(names == function_names()?, "the lanes' functions are {names:?}");
    Ok(found)
}

fn nothing_starts_without_its_environment() -> Result<()> {
    for (function, variables) in configurations()? {
        let said = does_not_start(&function, &Variables::new())?;
        let named = variables.keys().any(|variable| said.contains(variable));
        ensure!(named, "{function} does not say which variable is missing: {said}");
    }
    Ok(())
}

/// The template gives a function nothing that it does not need.
fn every_variable_is_missed() -> Result<()> {
    for (function, variables) in configurations()? {
        for missing in variables.keys() {
            let mut others = variables.clone();
            others.remove(missing);
            let said = does_not_start(&function, &others).with_context(|| format!("without {missing}"))?;
            ensure!(said.contains(missing), "{function} does not say that {missing} is missing: {said}");
        }
    }
    Ok(())
}

/// A good value of the variable.
fn value(variable: &str, lane: Lane) -> &'static str {
    match variable {
        "APPROVAL_LIMIT_MINOR_UNITS" => "100000",
        "ORCHESTRATOR" => lane.parameter(),
        "PAYMENT_GATEWAY" => "sandbox",
        "STOCK_SHARDS" => "1",
        _ => "http://127.0.0.1:1/",
    }
}

/// Starts the function with good values of these variables only; it must end by itself, not well, and say why.
fn does_not_start(function: &str, variables: &Variables) -> Result<String> {
    // Taken, but nobody answers: a function that comes so far waits there, and the clock finds it out.
    let runtime_api = TcpListener::bind(("127.0.0.1", 0))?;
    let mut command = Command::new(Workspace::here().binary(function)?);
    command
        .env_clear()
        .envs(variables)
        .env("AWS_LAMBDA_RUNTIME_API", runtime_api.local_addr()?.to_string())
        .env("AWS_LAMBDA_FUNCTION_NAME", function)
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_REGION", "us-east-1");
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("log");
    let mut process = ProcessGroup::start(&mut command, &log)?;
    let status = process.wait(PATIENCE);
    let status = status.with_context(|| format!("{function} has not ended after {} s", PATIENCE.as_secs()))?;
    let said = std::fs::read_to_string(&log)?;
    ensure!(!status.success(), "{function} ended well: {said}");
    Ok(said)
}
