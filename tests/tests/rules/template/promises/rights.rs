//! What each function may do with data: no more than what its code does.

use anyhow::Result;
use messaging::Deployment;
use serde_json::{Value, json};

use super::api::{Rpc, rpcs};
use super::names::{arn, given, id, reference, sub, variable};

/// A function that loads an item and saves it under a condition.
const LOADS_AND_SAVES: &[&str] = &["GetItem", "PutItem"];
/// A step that moves stock counters in the transaction of its ticket.
const COUNTS: &[&str] = &["UpdateItem"];
/// A step that also looks at the counters of a product's other shards.
const LOOKS_AND_COUNTS: &[&str] = &["GetItem", "UpdateItem"];

/// A table, or an index of it as `table/index/name`, and what a function may do with it.
type Right = (&'static str, &'static [&'static str]);

/// For each function that is no step the tables it is told of and what it may do with each.
const RIGHTS: &[(&str, &[Right])] = &[
    ("create-order", &[("orders", LOADS_AND_SAVES), ("products", &["BatchGetItem"])]),
    ("cancel-order", &[("orders", LOADS_AND_SAVES)]),
    ("find-order", &[("orders", &["GetItem"])]),
    ("list-orders", &[("orders/index/by-customer", &["Query"])]),
    ("list-products", &[("products", &["Scan"])]),
    ("list-tickets", &[("tickets/index/by-status", &["Query"])]),
    ("start-ticket", &[("tickets", LOADS_AND_SAVES)]),
    ("set-stock", &[("stock", LOADS_AND_SAVES)]),
    ("list-stock", &[("stock", &["BatchGetItem"])]),
    ("orchestrate-saga", &[("sagas", LOADS_AND_SAVES)]),
];

/// For each function its rights. Those of a step follow from its row, which the test in `rows` compares with its main.
fn rights() -> Vec<(&'static str, Vec<Right>)> {
    let of_step = |row: &Deployment| {
        let counts = if row.looks_at_counters { LOOKS_AND_COUNTS } else { COUNTS };
        let counters = row.counters.map(|counters| (counters.name, counts));
        (row.handler, [(row.table.name, LOADS_AND_SAVES)].into_iter().chain(counters).collect())
    };
    let of_others = RIGHTS.iter().map(|(function, rights)| (*function, rights.to_vec()));
    of_others.chain(sagas_codegen::steps().iter().map(of_step)).collect()
}

fn rights_of(function: &str) -> Vec<Right> {
    rights().into_iter().filter(|(name, _)| *name == function).flat_map(|(_, rights)| rights).collect()
}

/// The tables of each service. Services share messages, not data.
const DATA: &[(&str, &[&str])] = &[
    ("order", &["orders", "products", "sagas"]),
    ("kitchen", &["tickets", "stock"]),
    ("billing", &["authorizations"]),
];

/// The service of a step, as the sagas name it.
fn service_of(step: &str) -> Option<&'static str> {
    let registry = order::sagas::registry();
    let mut commands = registry.definitions().flat_map(saga::Definition::commands);
    commands.find(|command| command.handler == step).map(|command| command.participant)
}

/// The functions that have a right to another service's table, with that table.
pub(in crate::template) fn trespassers() -> Result<Vec<(&'static str, &'static str)>> {
    let rpcs = rpcs()?;
    let mut found = Vec::new();
    for (function, rights) in rights() {
        let rpc = rpcs.iter().find(|rpc| rpc.function_name() == function);
        // The orchestrator is no service's, but it keeps its sagas with the orders.
        let service = service_of(function).or(rpc.map(Rpc::service)).unwrap_or("order");
        let own: Vec<_> = DATA.iter().filter(|(name, _)| *name == service).flat_map(|(_, tables)| *tables).collect();
        let tables = rights.iter().map(|(table, _)| table.split('/').next().unwrap_or_default());
        found.extend(tables.filter(|table| !own.contains(&table)).map(|table| (function, table)));
    }
    Ok(found)
}

/// The statements of its role about tables.
pub(super) fn statements(function: &str) -> Vec<Value> {
    let statement = |(table, actions): &Right| {
        let resource = match table.split_once('/') {
            None => arn(&format!("{}Table", id(table))),
            Some((table, index)) => sub(&format!("${{{}Table.Arn}}/{index}", id(table))),
        };
        let actions: Vec<_> = actions.iter().map(|action| format!("dynamodb:{action}")).collect();
        allow(&actions, json!([resource]))
    };
    rights_of(function).iter().map(statement).collect()
}

/// The variables that tell it of these tables.
pub(super) fn variables(function: &str) -> impl Iterator<Item = (String, Value)> + use<> {
    rights_of(function).into_iter().map(|(table, _)| {
        let table = table.split('/').next().unwrap_or_default();
        (variable(table, "TABLE"), reference(&format!("{}Table", id(table))))
    })
}

/// The other variables of a step, with their values. No payment provider is connected yet.
pub(super) fn settings(step: &str) -> Vec<(String, Value)> {
    let rows = || sagas_codegen::steps().into_iter().filter(|row| row.handler == step);
    let parameters = rows().flat_map(|row| row.parameters);
    let parameters = parameters.map(|(name, parameter)| ((*name).to_owned(), json!(given(parameter))));
    let settings = rows().flat_map(|row| row.variables).map(|(name, value)| match *name {
        "PAYMENT_GATEWAY" => ((*name).to_owned(), json!("sandbox")),
        name => (name.to_owned(), json!(value)),
    });
    parameters.chain(settings).collect()
}

/// A statement that allows these actions on this resource or on each of a list.
pub(super) fn allow(actions: &[impl AsRef<str>], resource: Value) -> Value {
    let actions: Vec<_> = actions.iter().map(AsRef::as_ref).collect();
    json!({"Effect": "Allow", "Action": actions, "Resource": resource})
}
