//! Every leaf matters: whatever is changed in what comes of the template is complained about, and whatever is changed in the
//! template changes what comes of it. Where that is not so, a list below says why.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};

use super::comparison::{complaints_after, without_digest};
use super::promises::{Choices, Entries, promises};
use super::sam;

/// Leaves that are free: how the name of the field ends, and why.
const FREE: &[(&str, &str)] = &[
    ("/Description", "a text for people, which must be there"),
    ("/AlarmDescription/Fn::Sub", "a text for people, which must be there; `calls` checks what it names"),
    ("/ConstraintDescription", "a text for people, which must be there"),
    ("/FunctionConfig/Comment", "a text for people, which must be there"),
    ("/FunctionCode", "a program, which must be there; `console` runs it"),
];

/// Where SAM looks up whether CodeDeploy takes part. It takes whatever it cannot look up for a yes; `versions` asks for the no.
const LOOKED_UP: &str = "/Globals/Function/DeploymentPreference/Enabled/";

/// The pointers to all leaves: what is neither an object nor a list, and what is empty.
fn leaves(at: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            fields.iter().for_each(|(name, field)| {
                leaves(&format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), field, found)
            });
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(number, item)| leaves(&format!("{at}/{number}"), item, found));
        }
        _ => found.push(at.to_owned()),
    }
}

/// Another value than this one, of the same type.
fn other(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(format!("{text}x")),
        Value::Number(number) => json!(number.as_i64().unwrap_or_default() + 1),
        Value::Bool(flag) => json!(!flag),
        Value::Null | Value::Array(_) | Value::Object(_) => json!(["x"]),
    }
}

/// Takes the leaf away: a field from its object, an item from its list.
fn without(document: &Value, pointer: &str) -> Result<Value> {
    let mut document = document.clone();
    let (parent, name) = pointer.rsplit_once('/').context("a leaf has a parent")?;
    match document.pointer_mut(parent).context("a parent")? {
        Value::Array(items) => drop(items.remove(name.parse()?)),
        parent => {
            drop(parent.as_object_mut().context("an object")?.remove(&name.replace("~1", "/").replace("~0", "~")))
        }
    }
    Ok(document)
}

fn with(document: &Value, pointer: &str, value: Value) -> Result<Value> {
    let mut document = document.clone();
    *document.pointer_mut(pointer).context("a leaf")? = value;
    Ok(document)
}

/// A template that has this entry alone, with what its choices need.
fn alone(transformed: &Value, section: &str, name: &str) -> Value {
    let mut alone = json!({"Parameters": {}, "Conditions": transformed["Conditions"], "Resources": {}});
    alone[section][name] = transformed[section][name].clone();
    alone
}

fn promised() -> Result<Vec<(Choices, Entries)>> {
    Choices::all().map(|choices| Ok((choices, promises(choices)?))).collect()
}

/// What nobody complains about, whatever is chosen, when it is changed or taken away.
#[test]
fn no_leaf_of_the_result_is_free() -> Result<()> {
    let (transformed, promised) = (sam::transformed()?, promised()?);
    let (mut made, mut unseen) = (0, Vec::new());
    for (section, content) in transformed.as_object().into_iter().flatten() {
        for name in content.as_object().into_iter().flat_map(Map::keys) {
            let before = alone(transformed, section, name);
            let mut pointers = Vec::new();
            leaves(&format!("/{section}/{name}"), &before[section][name], &mut pointers);
            for pointer in pointers {
                let leaf = before.pointer(&pointer).context("a leaf")?;
                for after in [with(&before, &pointer, other(leaf))?, without(&before, &pointer)?] {
                    made += 1;
                    // What cannot be read any more, such as a condition that is not there, is seen by every tool.
                    let complaints = complaints_after(&before, &after, &promised);
                    if complaints.is_ok_and(|complaints| complaints.is_empty()) {
                        unseen.push(pointer.clone());
                    }
                }
            }
        }
    }
    ensure!(made > 4000, "only {made} changes were made");
    let is_free = |pointer: &&String| FREE.iter().any(|(end, _)| pointer.ends_with(end));
    let (free, unseen): (Vec<_>, Vec<_>) = unseen.iter().partition(is_free);
    ensure!(unseen.is_empty(), "{} of {made} changes are not seen: {unseen:#?}", unseen.len());
    for (end, _) in FREE {
        ensure!(free.iter().any(|pointer| pointer.ends_with(end)), "{end} need not be free any more");
    }
    Ok(())
}

/// Nothing can be left out: what is there is needed with one choice or another.
#[test]
fn no_entry_can_be_left_out() -> Result<()> {
    let (transformed, promised) = (sam::transformed()?, promised()?);
    for (section, content) in transformed.as_object().into_iter().flatten() {
        for name in content.as_object().into_iter().flat_map(Map::keys).filter(|_| section != "Conditions") {
            let before = alone(transformed, section, name);
            let after = without(&before, &format!("/{section}/{name}"))?;
            let complaints = complaints_after(&before, &after, &promised)?;
            let name = without_digest(name);
            ensure!(complaints.iter().all(|it| it.contains(name)) && !complaints.is_empty(), "{name}: {complaints:?}");
        }
    }
    Ok(())
}

/// No statement, in a role or in a policy, can be wider than it is.
#[test]
fn no_statement_can_be_widened() -> Result<()> {
    let (transformed, promised) = (sam::transformed()?, promised()?);
    let mut widened = 0;
    for (name, resource) in transformed["Resources"].as_object().into_iter().flatten() {
        let before = alone(transformed, "Resources", name);
        let mut pointers = Vec::new();
        statements(&format!("/Resources/{name}"), resource, &mut pointers);
        for pointer in pointers {
            let statement = before.pointer(&pointer).context("a statement")?;
            let actions = local::template::strings(&statement["Action"]);
            let service = actions.first().and_then(|action| action.split(':').next()).context("an action")?;
            let everybody = (!statement["Principal"].is_null()).then(|| ("Principal", json!("*")));
            let wider = [("Action", json!(format!("{service}:*"))), ("Action", json!("*")), ("Resource", json!("*"))];
            for (field, value) in
                wider.into_iter().chain(everybody).filter(|(field, value)| statement[*field] != *value)
            {
                let mut statement = statement.clone();
                statement[field] = value;
                let after = with(&before, &pointer, statement)?;
                let complaints = complaints_after(&before, &after, &promised)?;
                ensure!(!complaints.is_empty(), "{pointer} may have a wider {field}");
                widened += 1;
            }
        }
    }
    ensure!(widened > 300, "only {widened} statements were widened");
    Ok(())
}

/// The pointers to all statements of policies.
fn statements(at: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) if fields.contains_key("Effect") => found.push(at.to_owned()),
        Value::Object(fields) => {
            fields.iter().for_each(|(name, field)| statements(&format!("{at}/{name}"), field, found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(number, item)| statements(&format!("{at}/{number}"), item, found));
        }
        _ => {}
    }
}

/// What SAM makes other resources of: a leaf that it ignored would be a promise that AWS does not hear.
#[test]
fn no_leaf_is_lost_on_the_way() -> Result<()> {
    let raw = sam::raw()?;
    let mut pointers = Vec::new();
    leaves("/Globals", &raw["Globals"], &mut pointers);
    for (id, resource) in
        raw["Resources"].as_object().into_iter().flatten().filter(|(_, resource)| sam::is_of_sam(resource))
    {
        leaves(&format!("/Resources/{id}"), resource, &mut pointers);
    }
    let mut shapes = BTreeSet::new();
    pointers.retain(|pointer| !pointer.starts_with(LOOKED_UP) && shapes.insert(shape(raw, pointer)));
    ensure!(pointers.len() > 80, "only {} leaves were found", pointers.len());
    let change = |pointer: &String| with(raw, pointer, other(raw.pointer(pointer).context("a leaf")?));
    let versions = pointers.iter().map(change).collect::<Result<Vec<_>>>()?;
    let (unchanged, results) = (sam::transformed()?, sam::transformed_versions(&versions)?);
    let lost: Vec<_> = pointers.iter().zip(&results).filter(|(_, result)| *result == unchanged).collect();
    let lost: Vec<_> = lost.into_iter().map(|(pointer, _)| pointer).collect();
    ensure!(lost.is_empty(), "SAM does not mind what these are: {lost:?}");
    Ok(())
}

/// What is alike in all functions or state machines needs to be tried in one of them.
fn shape(raw: &Value, pointer: &str) -> String {
    let mut parts: Vec<_> = pointer.split('/').map(str::to_owned).collect();
    let kind = raw["Resources"][&parts[2]]["Type"].as_str().unwrap_or_default().to_owned();
    parts[2] = kind;
    let mut shape = String::new();
    for part in parts {
        let named = ["/Variables/", "/DefinitionSubstitutions/"].iter().any(|list| shape.ends_with(list));
        shape += if named || part.parse::<u32>().is_ok() { "any" } else { &part };
        shape.push('/');
    }
    shape
}
