//! Careless mistakes in the template, made on purpose, one at a time: each must be complained about, and at the right place.

mod access;
mod console;
mod data;
mod functions;
mod lanes;
mod messages;
mod versions;
mod watch;

use anyhow::{Context, Result, bail, ensure};
use heck::{ToShoutySnakeCase as _, ToUpperCamelCase as _};
use serde_json::{Value, json};

use super::comparison::complaints_after;
use super::promises::{Choices, promises};
use super::sam;

/// A mistake, and the entry that a rule must complain about.
pub(super) struct Mistake {
    what: &'static str,
    edits: Vec<Edit>,
    seen_at: String,
}

/// One change of template.yaml.
enum Edit {
    /// Another value in place of the one at this pointer.
    Set(String, Value),
    /// A value that was not there.
    Add(String, Value),
    /// Nothing in its place.
    Remove(String),
}

impl Edit {
    fn pointer(&self) -> &str {
        match self {
            Self::Set(pointer, _) | Self::Add(pointer, _) | Self::Remove(pointer) => pointer,
        }
    }

    /// Makes the change; a pointer that leads nowhere would be a mistake that nobody makes.
    fn apply(&self, document: &mut Value) -> Result<()> {
        let (parent, name) = self.pointer().rsplit_once('/').context("a pointer")?;
        let parent = document.pointer_mut(parent).with_context(|| format!("there is no {}", self.pointer()))?;
        let exists = parent.pointer(&format!("/{name}")).is_some();
        ensure!(exists != matches!(self, Self::Add(..)), "{} does not fit the template", self.pointer());
        match (self, parent) {
            (Self::Set(_, value) | Self::Add(_, value), Value::Object(fields)) => {
                ensure!(fields.insert(name.to_owned(), value.clone()).as_ref() != Some(value), "nothing is changed");
            }
            (Self::Set(_, value), Value::Array(items)) => {
                *items.get_mut(name.parse::<usize>()?).context("an item")? = value.clone()
            }
            (Self::Remove(_), Value::Object(fields)) => drop(fields.remove(name)),
            (Self::Remove(_), Value::Array(items)) => drop(items.remove(name.parse()?)),
            (Self::Add(..) | Self::Set(..) | Self::Remove(_), _) => bail!("{} cannot be changed so", self.pointer()),
        }
        Ok(())
    }
}

impl Mistake {
    fn of(what: &'static str, edit: Edit) -> Self {
        let entry: Vec<_> = edit.pointer().split('/').skip(1).take(2).collect();
        Self { what, seen_at: entry.join("/"), edits: vec![edit] }
    }

    fn and(mut self, edit: Edit) -> Self {
        self.edits.push(edit);
        self
    }

    /// SAM makes another resource of what was edited.
    fn seen_at(self, entry: &str) -> Self {
        Self { seen_at: entry.to_owned(), ..self }
    }
}

fn set(what: &'static str, pointer: &str, value: Value) -> Mistake {
    Mistake::of(what, Edit::Set(pointer.to_owned(), value))
}

fn add(what: &'static str, pointer: &str, value: Value) -> Mistake {
    Mistake::of(what, Edit::Add(pointer.to_owned(), value))
}

fn remove(what: &'static str, pointer: &str) -> Mistake {
    Mistake::of(what, Edit::Remove(pointer.to_owned()))
}

fn reference(id: &str) -> Value {
    json!({"Ref": id})
}

fn arn(id: &str) -> Value {
    json!({"Fn::GetAtt": [id, "Arn"]})
}

/// A property of a resource.
fn at(resource: &str, property: &str) -> String {
    format!("/Resources/{resource}/Properties/{property}")
}

/// The newest state machine of a saga, such as `create-order-v1`.
fn machine(saga: &str) -> String {
    let registry = order::sagas::registry();
    let newest = registry.definitions().filter(|definition| definition.name == saga).last();
    newest.map(saga::Definition::machine_name).unwrap_or_default()
}

/// The logical id of what belongs to it, such as `CreateOrderV1Role`.
fn of_machine(saga: &str, kind: &str) -> String {
    format!("{}{kind}", machine(saga).to_upper_camel_case())
}

/// The variable that names it, such as `CREATE_ORDER_V1_STATE_MACHINE_ARN`.
fn arn_of_machine(saga: &str) -> String {
    format!("{}_STATE_MACHINE_ARN", machine(saga).to_shouty_snake_case())
}

/// A statement of the only policy of a role, by number and field.
fn statement(role: &str, number: usize, field: &str) -> String {
    at(role, &format!("Policies/0/PolicyDocument/Statement/{number}/{field}"))
}

fn all() -> Vec<Mistake> {
    let lists = [
        access::mistakes(),
        console::mistakes(),
        data::mistakes(),
        functions::mistakes(),
        lanes::mistakes(),
        messages::mistakes(),
        versions::mistakes(),
        watch::mistakes(),
    ];
    lists.into_iter().flatten().collect()
}

#[test]
fn every_mistake_is_seen() -> Result<()> {
    let mistakes = all();
    let mut promised = Vec::new();
    for choices in Choices::all() {
        promised.push((choices, promises(choices)?));
    }
    let mut broken = Vec::new();
    for mistake in &mistakes {
        let mut document = sam::raw()?.clone();
        for edit in &mistake.edits {
            edit.apply(&mut document).with_context(|| mistake.what)?;
        }
        broken.push(document);
    }
    let mut unseen = Vec::new();
    for (mistake, transformed) in mistakes.iter().zip(sam::transformed_versions(&broken)?) {
        let complaints = match transformed.get("Refused") {
            Some(reason) => vec![format!("Refused: {reason}")],
            None => complaints_after(sam::transformed()?, &transformed, &promised)?,
        };
        if !complaints.iter().any(|complaint| complaint.starts_with(&mistake.seen_at)) {
            unseen.push(format!("{} ({}): {complaints:?}", mistake.what, mistake.seen_at));
        }
    }
    ensure!(mistakes.len() > 200, "only {} mistakes are made", mistakes.len());
    ensure!(unseen.is_empty(), "{} of {} mistakes are not seen:\n{}", unseen.len(), mistakes.len(), unseen.join("\n"));
    Ok(())
}
