//! What surrounds the resources: the parameters, what they choose, and the outputs.

use std::collections::BTreeMap;

use local::Lane;
use serde_json::{Value, json};

use super::functions::{Behind, behind_queues};
use super::machines::machines;
use super::names::{given, id, reference};
use super::queues::dead_letters;
use super::{ANY_TEXT, Entries, tables};

/// What whoever deploys the template decides. A value that is no good is refused before anything is created.
fn declared() -> [(&'static str, Value); 8] {
    let issuer = r"^(https://[A-Za-z0-9.-]+(:[0-9]{1,5})?/([A-Za-z0-9._~-]+/)*|http://127\.0\.0\.1:[0-9]{1,5}/)$";
    let origin = "^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$";
    [
        ("TokenIssuer", json!({"AllowedPattern": issuer, "ConstraintDescription": ANY_TEXT})),
        ("TokenAudience", json!({"MinLength": 1})),
        ("AllowedOrigin", json!({"AllowedPattern": origin, "ConstraintDescription": ANY_TEXT})),
        ("Architecture", json!({"AllowedValues": ["arm64", "x86_64"], "Default": "arm64"})),
        ("Orchestrator", json!({"AllowedValues": Lane::ALL.map(Lane::parameter), "Default": "Rust"})),
        ("ApprovalLimitMinorUnits", json!({"Type": "Number", "MinValue": 1, "Default": 100_000})),
        (
            "StockShards",
            json!({"Type": "Number", "MinValue": 1, "MaxValue": kitchen::domain::MAX_SHARDS, "Default": 1}),
        ),
        ("LogLevel", json!({"MinLength": 1, "Default": "info"})),
    ]
}

/// Values for the parameters with which the template is read: none of them can stand in it by accident.
pub(in crate::template) fn parameters(lane: Lane) -> BTreeMap<String, String> {
    let value = |name: &str| if name == "Orchestrator" { lane.parameter().to_owned() } else { given(name) };
    declared().into_iter().map(|(name, _)| (name.to_owned(), value(name))).collect()
}

pub(super) fn entries(lane: Lane) -> Entries {
    let mut entries = Entries::from([
        ("AWSTemplateFormatVersion".to_owned(), json!("2010-09-09")),
        ("Transform".to_owned(), json!("AWS::Serverless-2016-10-31")),
        ("Description".to_owned(), json!(ANY_TEXT)),
    ]);
    for (name, mut parameter) in declared() {
        parameter["Description"] = json!(ANY_TEXT);
        if parameter["Type"].is_null() {
            parameter["Type"] = json!("String");
        }
        entries.insert(format!("Parameters/{name}"), parameter);
    }
    for lane in Lane::ALL {
        let chosen = json!({"Fn::Equals": [reference("Orchestrator"), lane.parameter()]});
        entries.insert(format!("Conditions/In{}Lane", lane.parameter()), chosen);
    }
    entries.extend(outputs(lane).into_iter().map(|(name, output)| (format!("Outputs/{name}"), output)));
    entries
}

/// Where to find what tests, operators and the next stack look for.
fn outputs(lane: Lane) -> Vec<(String, Value)> {
    let url = json!({"Description": ANY_TEXT, "Value": {"Fn::GetAtt": ["HttpApi", "ApiEndpoint"]}});
    let alarms = json!({"Description": ANY_TEXT, "Value": reference("AlarmsTopic")});
    let mut outputs = vec![("ApiUrl".to_owned(), url), ("AlarmsTopicArn".to_owned(), alarms)];
    let mut add = |name: String, resource: &str| outputs.push((name, json!({"Value": reference(resource)})));
    add("HttpApiId".to_owned(), "HttpApi");
    add("OrderEventsTopicArn".to_owned(), "OrderEventsTopic");
    for table in tables::names().map(|name| format!("{}Table", id(name))) {
        add(format!("{table}Name"), &table);
    }
    let live = behind_queues(lane).into_iter().map(|Behind { queue, .. }| format!("{}Queue", id(queue)));
    let dead = dead_letters(lane).into_iter().map(|name| format!("{}DeadLetterQueue", id(name)));
    for queue in live.chain(dead) {
        add(format!("{queue}Url"), &queue);
    }
    if lane == Lane::StepFunctions {
        for machine in machines() {
            add(format!("{}Arn", machine.resource()), &machine.resource());
        }
    }
    outputs
}
