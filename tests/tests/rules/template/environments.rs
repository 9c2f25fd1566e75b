//! samconfig.toml, as SAM reads it: each environment gives every command the same values, and gives all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use anyhow::{Context, Result, anyhow, ensure};
use serde::Deserialize;

use super::sam;

/// Runs each command of SAM's for each environment, but for what it would do, and writes what it was given, and what the template
/// and SAM's deployment make of it.
const GIVEN: &str = "
import click.testing, importlib, json, re, sys, tomllib
from unittest.mock import patch
from samcli.commands.deploy.deploy_context import DeployContext

template = json.load(sys.stdin)

def given(command, environment):
    module = importlib.import_module(f'samcli.commands.{command}.command')
    with patch.object(module, 'do_cli') as do:
        click.testing.CliRunner().invoke(module.cli, ['--config-env', environment])
    if do.call_args is None:
        return {}
    arguments = list(do.call_args.args) + list(do.call_args.kwargs.values())
    overrides = [it for it in arguments if isinstance(it, dict) and 'Orchestrator' in it]
    return overrides[0] if overrides else {}

def takes(name, value):
    declared = template['Parameters'][name]
    allowed = declared.get('AllowedValues', [value])
    return value in allowed and re.search(declared.get('AllowedPattern', ''), value) is not None

open_names = [name for name, declared in template['Parameters'].items() if 'Default' not in declared]
environments = {}
for environment, content in tomllib.load(open('samconfig.toml', 'rb')).items():
    if isinstance(content, dict):
        commands = {command: given(command, environment) for command in ['build', 'deploy', 'sync']}
        deployed = commands['deploy']
        merged = DeployContext.merge_parameters(template, deployed)
        environments[environment] = {
            'stack': content['global']['parameters']['stack_name'],
            'commands': commands,
            'refused': [name for name, value in deployed.items() if not takes(name, value)],
            'takes_placeholders': [name for name in open_names if takes(name, f'<https://{name}/>')],
            'remembered': [it['ParameterKey'] for it in merged if 'UsePreviousValue' in it],
        }
json.dump(environments, sys.stdout)
";

#[derive(Deserialize)]
struct Environment {
    stack: String,
    commands: BTreeMap<String, BTreeMap<String, String>>,
    /// The parameters whose values the template does not take.
    refused: BTreeSet<String>,
    /// The parameters without a default that the template lets stay as in the file that nobody has written in yet.
    takes_placeholders: BTreeSet<String>,
    /// The parameters of which a stack would keep the value that it has.
    remembered: BTreeSet<String>,
}

/// The environments by name; SAM takes seconds to say them.
fn environments() -> Result<&'static BTreeMap<String, Environment>> {
    static GIVEN_BY_SAM: LazyLock<Result<BTreeMap<String, Environment>, String>> = LazyLock::new(|| {
        let ask = || Ok(serde_json::from_slice(&sam::python(GIVEN, sam::raw()?.to_string().as_bytes())?)?);
        ask().map_err(|error: anyhow::Error| format!("{error:?}"))
    });
    GIVEN_BY_SAM.as_ref().map_err(|error| anyhow!("{error}"))
}

#[test]
fn every_command_is_given_every_parameter() -> Result<()> {
    let declared: BTreeSet<_> = sam::raw()?["Parameters"].as_object().context("parameters")?.keys().cloned().collect();
    let environments = environments()?;
    ensure!(environments.contains_key("default"), "sam deploy has no environment: {:?}", environments.keys());
    for (name, environment) in environments {
        let deployed = &environment.commands["deploy"];
        for (command, given) in &environment.commands {
            ensure!(given == deployed, "{name}: sam {command} is given {given:?}, and sam deploy {deployed:?}");
        }
        let named: BTreeSet<_> = deployed.keys().cloned().collect();
        ensure!(named == declared, "{name} names {named:?}, and the template has {declared:?}");
        ensure!(environment.remembered.is_empty(), "{name}: a stack keeps {:?}", environment.remembered);
    }
    Ok(())
}

/// A value that is still to be written would be deployed otherwise.
#[test]
fn a_placeholder_is_refused_and_nothing_else_is() -> Result<()> {
    for (name, environment) in environments()? {
        let given = environment.commands["deploy"].iter();
        let open: BTreeSet<_> =
            given.filter(|(_, value)| value.contains(['<', '>'])).map(|(name, _)| name.clone()).collect();
        ensure!(environment.takes_placeholders.is_empty(), "{:?} may stay open", environment.takes_placeholders);
        ensure!(open == environment.refused, "{name}: {open:?} are open, and refused is {:?}", environment.refused);
    }
    Ok(())
}

#[test]
fn an_environment_has_a_stack_of_its_own_whose_names_fit() -> Result<()> {
    let environments = environments()?;
    let longest = tests::function_names()?.iter().map(String::len).max().context("functions")?;
    for (name, environment) in environments {
        ensure!(environment.stack.len() + 1 + longest <= 64, "{name}: the names of its functions are too long");
    }
    let stacks: BTreeSet<_> = environments.values().map(|environment| &environment.stack).collect();
    ensure!(stacks.len() == environments.len(), "two environments share a stack: {stacks:?}");
    let prod = environments.get("prod").and_then(|prod| prod.commands["deploy"].get("DeletionProtection"));
    ensure!(prod.is_none_or(|protects| protects == "true"), "business is protected");
    Ok(())
}
