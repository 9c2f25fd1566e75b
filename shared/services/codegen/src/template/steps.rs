//! What belongs to each step alone: its queues, its function with role and log group, its alarm, and their outputs.

use std::collections::BTreeMap;

use messaging::{Deployment, Table};

use super::yaml::{filled, id, lines, parted, text, variable};

pub(super) fn blocks(steps: &[Deployment]) -> BTreeMap<String, String> {
    let mut services: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in steps {
        services.entry(row.service).or_default().push(step(row));
    }
    let mut blocks: BTreeMap<_, _> =
        services.into_iter().map(|(service, steps)| (format!("steps of {service}"), parted(steps))).collect();
    let outputs = |queue: String| {
        [format!("{queue}Url: {{ Value: !Ref {queue} }}"), format!("{queue}Arn: {{ Value: !GetAtt {queue}.Arn }}")]
    };
    let of_step = |row: &Deployment| ["Queue", "DeadLetterQueue"].map(|kind| outputs(id(row.handler) + kind));
    blocks.insert("outputs of steps".to_owned(), lines(steps.iter().flat_map(of_step).flatten()));
    blocks
}

fn step(row: &Deployment) -> String {
    let (id, description) = (id(row.handler), text(row.description));
    // What a version is described by: the values of the parameters that the function is given.
    let given = ["LogLevel"].into_iter().chain(row.parameters.iter().map(|(_, parameter)| *parameter));
    let values = given.map(|parameter| format!("${{{parameter}}}")).collect::<Vec<_>>().join(" ");
    let words =
        [("Id", id.as_str()), ("name", row.handler), ("description", &description), ("values", values.as_str())];
    let tables = [Some((row.table, "[dynamodb:GetItem, dynamodb:PutItem]"))]
        .into_iter()
        .chain([row.counters.map(|counters| (counters, actions_on_counters(row)))])
        .flatten();
    let (mut variables, mut statements) = (Vec::new(), Vec::new());
    for (table, actions) in tables {
        let resource = resource(table);
        variables.push(format!("{}: !Ref {resource}", variable(table.name, "TABLE")));
        statements.push(format!("- {{ Effect: Allow, Action: {actions}, Resource: !GetAtt {resource}.Arn }}"));
    }
    variables.extend(row.parameters.iter().map(|(name, parameter)| format!("{name}: !Ref {parameter}")));
    variables.extend(row.variables.iter().map(|(name, value)| format!("{name}: {}", text(value))));
    filled(include_str!("step.yaml"), &words, &[("variables", variables), ("statements", statements)])
}

fn actions_on_counters(row: &Deployment) -> &'static str {
    if row.looks_at_counters { "[dynamodb:GetItem, dynamodb:UpdateItem]" } else { "dynamodb:UpdateItem" }
}

/// The logical id of the table.
fn resource(table: Table) -> String {
    format!("{}Table", id(table.name))
}
