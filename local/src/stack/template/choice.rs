//! The conditions and intrinsic functions of a template, evaluated with the values of its parameters.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};

/// A template's document with values for its parameters. A parameter without a value has its default.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<'a> {
    pub(super) document: &'a Value,
    pub(super) given: &'a BTreeMap<String, String>,
}

impl Choice<'_> {
    /// Whether a resource or an output is created: it has no condition, or the condition is true.
    pub(super) fn creates(&self, declared: &Value) -> Result<bool> {
        match &declared["Condition"] {
            Value::Null => Ok(true),
            name => self.condition(name, &mut Vec::new()),
        }
    }

    /// The value with parameters and conditions replaced by their values, and a parameter's text split where the template splits it.
    /// `AWS::NoValue` is left out; other intrinsic functions stay.
    pub(super) fn resolve(&self, value: &Value) -> Result<Option<Value>> {
        if value["Ref"] == "AWS::NoValue" {
            return Ok(None);
        }
        if let Some(parameter) = value["Ref"].as_str() {
            return Ok(Some(self.parameter(parameter).unwrap_or_else(|| value.clone())));
        }
        if let Some([condition, yes, no]) = value["Fn::If"].as_array().map(Vec::as_slice) {
            return self.resolve(if self.condition(condition, &mut Vec::new())? { yes } else { no });
        }
        if let Some([Value::String(between), text]) = value["Fn::Split"].as_array().map(Vec::as_slice)
            && let Some(Value::String(text)) = self.resolve(text)?
        {
            return Ok(Some(text.split(between.as_str()).collect()));
        }
        Ok(Some(match value {
            Value::Array(items) => {
                let items = items.iter().map(|item| self.resolve(item)).collect::<Result<Vec<_>>>()?;
                items.into_iter().flatten().collect()
            }
            Value::Object(fields) => {
                let mut resolved = Map::new();
                for (name, field) in fields {
                    if let Some(field) = self.resolve(field)? {
                        resolved.insert(name.clone(), field);
                    }
                }
                Value::Object(resolved)
            }
            other => other.clone(),
        }))
    }

    fn parameter(&self, name: &str) -> Option<Value> {
        let default = || self.document["Parameters"][name].get("Default").cloned();
        self.given.get(name).map(|value| json!(value)).or_else(default)
    }

    /// Whether the condition `name` is true; `above` are the conditions that depend on it.
    fn condition(&self, name: &Value, above: &mut Vec<String>) -> Result<bool> {
        let name = name.as_str().with_context(|| format!("{name} is not the name of a condition"))?;
        let declared = self.document["Conditions"].get(name);
        let declared = declared.with_context(|| format!("the template has no condition {name}"))?;
        if above.iter().any(|other| other == name) {
            bail!("the condition {name} depends on itself");
        }
        above.push(name.to_owned());
        let holds = self.holds(declared, above).with_context(|| format!("the condition {name} cannot be evaluated"))?;
        above.pop();
        Ok(holds)
    }

    fn holds(&self, expression: &Value, above: &mut Vec<String>) -> Result<bool> {
        let (function, operand) =
            match expression.as_object().map(|fields| fields.iter().collect::<Vec<_>>()).as_deref() {
                Some([(function, operand)]) => (function.as_str(), *operand),
                _ => bail!("{expression} is no condition: it needs exactly one function"),
            };
        if function == "Condition" {
            return self.condition(operand, above);
        }
        let operands = operand.as_array().map(Vec::as_slice).unwrap_or_default();
        match (function, operands) {
            ("Fn::Equals", [one, other]) => Ok(self.operand(one)? == self.operand(other)?),
            ("Fn::Not", [one]) => Ok(!self.holds(one, above)?),
            ("Fn::And", [_, ..]) => operands.iter().try_fold(true, |all, one| Ok(self.holds(one, above)? && all)),
            ("Fn::Or", [_, ..]) => operands.iter().try_fold(false, |any, one| Ok(self.holds(one, above)? || any)),
            _ => bail!("{expression} is no condition that this reader knows: add it to template/choice.rs"),
        }
    }

    /// An operand of `Fn::Equals`, as text: parameters have text values, even if a default is a number or a boolean.
    fn operand(&self, operand: &Value) -> Result<String> {
        let value = match operand["Ref"].as_str() {
            Some(parameter) => self
                .parameter(parameter)
                .with_context(|| format!("the parameter {parameter} has neither a value nor a default"))?,
            None => operand.clone(),
        };
        match value {
            Value::String(text) => Ok(text),
            Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
            _ => bail!("{operand} cannot be compared: only texts, numbers and booleans can"),
        }
    }
}
