//! What is found against what is promised.

use std::collections::BTreeSet;

use anyhow::Result;
use local::template::Template;
use serde_json::{Map, Value, json};

use super::promises::{ANY_TEXT, Choices, Entries, parameters};

/// Lists whose order means nothing.
const UNORDERED: [&str; 4] = ["Action", "Resource", "Statement", "type"];

/// The entries that a transformed template has when these choices are made.
pub(super) fn entries(transformed: &Value, choices: Choices) -> Result<Entries> {
    let transformed = &named_plainly(transformed);
    let template = Template::from_json(transformed.clone())?.given(parameters(choices));
    let mut entries = Entries::new();
    for (section, content) in transformed.as_object().into_iter().flatten() {
        match section.as_str() {
            "Resources" | "Outputs" => {
                let created = template.created(section)?.into_iter();
                entries.extend(created.map(|(name, entry)| (format!("{section}/{name}"), entry)));
            }
            // A choice is about what is created.
            _ => match content.as_object() {
                Some(fields) => {
                    entries.extend(fields.iter().map(|(name, entry)| (format!("{section}/{name}"), entry.clone())));
                }
                None => {
                    entries.insert(section.clone(), content.clone());
                }
            },
        }
    }
    Ok(entries)
}

/// Every difference between what is promised and what is found.
pub(super) fn complaints(promised: &Entries, found: &Entries) -> Vec<String> {
    let names: BTreeSet<_> = promised.keys().chain(found.keys()).collect();
    names.into_iter().flat_map(|name| complaints_about(name, promised.get(name), found.get(name))).collect()
}

/// Every difference that a change of the transformed template makes, whatever is chosen: what the change left as it was
/// is not compared again.
pub(super) fn complaints_after(before: &Value, after: &Value, promised: &[(Choices, Entries)]) -> Result<Vec<String>> {
    let (before, after) = (&named_plainly(before), &named_plainly(after));
    let mut changed = after.clone();
    let mut names = BTreeSet::new();
    let sections: BTreeSet<_> = [before, after].into_iter().filter_map(Value::as_object).flat_map(Map::keys).collect();
    for section in sections {
        let (old, new) = (before[section].as_object(), after[section].as_object());
        if old.is_none() && new.is_none() {
            names.insert(section.clone());
        }
        for name in old.into_iter().chain(new).flat_map(Map::keys).collect::<BTreeSet<_>>() {
            let is_same =
                before["Conditions"] == after["Conditions"] && before[section].get(name) == after[section].get(name);
            if !is_same {
                names.insert(format!("{section}/{name}"));
            } else if let ("Resources" | "Outputs", Some(fields)) = (section.as_str(), changed[section].as_object_mut())
            {
                fields.remove(name);
            }
        }
    }
    let mut complaints = Vec::new();
    for (choices, promised) in promised {
        let found = entries(&changed, *choices)?;
        let about = |name: &String| complaints_about(name, promised.get(name), found.get(name));
        complaints.extend(names.iter().flat_map(about));
    }
    Ok(complaints)
}

/// The template with the digest taken from the id of each version, such as `CreateOrderFunctionVersion0123456789`: `versions`
/// says what the digest is for.
fn named_plainly(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(without_digest(text)),
        Value::Array(items) => items.iter().map(named_plainly).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, field)| (without_digest(name).to_owned(), named_plainly(field))).collect()
        }
        other => other.clone(),
    }
}

pub(super) fn without_digest(name: &str) -> &str {
    let parts = name
        .rsplit_once("FunctionVersion")
        .filter(|(_, digest)| digest.len() == 10 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    parts.map_or(name, |(_, digest)| name.trim_end_matches(digest))
}

/// Every difference in one entry.
fn complaints_about(name: &str, promised: Option<&Value>, found: Option<&Value>) -> Vec<String> {
    let mut complaints = Vec::new();
    match (promised, found) {
        (Some(promised), Some(found)) => compare(name, &normal("", promised), &normal("", found), &mut complaints),
        (Some(_), None) => complaints.push(format!("{name} is missing")),
        (None, Some(_)) => complaints.push(format!("{name} is there, and no rule says what it must be")),
        (None, None) => {}
    }
    complaints
}

/// The value with a single action or resource as a list of it, and with lists whose order means nothing in order.
fn normal(name: &str, value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<_> = items.iter().map(|item| normal("", item)).collect();
            if UNORDERED.contains(&name) {
                items.sort_by_cached_key(Value::to_string);
            }
            json!(items)
        }
        single if ["Action", "Resource"].contains(&name) => json!([single]),
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), normal(name, field))).collect(),
        other => other.clone(),
    }
}

fn compare(at: &str, promised: &Value, found: &Value, complaints: &mut Vec<String>) {
    match (promised, found) {
        (Value::Object(must), Value::Object(is)) => {
            let names: BTreeSet<_> = must.keys().chain(is.keys()).collect();
            for name in names {
                let at = format!("{at}/{name}");
                match (must.get(name), is.get(name)) {
                    (Some(promised), Some(found)) => compare(&at, promised, found, complaints),
                    (Some(promised), None) => complaints.push(format!("{at} is missing: it must be {promised}")),
                    (None, found) => {
                        let found = found.unwrap_or(&Value::Null);
                        complaints.push(format!("{at} is {found}, and no rule says what it must be"));
                    }
                }
            }
        }
        (Value::Array(must), Value::Array(is)) if must.len() == is.len() => {
            for (number, (promised, found)) in must.iter().zip(is).enumerate() {
                compare(&format!("{at}/{number}"), promised, found, complaints);
            }
        }
        (Value::String(any), Value::String(text)) if any == ANY_TEXT && !text.trim().is_empty() => {}
        _ if at.ends_with("/AccessLogSettings/Format") && same_json(promised, found) => {}
        _ if promised == found => {}
        _ => complaints.push(format!("{at} is {found}, and it must be {promised}")),
    }
}

/// Whether both are texts of the same JSON: YAML folds the lines of a long text with spaces.
fn same_json(one: &Value, other: &Value) -> bool {
    let read = |value: &Value| serde_json::from_str::<Value>(value.as_str()?).ok();
    read(one).is_some_and(|one| read(other) == Some(one))
}
