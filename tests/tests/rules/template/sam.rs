//! template.yaml as CloudFormation gets it: SAM's transform, which AWS runs, makes plain resources of it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use anyhow::{Context, Result, anyhow, ensure};
use local::Lane;
use local::template::Template;
use serde_json::{Map, Value, json};
use tests::root;

use super::promises::{Choices, parameters};

/// Reads templates from its standard input, and writes what SAM makes of each, or why it makes nothing of it. What SAM needs
/// for every template is made once: its own list of policies, which it checks each time, and a session of boto3. The list is
/// no public name of SAM's, so a version without it does without the short cut.
const TRANSFORM: &str = "
import boto3, functools, json, sys
from samtranslator.parser.parser import Parser
from samtranslator.translator import translator

name = 'make_policy_template_for_function_plugin'
policies = getattr(translator, name, None)
if policies is not None:
    setattr(translator, name, functools.cache(policies))
session = boto3.session.Session(region_name='us-east-1')

def transformed(template, parameters):
    try:
        return translator.Translator({}, Parser(), boto_session=session).translate(template, parameters)
    except Exception as error:
        return {'Refused': str(error)}

asked = json.load(sys.stdin)
json.dump([transformed(template, dict(asked['parameters'])) for template in asked['templates']], sys.stdout)
";

/// Reads a template in YAML from its standard input, and writes it as JSON.
const READ: &str = "
import json, sys
from samcli.yamlhelper import yaml_parse

json.dump(yaml_parse(sys.stdin.read()), sys.stdout)
";

/// Writes the alias of each function by which `sam sync` finds it: it reads a template on its own, without the transform.
const ALIASES: &str = "
import json, sys
from samcli.lib.providers.provider import ResourceIdentifier, get_resource_by_id
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider

stacks, _ = SamLocalStackProvider.get_stacks('template.yaml')
functions = [id for id, resource in stacks[0].resources.items() if resource['Type'] == 'AWS::Serverless::Function']
found = {id: get_resource_by_id(stacks, ResourceIdentifier(id))['Properties'].get('AutoPublishAlias') for id in functions}
json.dump(found, sys.stdout)
";

/// The types that SAM makes others of; it passes on every other resource as it is.
const OF_SAM: &str = "AWS::Serverless::";

/// The template as it stands in its file.
pub(super) fn raw() -> Result<&'static Value> {
    static RAW: LazyLock<Result<Value, String>> = LazyLock::new(|| {
        let template = Template::read(&root().join("template.yaml")).map_err(|error| format!("{error:?}"))?;
        Ok(template.as_json().clone())
    });
    RAW.as_ref().map_err(|error| anyhow!("{error}"))
}

/// What comes of it in AWS.
pub(crate) fn transformed() -> Result<&'static Value> {
    static TRANSFORMED: LazyLock<Result<Value, String>> = LazyLock::new(|| {
        let transform = || -> Result<Value> {
            let raw = raw()?;
            whole(raw, run(std::slice::from_ref(raw))?)
        };
        transform().map_err(|error| format!("{error:?}"))
    });
    TRANSFORMED.as_ref().map_err(|error| anyhow!("{error}"))
}

/// What comes of a template with another value for one parameter.
pub(super) fn transformed_with(template: &Value, parameter: &str, value: &str) -> Result<Value> {
    let mut given = parameters(Choices::in_lane(Lane::Rust));
    given.insert(parameter.to_owned(), value.to_owned());
    whole(template, run_with(&given, std::slice::from_ref(template))?)
}

/// The only one of what SAM made, with the section that CloudFormation removes last.
fn whole(template: &Value, made: Vec<Value>) -> Result<Value> {
    let mut made = made.into_iter().next().context("SAM made nothing of it")?;
    made["Transform"] = template["Transform"].clone();
    Ok(made)
}

/// What comes of other versions of it; a version that SAM refuses has nothing but the reason, as `Refused`. SAM takes a
/// while for all of it, so it is asked for what has changed only.
pub(super) fn transformed_versions(versions: &[Value]) -> Result<Vec<Value>> {
    let (raw, transformed) = (raw()?, transformed()?);
    let changed: Vec<_> = versions.iter().map(|version| changed(raw, version)).collect();
    let asked = versions.iter().zip(&changed).filter(|(_, changed)| !changed.0.is_empty());
    let asked: Vec<_> = asked.map(|(version, changed)| changed.part_of(version)).collect();
    let mut answers = run(&asked)?.into_iter();
    let mut results = Vec::new();
    for (version, changed) in versions.iter().zip(changed) {
        let nothing = json!({"Resources": {}});
        let answer = if changed.0.is_empty() { nothing } else { answers.next().context("an answer")? };
        let is_refused = answer["Resources"].is_null();
        let put_together = || put_together(version, &transformed["Resources"], &changed, &answer["Resources"]);
        results.push(if is_refused { answer } else { put_together() });
    }
    Ok(results)
}

/// Whether the resource is one that SAM makes others of.
pub(super) fn is_of_sam(resource: &Value) -> bool {
    resource["Type"].as_str().is_some_and(|kind| kind.starts_with(OF_SAM))
}

/// The resources of SAM that it must look at again.
struct Changed(BTreeSet<String>);

impl Changed {
    /// What SAM needs to see of a version. A function with a route names the API, even when that stays as it is.
    fn part_of(&self, version: &Value) -> Value {
        let has_route = self.0.iter().any(|id| !routes(&version["Resources"][id]).is_empty());
        let resources =
            version["Resources"].as_object().into_iter().flatten().filter(|(_, resource)| is_of_sam(resource));
        let seen = resources.filter(|(id, resource)| self.0.contains(*id) || has_route && is_api(resource));
        let resources: Map<_, _> = seen.map(|(id, resource)| (id.clone(), resource.clone())).collect();
        json!({
            "Globals": version["Globals"],
            "Mappings": version["Mappings"],
            "Parameters": version["Parameters"],
            "Resources": resources,
        })
    }

    /// Whether SAM makes the resource of one of them.
    fn makes(&self, id: &str) -> bool {
        self.0.iter().any(|changed| id.starts_with(changed.as_str()))
    }
}

fn is_api(resource: &Value) -> bool {
    resource["Type"] == "AWS::Serverless::HttpApi"
}

fn routes(resource: &Value) -> Vec<&Value> {
    let events = resource["Properties"]["Events"].as_object().into_iter().flat_map(Map::values);
    events.filter(|event| event["Type"] == "HttpApi").collect()
}

fn changed(raw: &Value, version: &Value) -> Changed {
    let all = |template: &Value| {
        ["Globals", "Mappings", "Parameters"].iter().any(|section| template[section] != raw[section])
    };
    let ids = |template: &Value| -> BTreeSet<String> {
        let resources = template["Resources"].as_object().into_iter().flatten();
        resources.filter(|(_, resource)| is_of_sam(resource)).map(|(id, _)| id.clone()).collect()
    };
    let ids: BTreeSet<_> = ids(raw).into_iter().chain(ids(version)).collect();
    let (old, new) = (&raw["Resources"], &version["Resources"]);
    let is_changed = |id: &String| all(version) || old.get(id) != new.get(id);
    let changes_api = |id: &String| is_changed(id) && (is_api(&old[id]) || routes(&old[id]) != routes(&new[id]));
    let changes_api = ids.iter().any(changes_api);
    // The API is made of the routes of all functions.
    let is_of_api = |id: &String| is_api(&old[id]) || !routes(&new[id]).is_empty();
    Changed(ids.iter().filter(|id| is_changed(id) || changes_api && is_of_api(id)).cloned().collect())
}

/// The version with what SAM made of it: `anew` of what has changed, and of the rest what it made before.
fn put_together(version: &Value, before: &Value, changed: &Changed, anew: &Value) -> Value {
    let mut version = version.clone();
    if let Some(sections) = version.as_object_mut() {
        sections.remove("Globals");
    }
    let passed_on = |id: &String| raw().is_ok_and(|raw| raw["Resources"].get(id).is_some_and(|it| !is_of_sam(it)));
    let made = |resources: &Value, anew: bool| -> Vec<(String, Value)> {
        let made = resources.as_object().into_iter().flatten();
        let counts = |id: &String| !passed_on(id) && changed.makes(id) == anew;
        made.filter(|(id, _)| counts(id)).map(|(id, resource)| (id.clone(), resource.clone())).collect()
    };
    let (kept, new) = (made(before, false), made(anew, true));
    if let Some(resources) = version["Resources"].as_object_mut() {
        resources.retain(|_, resource| !is_of_sam(resource));
        resources.extend(kept.into_iter().chain(new));
    }
    version
}

fn run(templates: &[Value]) -> Result<Vec<Value>> {
    run_with(&parameters(Choices::in_lane(Lane::Rust)), templates)
}

fn run_with(given: &BTreeMap<String, String>, templates: &[Value]) -> Result<Vec<Value>> {
    let mut given = given.clone();
    // Every choice comes of one transform, so the parameters that choose stay open.
    for name in ["Orchestrator", "DeletionProtection", "EncryptionKeyArn", "RouteMetrics", "Console"] {
        given.remove(name);
    }
    let templates: Vec<_> = templates.iter().map(with_code).collect();
    let asked = json!({"parameters": given, "templates": templates}).to_string();
    let transformed: Vec<Value> = serde_json::from_slice(&python(TRANSFORM, asked.as_bytes())?)?;
    ensure!(transformed.len() == templates.len(), "SAM made {} of {}", transformed.len(), templates.len());
    Ok(transformed)
}

/// The template as SAM's own reader reads it.
pub(super) fn read_by_sam() -> Result<Value> {
    Ok(serde_json::from_slice(&python(READ, &std::fs::read(root().join("template.yaml"))?)?)?)
}

/// The alias that `sam sync` moves for each function, by the function's id.
pub(super) fn aliases_for_sync() -> Result<BTreeMap<String, Option<String>>> {
    Ok(serde_json::from_slice(&python(ALIASES, b"")?)?)
}

/// What SAM's Python makes of the input, in the folder of the template.
pub(crate) fn python(script: &str, input: &[u8]) -> Result<Vec<u8>> {
    let python = root().join(".local/venvs/sam/bin/python");
    let mut child = Command::new(&python)
        .args(["-c", script])
        .current_dir(root())
        .env("SAM_CLI_TELEMETRY", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} is missing: run make check", python.display()))?;
    // It reads everything before it writes anything.
    let written = child.stdin.take().context("its standard input")?.write_all(input);
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "python failed: {}", String::from_utf8_lossy(&output.stderr));
    // A script that fails before it reads breaks the pipe, and its own words say more about the failure.
    written.context("python does not read its standard input")?;
    Ok(output.stdout)
}

#[test]
fn a_script_that_fails_before_it_reads_says_why() -> Result<()> {
    let more_than_a_pipe_holds = vec![b' '; 1 << 20];
    let complaint = python("import no_such_module", &more_than_a_pipe_holds).err().context("no complaint")?.to_string();
    ensure!(complaint.contains("No module named 'no_such_module'"), "{complaint}");
    Ok(())
}

/// SAM takes code from a bucket only, so the checkout stands for one.
fn with_code(template: &Value) -> Value {
    let mut template = template.clone();
    let resources = template["Resources"].as_object_mut().into_iter().flat_map(Map::values_mut);
    for resource in resources.filter(|resource| is_of_sam(resource)) {
        for property in ["CodeUri", "DefinitionUri"] {
            if let Some(path) = resource["Properties"][property].as_str() {
                let place = format!("s3://checkout/{path}");
                resource["Properties"][property] = json!(place);
            }
        }
    }
    template
}
