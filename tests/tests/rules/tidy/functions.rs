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
