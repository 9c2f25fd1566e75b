//! The committed state machines, as two validators that are not ours see them. Neither sees all that can be wrong, and each
//! is shown a broken definition as well, so that one that looks at nothing cannot pass.

use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tests::{files_below, relative, root};

/// The state machines by their files, in AWS's usual partition: the validators know no other, and no placeholder in its place.
fn state_machines() -> Result<Vec<(String, Value)>> {
    let read = |path: &Path| {
        let text = std::fs::read_to_string(path)?.replace("${Partition}", "aws");
        Ok((relative(path), serde_json::from_str(&text)?))
    };
    let machines = files_below("statemachines", ".asl.json")?;
    ensure!(machines.len() == order::sagas::registry().definitions().count(), "there is one for each definition");
    machines.iter().map(|path| read(path)).collect()
}

/// It knows the language: its fields, its paths, and that every state can be reached and leads somewhere.
#[test]
fn asl_validator_finds_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    for (file, machine) in state_machines()? {
        let output = validate(&folder, &machine)?;
        ensure!(output.status.success(), "{file}: {}", words(&output));
        let nowhere = broken(&machine, |state| state["Next"] = json!("Nowhere"))?;
        let output = validate(&folder, &nowhere)?;
        ensure!(!output.status.success() && words(&output).contains("Nowhere"), "{file}: {}", words(&output));
        let path = "States.NoSuchFunction($.sagaId)";
        let misread = broken(&machine, |state| state["Parameters"] = json!({"QueueUrl.$": path}))?;
        ensure!(!validate(&folder, &misread)?.status.success(), "{file}: it does not look at paths");
    }
    Ok(())
}

/// It knows what CloudFormation takes, and sees a definition only inside a template.
#[test]
fn cfn_lint_finds_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let machines = state_machines()?;
    let output = lint(&folder, &machines)?;
    ensure!(output.status.success(), "{}", words(&output));
    for (file, machine) in machines {
        let timeless = broken(&machine, |state| state["TimeoutSeconds"] = json!("soon"))?;
        let output = lint(&folder, &[(file.clone(), timeless)])?;
        ensure!(!output.status.success() && words(&output).contains("'soon'"), "{file}: {}", words(&output));
    }
    Ok(())
}

/// The state machine with its first state changed.
fn broken(machine: &Value, change: impl FnOnce(&mut Value)) -> Result<Value> {
    let mut machine = machine.clone();
    let first = machine["StartAt"].as_str().context("a first state")?.to_owned();
    change(&mut machine["States"][first]);
    Ok(machine)
}

fn validate(folder: &TempDir, machine: &Value) -> Result<Output> {
    let path = folder.path().join("machine.asl.json");
    std::fs::write(&path, machine.to_string())?;
    run(".local/node/node_modules/.bin/asl-validator", &["--json-path".as_ref(), &path])
}

fn lint(folder: &TempDir, machines: &[(String, Value)]) -> Result<Output> {
    let resource = |(number, (_, machine)): (usize, &(String, Value))| {
        let text = machine.to_string();
        let named = |text: &str| Some((text.split_once('}')?.0.to_owned(), json!("https://queue")));
        let substitutions: Map<String, Value> = text.split("${").skip(1).filter_map(named).collect();
        let properties = json!({
            "RoleArn": "arn:aws:iam::123456789012:role/state-machine",
            "Definition": machine,
            "DefinitionSubstitutions": substitutions,
        });
        (format!("Machine{number}"), json!({"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}))
    };
    let resources: Map<String, Value> = machines.iter().enumerate().map(resource).collect();
    let template = json!({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources});
    let path = folder.path().join("template.json");
    std::fs::write(&path, template.to_string())?;
    run(".local/venvs/sam/bin/cfn-lint", &[&path])
}

fn run(program: &str, arguments: &[&Path]) -> Result<Output> {
    let output = Command::new(root().join(program)).args(arguments).current_dir(root()).output();
    output.with_context(|| format!("{program} is missing: run make test"))
}

fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
