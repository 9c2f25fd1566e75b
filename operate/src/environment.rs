//! An environment of samconfig.toml: what `sam` is given for it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use toml_edit::DocumentMut;

/// What `sam build`, `sam deploy` and `sam sync` are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Environment {
    /// The name of the stack.
    pub(crate) stack: String,
    /// The values of the template's parameters.
    pub(crate) parameters: BTreeMap<String, String>,
}

impl Environment {
    /// Opens an environment of samconfig.toml in this directory, and reads the text of template.yaml beside it.
    ///
    /// # Errors
    /// When a file cannot be read; see [`Environment::read`].
    pub(crate) fn open(directory: &Path, name: &str) -> Result<(Self, String)> {
        let text = |file: &str| {
            let path = directory.join(file);
            std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
        };
        Ok((Self::read(&text("samconfig.toml")?, name)?, text("template.yaml")?))
    }

    /// Reads an environment from the text of samconfig.toml.
    ///
    /// # Errors
    /// When the text is no TOML, or has no such environment, or the environment is not whole.
    pub(crate) fn read(text: &str, name: &str) -> Result<Self> {
        let file: DocumentMut = text.parse().context("samconfig.toml is no TOML")?;
        let known: Vec<_> = file.iter().filter(|(_, item)| item.is_table()).map(|(name, _)| name).collect();
        let place = || format!("samconfig.toml has no [{name}.global.parameters]: it knows {}", known.join(", "));
        let found = file.get(name).and_then(|it| it.get("global")?.get("parameters")).with_context(place)?;
        let stack = found.get("stack_name").and_then(|it| it.as_str());
        let given = found.get("parameter_overrides").and_then(|it| it.as_table_like());
        let given =
            given.with_context(|| format!("write [{name}.global.parameters.parameter_overrides] as a table"))?;
        let value = |(parameter, value): (&str, &toml_edit::Item)| {
            let text = value.as_str().with_context(|| format!("the value of {parameter} must be a \"text\""))?;
            Ok((parameter.to_owned(), text.to_owned()))
        };
        Ok(Self {
            stack: stack.with_context(|| format!("the environment {name} has no stack_name"))?.to_owned(),
            parameters: given.iter().map(value).collect::<Result<_>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "version = 0.1\n\
        [prod.global.parameters]\nstack_name = \"shop\"\n\
        [prod.global.parameters.parameter_overrides]\nLogLevel = \"info\"\nCount = 1\n\
        [bare.global.parameters]\n[bare.global.parameters.parameter_overrides]\n\
        [list.global.parameters]\nstack_name = \"shop\"\nparameter_overrides = \"LogLevel=info\"\n";

    #[test]
    fn an_environment_that_is_not_whole_is_refused() {
        let whole = FILE.replace("Count = 1\n", "");
        let read = Environment::read(&whole, "prod").expect("an environment");
        let parameters = BTreeMap::from([("LogLevel".to_owned(), "info".to_owned())]);
        assert_eq!(read, Environment { stack: "shop".to_owned(), parameters });
        let refusal = |text, name| Environment::read(text, name).expect_err("a refusal").to_string();
        assert_eq!(refusal(FILE, "prdo"), "samconfig.toml has no [prdo.global.parameters]: it knows prod, bare, list");
        assert_eq!(refusal(FILE, "prod"), "the value of Count must be a \"text\"");
        assert_eq!(refusal(FILE, "bare"), "the environment bare has no stack_name");
        assert_eq!(refusal(FILE, "list"), "write [list.global.parameters.parameter_overrides] as a table");
        assert_eq!(refusal("= 1", "prod"), "samconfig.toml is no TOML");
    }
}
