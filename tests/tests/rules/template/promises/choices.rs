//! What whoever deploys the template chooses, by the values of its parameters.

use std::collections::BTreeMap;

use local::Lane;
use serde_json::{Value, json};

use super::names::{given, reference};
use super::surroundings::{IN_STAGES, declared};

/// The choices of a deployment.
#[derive(Clone, Copy)]
pub(in crate::template) struct Choices {
    pub(in crate::template) lane: Lane,
    /// Whether the tables cannot be deleted.
    pub(super) protects_tables: bool,
    /// Whether a key of the customer's encrypts the data.
    pub(super) has_key: bool,
    /// Whether pages in browsers may call.
    pub(super) serves_browsers: bool,
    /// Whether each route has metrics.
    pub(super) has_route_metrics: bool,
    /// Whether the console is served.
    pub(super) has_console: bool,
}

impl Choices {
    /// What is chosen by default, in this lane.
    pub(in crate::template) const fn in_lane(lane: Lane) -> Self {
        Self {
            lane,
            protects_tables: true,
            has_key: false,
            serves_browsers: true,
            has_route_metrics: false,
            has_console: true,
        }
    }

    /// The default in either lane, and each other choice alone, so that no choice decides what another has to decide.
    pub(in crate::template) fn all() -> impl Iterator<Item = Self> {
        let usual = Self::in_lane(Lane::Rust);
        let others = [
            Self { protects_tables: false, ..usual },
            Self { has_key: true, ..usual },
            Self { serves_browsers: false, ..usual },
            Self { has_route_metrics: true, ..usual },
            Self { has_console: false, ..usual },
        ];
        Lane::ALL.map(Self::in_lane).into_iter().chain(others)
    }

    /// What a person would call them.
    pub(in crate::template) fn name(self) -> String {
        let named = [
            (!self.protects_tables, "tables unprotected"),
            (self.has_key, "a key of the customer's"),
            (!self.serves_browsers, "no browsers"),
            (self.has_route_metrics, "metrics of routes"),
            (!self.has_console, "no console"),
        ];
        let named = named.iter().filter(|(chosen, _)| *chosen).map(|(_, name)| format!(", {name}"));
        format!("{}{}", self.lane, named.collect::<String>())
    }
}

/// Values for the parameters with which the template is read: a value that chooses nothing cannot stand in it by accident.
pub(in crate::template) fn parameters(choices: Choices) -> BTreeMap<String, String> {
    let value = |name: &str| match name {
        "Orchestrator" => choices.lane.parameter().to_owned(),
        "DeletionProtection" => choices.protects_tables.to_string(),
        "EncryptionKeyArn" if !choices.has_key => String::new(),
        "AllowedOrigins" if choices.serves_browsers => origins().join(","),
        "AllowedOrigins" => String::new(),
        "RouteMetrics" => choices.has_route_metrics.to_string(),
        "Console" => choices.has_console.to_string(),
        "Rollout" => IN_STAGES.to_owned(),
        _ => given(name),
    };
    declared().into_iter().map(|(name, _)| (name.to_owned(), value(name))).collect()
}

/// The pages' origins with which the template is read: more than one, so that a list can be told from its text.
pub(super) fn origins() -> [String; 2] {
    ["AllowedOrigins", "SecondOrigin"].map(given)
}

/// The conditions that follow from the parameters.
pub(super) fn conditions() -> Vec<(String, Value)> {
    let equals = |parameter: &str, value: &str| json!({"Fn::Equals": [reference(parameter), value]});
    let lanes = Lane::ALL.map(Lane::parameter);
    let mut conditions: Vec<_> =
        lanes.iter().map(|lane| (format!("In{lane}Lane"), equals("Orchestrator", lane))).collect();
    conditions.push(("IsProtected".to_owned(), equals("DeletionProtection", "true")));
    conditions.push(("HasEncryptionKey".to_owned(), json!({"Fn::Not": [equals("EncryptionKeyArn", "")]})));
    conditions.push(("HasOrigins".to_owned(), json!({"Fn::Not": [equals("AllowedOrigins", "")]})));
    conditions.push(("HasRouteMetrics".to_owned(), equals("RouteMetrics", "true")));
    conditions.push(("HasConsole".to_owned(), equals("Console", "true")));
    conditions
}
