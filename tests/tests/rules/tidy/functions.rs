//! Every function is everywhere it has to be.

use anyhow::{Result, ensure};
use tests::{files_below, function_names, relative, root};

const API: &[&str] = &[
    "create-order",
    "cancel-order",
    "find-order",
    "list-orders",
    "list-products",
    "list-tickets",
    "start-ticket",
    "set-stock",
];
/// Functions that serve neither an RPC nor a step.
const BETWEEN_SERVICES: &[&str] = &["orchestrate-saga", "relay-outbox", "resume-saga", "start-saga"];
const MAX_MAIN_LINES: usize = 20;

#[test]
fn every_function_is_complete() -> Result<()> {
    let functions = function_names()?;
    ensure!(functions.len() == 22, "there are {} functions", functions.len());
    let template = std::fs::read_to_string(root().join("template.yaml"))?;
    for function in &functions {
        ensure!(template.contains(&format!("CodeUri: functions/{function}\n")), "{function} is not in template.yaml");
        let events = files_below(&format!("events/{function}"), ".json")?;
        let has = |case: &str| events.iter().any(|path| path.ends_with(format!("{case}.json")));
        ensure!(has("ok"), "events/{function} has no ok.json");
        let bad = if API.contains(&function.as_str()) { "bad" } else { "poison" };
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
    for function in function_names()? {
        let text = std::fs::read_to_string(root().join(format!("functions/{function}/src/main.rs")))?;
        let named = ["api::", "steps::"].iter().flat_map(|kind| text.split(kind).skip(1));
        let served: Vec<_> =
            named.filter_map(|rest| rest.split(|letter: char| !letter.is_alphanumeric()).next()).collect();
        let own = function.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect::<String>();
        let expected = if BETWEEN_SERVICES.contains(&function.as_str()) { vec![] } else { vec![own.as_str()] };
        ensure!(served == expected, "{function} serves {served:?}");
    }
    Ok(())
}
