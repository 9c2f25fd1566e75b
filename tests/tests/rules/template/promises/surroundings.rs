//! What surrounds the resources: the parameters, what they choose, and the outputs.

use local::Lane;
use serde_json::{Value, json};

use super::choices::{Choices, conditions};
use super::machines::machines;
use super::names::{arn, id, reference};
use super::queues::{dead_letters, live_queues};
use super::{ANY_TEXT, Entries, console, tables};

/// How a new version takes over, and whether it does so in stages.
const ROLLOUTS: [(&str, &str); 4] = [
    ("AllAtOnce", "false"),
    ("Canary10Percent5Minutes", "true"),
    (IN_STAGES, "true"),
    ("Linear10PercentEvery1Minute", "true"),
];
/// The rollout with which the template is read: SAM makes more of it than of the default.
pub(in crate::template) const IN_STAGES: &str = "Canary10Percent15Minutes";

/// What whoever deploys the template decides. A value that is no good is refused before anything is created.
pub(super) fn declared() -> [(&'static str, Value); 17] {
    let issuer = r"^(https://[A-Za-z0-9.-]+(:[0-9]{1,5})?/([A-Za-z0-9._~-]+/)*|http://127\.0\.0\.1:[0-9]{1,5}/)$";
    let key = "^(arn:[a-z0-9-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)?$";
    let yes_or_no = |default: bool| json!({"AllowedValues": ["true", "false"], "Default": default.to_string()});
    let origin = r"(https://[a-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?";
    let origins = format!("^({origin}(,{origin}){{0,9}})?$");
    [
        ("TokenIssuer", json!({"MaxLength": 80, "AllowedPattern": issuer, "ConstraintDescription": ANY_TEXT})),
        ("TokenAudience", json!({"MaxLength": 80, "AllowedPattern": "^[^<>]+$", "ConstraintDescription": ANY_TEXT})),
        ("AllowedOrigins", json!({"AllowedPattern": origins, "ConstraintDescription": ANY_TEXT, "Default": ""})),
        ("Console", yes_or_no(true)),
        // What Auth0 makes has letters and digits, what `make up` knows is a word.
        (
            "ConsoleClientId",
            json!({"MaxLength": 80, "AllowedPattern": "^[A-Za-z0-9_-]*$", "ConstraintDescription": ANY_TEXT, "Default": ""}),
        ),
        ("Architecture", json!({"AllowedValues": ["arm64", "x86_64"], "Default": "arm64"})),
        ("Orchestrator", json!({"AllowedValues": Lane::ALL.map(Lane::parameter), "Default": "Rust"})),
        // SQS as a source takes no less than 2 and no more than 1000; the others are API Gateway's quotas for an account.
        ("QueueConcurrency", json!({"Type": "Number", "MinValue": 2, "MaxValue": 1000, "Default": 2})),
        ("ApiRateLimit", json!({"Type": "Number", "MinValue": 1, "MaxValue": 10_000, "Default": 50})),
        ("ApiBurstLimit", json!({"Type": "Number", "MinValue": 1, "MaxValue": 5000, "Default": 20})),
        ("ApprovalLimitMinorUnits", json!({"Type": "Number", "MinValue": 1, "Default": 100_000})),
        ("DeletionProtection", yes_or_no(true)),
        ("EncryptionKeyArn", json!({"AllowedPattern": key, "ConstraintDescription": ANY_TEXT, "Default": ""})),
        ("RouteMetrics", yes_or_no(false)),
        (
            "StockShards",
            json!({"Type": "Number", "MinValue": 1, "MaxValue": kitchen::domain::MAX_SHARDS, "Default": 1}),
        ),
        ("LogLevel", json!({"MinLength": 1, "MaxLength": 70, "Default": "info"})),
        ("Rollout", json!({"AllowedValues": ROLLOUTS.map(|(name, _)| name), "Default": "AllAtOnce"})),
    ]
}

pub(super) fn entries(choices: Choices) -> Entries {
    let mut entries = Entries::from([
        ("AWSTemplateFormatVersion".to_owned(), json!("2010-09-09")),
        ("Transform".to_owned(), json!("AWS::Serverless-2016-10-31")),
        ("Description".to_owned(), json!(ANY_TEXT)),
    ]);
    for (name, in_stages) in ROLLOUTS {
        let chosen = entries.entry("Mappings/Rollouts".to_owned()).or_insert_with(|| json!({}));
        chosen[name] = json!({"InStages": in_stages});
    }
    // What SAM's own reader of Globals is asked for instead.
    entries.insert("Metadata/cfn-lint".to_owned(), json!({"config": {"ignore_checks": ["E3724"]}}));
    for (name, mut parameter) in declared() {
        parameter["Description"] = json!(ANY_TEXT);
        if parameter["Type"].is_null() {
            parameter["Type"] = json!("String");
        }
        entries.insert(format!("Parameters/{name}"), parameter);
    }
    entries.extend(conditions().into_iter().map(|(name, chosen)| (format!("Conditions/{name}"), chosen)));
    entries.extend(outputs(choices).into_iter().map(|(name, output)| (format!("Outputs/{name}"), output)));
    entries
}

/// Where to find what tests, operators and the next stack look for.
fn outputs(choices: Choices) -> Vec<(String, Value)> {
    let url = json!({"Description": ANY_TEXT, "Value": {"Fn::GetAtt": ["HttpApi", "ApiEndpoint"]}});
    let alarms = json!({"Description": ANY_TEXT, "Value": reference("AlarmsTopic")});
    let mut outputs = vec![("ApiUrl".to_owned(), url), ("AlarmsTopicArn".to_owned(), alarms)];
    outputs.extend(console::outputs(choices));
    let mut add = |name: String, resource: &str| outputs.push((name, json!({"Value": reference(resource)})));
    add("HttpApiId".to_owned(), "HttpApi");
    add("OrderEventsTopicArn".to_owned(), "OrderEventsTopic");
    for table in tables::names().map(|name| format!("{}Table", id(name))) {
        add(format!("{table}Name"), &table);
    }
    let live = live_queues().into_iter().map(|name| format!("{}Queue", id(name)));
    let dead = dead_letters(live_queues()).map(|name| format!("{}DeadLetterQueue", id(name)));
    let queues: Vec<_> = live.chain(dead).collect();
    for queue in &queues {
        add(format!("{queue}Url"), queue);
    }
    for machine in machines() {
        add(format!("{}Arn", machine.resource()), &machine.resource());
    }
    outputs.extend(queues.iter().map(|queue| (format!("{queue}Arn"), json!({"Value": arn(queue)}))));
    outputs
}
