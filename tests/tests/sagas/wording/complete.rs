//! Which message types, fields and enum values the snapshots show.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use codegen::{Holds, MessageType, messages};
use serde_json::Value;

/// What is declared and can be shown by nothing here, and why.
const NEVER_SHOWN: [(&str, &str); 8] = [
    ("operations_api.v1.Transition.outcome = COMMAND_STATE_SENT", NO_OUTCOME),
    ("operations_api.v1.Transition.end = SAGA_STATE_RUNNING", NO_END),
    ("operations_api.v1.Transition.end = SAGA_STATE_COMPENSATING", NO_END),
    ("operations_api.v1.Transition.end = SAGA_STATE_STUCK", NO_END),
    ("operations_api.v1.Transition.end = SAGA_STATE_UNKNOWN", NO_END),
    ("operations_api.v1.StateCount.state = SAGA_STATE_UNKNOWN", "no saga is stored in this state"),
    ("operations_api.v1.StateCount.atLeast", "there would have to be a thousand sagas"),
    ("operations_api.v1.Saga.state = SAGA_STATE_UNKNOWN", "only a history of Step Functions can break off"),
];
const NO_OUTCOME: &str = "a command whose reply is awaited leads nowhere yet";
const NO_END: &str = "no saga ends like this";

/// What `proto/` declares, and what was shown of it.
pub(super) struct Coverage {
    types: BTreeMap<String, MessageType>,
    shown: BTreeSet<String>,
}

impl Coverage {
    /// Of everything that `proto/` declares, nothing was shown yet.
    pub(super) fn of_proto() -> Result<Self> {
        let wire = tests::root().join("shared/engine/wire/proto");
        // The options that mark commands and bound fields travel with no message.
        let options = ["message.v1.Command", "message.v1.Limits"];
        let engine = messages(&wire, &[])?.into_iter().filter(|message| !options.contains(&message.name.as_str()));
        let types = engine
            .chain(messages(&tests::root().join("proto"), &[wire])?)
            .map(|message| (message.name.clone(), message))
            .collect();
        Ok(Self { types, shown: BTreeSet::new() })
    }

    /// Shows a message of this type, in ProtoJSON.
    pub(super) fn show(&mut self, type_name: &str, message: &Value) -> Result<()> {
        let described = self.types.get(type_name).with_context(|| format!("proto/ declares no {type_name}"))?.clone();
        self.shown.insert(type_name.to_owned());
        for (name, value) in message.as_object().with_context(|| format!("{message} is no {type_name}"))? {
            // What an absent field reads as does not show that the field is written.
            if name == "@type" || [Value::from(""), Value::from(0), Value::from("0")].contains(value) {
                continue;
            }
            let holds = described.fields.get(name).with_context(|| format!("{type_name} has no field {name}"))?;
            self.shown.insert(format!("{type_name}.{name}"));
            let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for value in values {
                match holds {
                    Holds::Enum(_) => {
                        self.shown.insert(format!("{type_name}.{name} = {}", value.as_str().unwrap_or_default()));
                    }
                    Holds::Message(any) if any == "google.protobuf.Any" => {
                        let payload = value["@type"].as_str().context("a payload without a type")?;
                        self.show(payload.trim_start_matches("type.googleapis.com/"), value)?;
                    }
                    Holds::Message(inner) if self.types.contains_key(inner) => self.show(inner, value)?,
                    Holds::Message(_) | Holds::Scalar => {}
                }
            }
        }
        Ok(())
    }

    fn declared(&self) -> BTreeSet<String> {
        let mut declared = BTreeSet::new();
        for (name, message) in &self.types {
            declared.insert(name.clone());
            for (field, holds) in &message.fields {
                declared.insert(format!("{name}.{field}"));
                if let Holds::Enum(values) = holds {
                    declared.extend(values.iter().map(|value| format!("{name}.{field} = {value}")));
                }
            }
        }
        declared
    }

    /// What was shown nowhere.
    pub(super) fn missing(&self) -> BTreeSet<String> {
        let mut declared = self.declared();
        let excused: BTreeSet<String> = NEVER_SHOWN.iter().map(|(name, _)| (*name).to_owned()).collect();
        declared.retain(|name| !excused.contains(name));
        declared.difference(&self.shown).cloned().collect()
    }

    /// What has an excuse and needs none, because it was shown or is not declared.
    pub(super) fn needlessly_excused(&self) -> Vec<&'static str> {
        let declared = self.declared();
        let excused = NEVER_SHOWN.iter().map(|(name, _)| *name);
        excused.filter(|name| self.shown.contains(*name) || !declared.contains(*name)).collect()
    }
}
