//! Every function is everywhere it has to be.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use messaging::Envelope;
use serde_json::Value;
use tests::{as_it_is_read, files_below, function_names, relative, root, rpc_functions};

const MAX_MAIN_LINES: usize = 20;

/// The functions whose code the template deploys.
fn deployed() -> Result<BTreeSet<String>> {
    let template = std::fs::read_to_string(root().join("template.yaml"))?;
    let code = template.lines().filter_map(|line| line.trim().strip_prefix("CodeUri: functions/"));
    Ok(code.map(str::to_owned).collect())
}

#[test]
fn every_function_is_complete() -> Result<()> {
    let functions = function_names()?;
    let (deployed, rpcs) = (deployed()?, rpc_functions()?);
    ensure!(functions == deployed, "functions/ has {functions:?}, and template.yaml deploys {deployed:?}");
    for function in &functions {
        let events = files_below(&format!("events/{function}"), ".json")?;
        let has = |case: &str| events.iter().any(|path| path.ends_with(format!("{case}.json")));
        ensure!(has("ok"), "events/{function} has no ok.json");
        let bad = if rpcs.contains(function) { "bad" } else { "poison" };
        ensure!(has(bad), "events/{function} has no {bad}.json");
    }
    for entry in std::fs::read_dir(root().join("events"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        ensure!(functions.contains(&name), "events/{name} belongs to no function");
    }
    let makefile = std::fs::read_to_string(root().join("Makefile"))?;
    ensure!(makefile.contains("cargo build --workspace"), "the Makefile does not build every function");
    Ok(())
}

#[test]
fn a_main_only_wires() -> Result<()> {
    for path in files_below("functions", "main.rs")? {
        let text = std::fs::read_to_string(&path)?;
        let lines = text.lines().count();
        ensure!(lines <= MAX_MAIN_LINES, "{} has {lines} lines", relative(&path));
    }
    Ok(())
}

/// A function that served what another one is named after would set its messages aside.
#[test]
fn a_main_serves_what_its_function_is_named_after() -> Result<()> {
    let mut serving = rpc_functions()?;
    serving.extend(order::sagas::registry().handlers().into_iter().map(str::to_owned));
    for function in function_names()? {
        let text = std::fs::read_to_string(root().join(format!("functions/{function}/src/main.rs")))?;
        let named = ["api::", "steps::"].iter().flat_map(|kind| text.split(kind).skip(1));
        let served: Vec<_> =
            named.filter_map(|rest| rest.split(|letter: char| !letter.is_alphanumeric()).next()).collect();
        let own = function.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect::<String>();
        // A function between the services serves neither an RPC nor a step.
        let expected = if serving.contains(&function) { vec![own.as_str()] } else { vec![] };
        ensure!(served == expected, "{function} serves {served:?}");
    }
    Ok(())
}

/// A step's crate has nothing of its own: what differs is its name, its service, and whether its main has a configuration.
#[test]
fn the_manifests_of_steps_are_equal_but_for_the_name() -> Result<()> {
    let mut first: Option<(&str, String)> = None;
    for row in sagas_codegen::steps() {
        let (name, service) = (row.handler, row.service);
        let read = |file: &str| {
            let path = root().join(format!("functions/{name}/{file}"));
            std::fs::read_to_string(&path).with_context(|| format!("{}: run make function NAME={name}", path.display()))
        };
        let (manifest, main) = (read("Cargo.toml")?, read("src/main.rs")?);
        let configured = main.contains("runtime::configuration()");
        let own = [(service, true), ("serde", configured)];
        let mut rest = manifest.replace(&format!("\"{name}\""), "\"<name>\"");
        for (dependency, needed) in own {
            let line = format!("\n{dependency}.workspace = true\n");
            ensure!(rest.contains(&line) == needed, "functions/{name}: does its main need {dependency}?");
            rest = rest.replace(&line, "\n");
        }
        let (other, expected) = first.get_or_insert_with(|| (name, rest.clone()));
        ensure!(
            rest == *expected,
            "the manifests of functions/{name} and functions/{other} differ: write both as make function does"
        );
    }
    Ok(())
}

/// A new step's events are sent to the deployed function as they are written.
#[test]
fn the_events_that_make_function_writes_are_messages_of_the_contracts() -> Result<()> {
    for row in sagas_codegen::steps() {
        let registry = order::sagas::registry();
        let files = sagas_codegen::function::files(&root(), &registry, &sagas_codegen::steps(), row.handler)?;
        let message = |case: &str| {
            let file = files.iter().find(|(path, _)| path.ends_with(format!("{case}.json")));
            let event: Value = serde_json::from_str(&file.context("an event")?.1)?;
            Ok::<_, anyhow::Error>(Envelope::parse(event["Records"][0]["body"].as_str().context("a body")?)?)
        };
        let (ok, poison) = (message("ok")?, message("poison")?);
        let read = as_it_is_read(&ok.payload)?;
        ensure!(read == serde_json::to_value(&ok.payload)?, "{}: only {read} of the payload is read", row.handler);
        ensure!(as_it_is_read(&poison.payload).is_err(), "{}: the poison is a message", row.handler);
    }
    Ok(())
}
