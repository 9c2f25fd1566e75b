//! When a function gets a new version, and when CodeDeploy takes part. Callers reach the alias, so what changes without a new
//! version changes for nobody.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use heck::ToUpperCamelCase as _;
use local::Lane;
use serde_json::{Value, json};

use super::comparison::{complaints, entries, without_digest};
use super::promises::{Choices, promises};
use super::sam;

const PREFERENCE: &str = "/Globals/Function/DeploymentPreference";

fn resources(template: &Value) -> impl Iterator<Item = (&String, &Value)> {
    template["Resources"].as_object().into_iter().flatten()
}

/// The ids of the versions in a transformed template.
fn versions(template: &Value) -> BTreeSet<&String> {
    resources(template).filter(|(_, resource)| resource["Type"] == "AWS::Lambda::Version").map(|(id, _)| id).collect()
}

/// What a rollout all at once leaves of the promises: the aliases, and nothing that moves them.
fn without_stages(mut entries: super::promises::Entries) -> super::promises::Entries {
    entries.retain(|_, entry| !entry["Type"].as_str().is_some_and(|kind| kind.starts_with("AWS::CodeDeploy::")));
    for entry in entries.values_mut().filter(|entry| entry["Type"] == "AWS::Lambda::Alias") {
        entry.as_object_mut().and_then(|alias| alias.remove("UpdatePolicy"));
    }
    entries
}

/// What is wrong with a template that is deployed all at once.
fn complaints_all_at_once(template: &Value) -> Result<Vec<String>> {
    let transformed = sam::transformed_with(template, "Rollout", "AllAtOnce")?;
    let mut found = Vec::new();
    for choices in Lane::ALL.map(Choices::in_lane) {
        found.extend(complaints(&without_stages(promises(choices)?), &entries(&transformed, choices)?));
    }
    Ok(found)
}

#[test]
fn all_at_once_has_aliases_and_no_code_deploy() -> Result<()> {
    let found = complaints_all_at_once(sam::raw()?)?;
    ensure!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

#[test]
fn a_rollout_that_is_always_in_stages_is_seen() -> Result<()> {
    let always = [
        (format!("{PREFERENCE}/Enabled"), json!(true)),
        (format!("{PREFERENCE}/Enabled/Fn::FindInMap/0"), json!("Rollout")),
        (format!("{PREFERENCE}/Enabled/Fn::FindInMap/1"), json!("Canary10Percent5Minutes")),
        ("/Mappings/Rollouts/AllAtOnce/InStages".to_owned(), json!("true")),
    ];
    for (pointer, value) in always {
        let mut template = sam::raw()?.clone();
        *template.pointer_mut(&pointer).with_context(|| pointer.clone())? = value;
        ensure!(!complaints_all_at_once(&template)?.is_empty(), "{pointer} is not seen");
    }
    Ok(())
}

/// Whatever all functions have is changed, and each function gets a new version.
#[test]
fn a_change_of_the_template_publishes_every_function() -> Result<()> {
    let raw = sam::raw()?;
    let changes = [
        ("MemorySize", json!(512)),
        ("Timeout", json!(9)),
        ("Tracing", json!("PassThrough")),
        ("LoggingConfig/SystemLogLevel", json!("WARN")),
        ("Environment/Variables/RUST_LOG", json!("debug")),
    ];
    let change = |(property, value): &(&str, Value)| {
        let mut template = raw.clone();
        let pointer = format!("/Globals/Function/{property}");
        *template.pointer_mut(&pointer).with_context(|| pointer.clone())? = value.clone();
        Ok(template)
    };
    let changed = changes.iter().map(change).collect::<Result<Vec<_>>>()?;
    let before = versions(sam::transformed()?);
    ensure!(before.len() == tests::function_names()?.len(), "there are versions of {before:?} only");
    for ((property, _), after) in changes.iter().zip(sam::transformed_versions(&changed)?) {
        let after = versions(&after);
        ensure!(after.len() == before.len(), "another {property} changes the number of versions");
        let same: Vec<_> = before.intersection(&after).collect();
        ensure!(same.is_empty(), "another {property} publishes no version of {same:?}");
    }
    Ok(())
}

/// `make deploy-function` replaces the code of one function; nobody would call it if its alias stayed where it was.
#[test]
fn a_function_that_is_deployed_alone_takes_its_alias_along() -> Result<()> {
    let moved = sam::aliases_for_sync()?;
    ensure!(moved.len() == tests::function_names()?.len(), "sam sync knows {moved:?} only");
    let left: Vec<_> = moved.iter().filter(|(_, alias)| alias.as_deref() != Some("live")).collect();
    ensure!(left.is_empty(), "sam sync leaves the aliases of {left:?}");
    for name in tests::function_names()? {
        let id = format!("{}Function", name.to_upper_camel_case());
        ensure!(moved.contains_key(&id), "`make deploy-function F={name}` asks for {id}, and sam knows {moved:?}");
    }
    Ok(())
}

/// The parameters that decide the value. The code of another architecture is another code, so SAM sees that one.
fn parameters(template: &Value, value: &Value, found: &mut BTreeSet<String>) {
    let declared = |name: &str| template["Parameters"].get(name).is_some() && name != "Architecture";
    match value {
        Value::Array(items) => items.iter().for_each(|item| parameters(template, item, found)),
        Value::Object(fields) => {
            found.extend(value["Ref"].as_str().filter(|name| declared(name)).map(str::to_owned));
            let text = value["Fn::Sub"].as_str().unwrap_or_default();
            let named = text.split("${").skip(1).filter_map(|rest| rest.split('}').next());
            found.extend(named.filter(|name| declared(name)).map(str::to_owned));
            if let Some(condition) = value["Fn::If"][0].as_str() {
                parameters(template, &template["Conditions"][condition], found);
            }
            fields.values().for_each(|field| parameters(template, field, found));
        }
        _ => {}
    }
}

/// SAM takes a parameter for the same whatever its value is. A description that says less than the function is given would
/// leave callers with the old value; Lambda refuses to publish what has only another description.
#[test]
fn a_version_is_described_by_the_values_that_its_function_is_given() -> Result<()> {
    let template = sam::transformed()?;
    let named_in = |value: &Value| {
        let mut found = BTreeSet::new();
        parameters(template, value, &mut found);
        found
    };
    for (id, version) in resources(template).filter(|(_, resource)| resource["Type"] == "AWS::Lambda::Version") {
        let function = without_digest(id).trim_end_matches("Version");
        let given = named_in(&template["Resources"][function]["Properties"]);
        let described = named_in(&version["Properties"]["Description"]);
        ensure!(given == described, "{function} is given {given:?}, and its VersionDescription says {described:?}");
        let length: u64 = given.iter().map(|name| longest(&template["Parameters"][name]) + 1).sum();
        ensure!(
            length <= 257,
            "the values of {function} may take {} characters, and a description holds 256",
            length - 1
        );
    }
    Ok(())
}

/// How long the value of a parameter may be.
fn longest(parameter: &Value) -> u64 {
    let allowed = parameter["AllowedValues"].as_array().into_iter().flatten();
    let allowed = allowed.filter_map(|value| value.as_str().map(|value| value.len() as u64)).max();
    let digits = (parameter["Type"] == "Number").then_some(u64::from(u64::MAX.ilog10()));
    parameter["MaxLength"].as_u64().or(allowed).or(digits).unwrap_or(4096)
}
