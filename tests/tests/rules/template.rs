//! template.yaml, as the tools for it see it.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use local::Lane;
use local::template::Template;
use serde_json::Value;
use tests::root;

#[test]
fn cfn_lint_finds_nothing() -> Result<()> {
    check(&["cfn-lint", "template.yaml"])
}

#[test]
fn sam_validate_finds_nothing() -> Result<()> {
    check(&["sam", "validate", "--lint", "--template", "template.yaml", "--region", "us-east-1"])
}

/// Without this Lambda drops a saga's message after some sixteen rounds, which no local AWS shows.
#[test]
fn lambda_lets_a_saga_go_round() -> Result<()> {
    let template = std::fs::read_to_string(root().join("template.yaml"))?;
    let globals = template.split("\nResources:").next().unwrap_or_default();
    ensure!(globals.contains("\n    RecursiveLoop: Allow\n"), "the functions' globals do not allow recursive loops");
    Ok(())
}

/// The local AWS does not enforce the roles of state machines, so a missing permission would first be seen on AWS.
#[test]
fn a_state_machine_may_do_what_it_does() -> Result<()> {
    let template = Template::read(&root().join("template.yaml"))?.in_lane(Lane::StepFunctions);
    let machines = template.resources("AWS::Serverless::StateMachine")?;
    let versions = order::sagas::registry().definitions().count();
    ensure!(machines.len() == versions, "{} state machines for {versions} versions of sagas", machines.len());
    for (id, machine) in machines {
        let machine = &machine["Properties"];
        let file = machine["DefinitionUri"].as_str().with_context(|| format!("{id} has no definition"))?;
        let definition = std::fs::read_to_string(root().join(file))?;
        let named = |text: &str| text.split_once('}').map(|(name, _)| name.to_owned());
        let placeholders: BTreeSet<_> = definition.split("${").skip(1).filter_map(named).collect();
        let substitutions = machine["DefinitionSubstitutions"].as_object().into_iter().flatten();
        let given: BTreeSet<_> = substitutions.clone().map(|(name, _)| name.clone()).collect();
        ensure!(placeholders == given, "{id} is given {given:?} for {placeholders:?}");
        for (name, value) in substitutions.clone() {
            ensure!(value["Ref"].as_str().map(|queue| format!("{queue}Url")).as_ref() == Some(name), "{id}: {name}");
        }
        // It only names the queue for replies; the others it sends to.
        let sends: BTreeSet<_> = given.iter().filter(|name| *name != "ResumeSagaQueueUrl").cloned().collect();
        let role = machine["Role"]["Fn::GetAtt"][0].as_str().context("a role")?;
        let allowed = &template.properties(role)?["Policies"][0]["PolicyDocument"]["Statement"];
        ensure!(allowed.as_array().map(Vec::len) == Some(1) && allowed[0]["Action"] == "sqs:SendMessage", "{allowed}");
        let queue = |arn: &Value| arn["Fn::GetAtt"][0].as_str().map(|queue| format!("{queue}Url"));
        let allowed: BTreeSet<_> = allowed[0]["Resource"].as_array().into_iter().flatten().filter_map(queue).collect();
        ensure!(sends == allowed, "{id} sends to {sends:?} and may send to {allowed:?}");
    }
    Ok(())
}

fn check(command: &[&str]) -> Result<()> {
    let (program, arguments) = command.split_first().context("a command")?;
    let program = root().join(".local/venvs/sam/bin").join(program);
    let output = Command::new(&program)
        .args(arguments)
        .current_dir(root())
        .env("SAM_CLI_TELEMETRY", "0")
        .output()
        .with_context(|| format!("{} is missing: run make test", program.display()))?;
    let (found, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{command:?}:\n{found}{complained}");
    Ok(())
}
