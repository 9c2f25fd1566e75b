//! What a deployment must know of template.yaml beforehand. Lines are read and not YAML, because the names are all that counts.

mod rule;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use rule::Rule;

/// The names in a template.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Template {
    /// The parameters, with what CloudFormation takes for a value of each.
    pub(crate) parameters: BTreeMap<String, Rule>,
    /// What follows the name of the stack in the names of its functions.
    pub(crate) functions: BTreeSet<String>,
    /// What follows it in the names of its tables, with their logical ids.
    pub(crate) tables: BTreeMap<String, String>,
}

/// The line of a template with the section and the entry that it stands in, such as `Resources` and `OrdersTable`.
fn lines(text: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let (mut section, mut entry) = ("", "");
    text.lines().map(move |line| {
        if !line.is_empty() && !line.starts_with([' ', '#']) {
            (section, entry) = (line.split(':').next().unwrap_or_default(), "");
        }
        let name = line.strip_prefix("  ").filter(|line| !line.starts_with([' ', '#']));
        entry = name.and_then(|name| name.split(':').next()).unwrap_or(entry);
        (section, entry, line)
    })
}

impl Template {
    /// The names of the parameters.
    pub(crate) fn parameter_names(&self) -> BTreeSet<String> {
        self.parameters.keys().cloned().collect()
    }

    /// Reads the names from the text of template.yaml.
    pub(crate) fn read(text: &str) -> Self {
        let mut template = Self::default();
        for (section, entry, line) in lines(text) {
            let of_stack = |property: &str| {
                let name = line.trim_start().strip_prefix(property)?.strip_prefix(": !Sub ${AWS::StackName}-");
                name.map(str::to_owned)
            };
            template.functions.extend(of_stack("FunctionName"));
            template.tables.extend(of_stack("TableName").map(|name| (name, entry.to_owned())));
            if section == "Parameters" && !entry.is_empty() {
                template.parameters.entry(entry.to_owned()).or_default().note(line);
            }
        }
        template
    }
}

/// The template with these resources alone, for an import: that creates nothing, and outputs and transforms have no place in it.
pub(crate) fn with_alone(text: &str, resources: &[&str]) -> String {
    let stays = |(section, entry, _): &(&str, &str, &str)| match *section {
        "AWSTemplateFormatVersion" | "Description" | "Parameters" | "Conditions" => true,
        "Resources" => entry.is_empty() || resources.contains(entry),
        _ => false,
    };
    lines(text).filter(stays).map(|(_, _, line)| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn root() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    fn text() -> String {
        std::fs::read_to_string(root().join("template.yaml")).expect("a template")
    }

    #[test]
    fn the_names_in_the_template_are_found() {
        let template = Template::read(&text());
        let folders = std::fs::read_dir(root().join("functions")).expect("functions");
        let folders = folders.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"));
        assert_eq!(template.functions, folders.collect());
        let tables = ["Authorizations", "Orders", "Products", "Sagas", "Stock", "Tickets"];
        let tables = tables.map(|name| (name.to_lowercase(), format!("{name}Table")));
        assert_eq!(template.tables, tables.into());
        for parameter in ["TokenIssuer", "Orchestrator", "LogLevel"] {
            assert!(template.parameters.contains_key(parameter), "{parameter}");
        }
        assert!(!template.parameters.contains_key("HttpApi"), "a resource is no parameter");
    }

    #[test]
    fn a_template_for_an_import_has_what_is_imported_and_nothing_that_is_created() {
        let alone = with_alone(&text(), &["StockTable"]);
        let words = ["  StockTable:\n    Type: AWS::DynamoDB::Table\n", "  HasEncryptionKey:", "  LogLevel:\n"];
        assert!(words.iter().all(|word| alone.contains(word)), "{alone}");
        assert_eq!(alone.matches("    Type: AWS::").count(), 1, "{alone}");
        assert!(["Transform:", "Outputs:", "Globals:"].iter().all(|word| !alone.contains(word)), "{alone}");
    }
}
