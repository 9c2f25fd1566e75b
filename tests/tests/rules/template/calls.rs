//! Which AWS calls each function can make, read from its code: what its main wires, which ports its RPC asks for, and what
//! the adapters behind the ports call. The promises let each role make these calls and no others, whether or not a test ever
//! makes them; the local AWS compares them with the calls that are made.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};
use heck::ToUpperCamelCase as _;
use local::Lane;
use local::template::strings;
use serde_json::Value;
use tests::{OF_LAMBDA, files_below, relative, root, rpc_functions};

use super::promises::{Choices, function_names, promises};

/// The calls of each adapter, such as `put_item`, and what IAM calls them.
const ADAPTERS: &[(&str, &[(&str, &str)])] = &[
    ("dynamo/index.rs", &[("query", "dynamodb:Query")]),
    ("dynamo/scan.rs", &[("scan", "dynamodb:Scan")]),
    (
        "dynamo/store.rs",
        &[
            ("get_item", "dynamodb:GetItem"),
            ("put_item", "dynamodb:PutItem"),
            ("batch_get_item", "dynamodb:BatchGetItem"),
        ],
    ),
    ("dynamo/count.rs", &[("get", "dynamodb:GetItem")]),
    // The operators' program touches items; no function does.
    ("dynamo/touch.rs", &[("update_item", "dynamodb:UpdateItem")]),
    // IAM asks for the action of each part of a transaction.
    ("dynamo/transaction.rs", &[("put", "dynamodb:PutItem"), ("update", "dynamodb:UpdateItem")]),
    (
        "executions.rs",
        &[
            ("start_execution", "states:StartExecution"),
            ("send_task_success", "states:SendTaskSuccess"),
            ("send_task_failure", "states:SendTaskFailure"),
            ("get_execution_history", "states:GetExecutionHistory"),
            ("describe_execution", "states:DescribeExecution"),
            ("list_executions", "states:ListExecutions"),
        ],
    ),
    ("outbound.rs", &[("send_message", "sqs:SendMessage")]),
    ("outbound/topic.rs", &[("publish_batch", "sns:Publish")]),
];

/// An action, and for DynamoDB what it is done to, such as `dynamodb:Query on orders/index/by-customer`.
type Calls = BTreeSet<String>;

/// A source without its spaces, so that it does not matter where its lines end.
fn dense(path: &str) -> Result<String> {
    let text = std::fs::read_to_string(root().join(path)).with_context(|| path.to_owned())?;
    Ok(text.split("#[cfg(test)]").next().unwrap_or_default().split_whitespace().collect())
}

/// What stands between each `before` and the next `after`.
fn between<'a>(text: &'a str, before: &'a str, after: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).filter_map(move |rest| rest.split_once(after).map(|(found, _)| found))
}

#[test]
fn the_adapters_make_the_calls_that_these_rules_know() -> Result<()> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in files_below("shared/engine/aws/src", ".rs")? {
        let path = relative(&path);
        let name = path.trim_start_matches("shared/engine/aws/src/").to_owned();
        if name.starts_with("tests") || name.contains("/tests") || name.starts_with("clients") {
            continue;
        }
        let text = dense(&path)?;
        let clients = ["client.", "self.sqs.", "TransactGetItem::builder().", "TransactWriteItem::builder()."];
        let calls = clients.map(|client| between(&text, client, "("));
        let calls: BTreeSet<_> = calls.into_iter().flatten().map(str::to_owned).collect();
        if !calls.is_empty() {
            found.insert(name, calls);
        }
    }
    let known = ADAPTERS.iter().map(|(file, calls)| {
        let calls = calls.iter().map(|(call, _)| (*call).to_owned());
        // The call whose parts the others are.
        let whole = match *file {
            "dynamo/count.rs" => Some("transact_get_items".to_owned()),
            "dynamo/transaction.rs" => Some("transact_write_items".to_owned()),
            _ => None,
        };
        ((*file).to_owned(), calls.chain(whole).collect())
    });
    let known: BTreeMap<_, BTreeSet<_>> = known.collect();
    ensure!(found == known, "the adapters call {found:#?}\nand these rules know {known:#?}");
    Ok(())
}

/// What the function can do with the table `field` names, such as `orders_table`, through this port.
fn through(port: &str, table: &str, main: &str) -> Result<Vec<String>> {
    let index = || {
        let index = if main.contains("order::BY_CUSTOMER") { order::BY_CUSTOMER } else { kitchen::BY_STATUS };
        format!("{table}/index/{}", index.name)
    };
    Ok(match port {
        // A query only loads.
        "Store" => vec![format!("dynamodb:GetItem on {table}")],
        "LoadMany" => vec![format!("dynamodb:BatchGetItem on {table}")],
        "Index" => vec![format!("dynamodb:Query on {}", index())],
        "Scan" => vec![format!("dynamodb:Scan on {table}")],
        other => bail!("nobody knows what a function calls through the port {other}"),
    })
}

/// What a catalog calls for the RPC of this function: a list leads to sagas, which are then read as a single saga is.
fn of_catalog(function: &str, lane: Lane) -> Result<Calls> {
    let source = dense(&source(function, "operations"))?;
    let lists = [".list(", ".count("].iter().any(|asked| source.contains(asked));
    ensure!(lists || source.contains(".find("), "{function} asks its catalog for nothing");
    let (lists_with, reads_with) = match lane {
        Lane::Rust => {
            let query = format!("dynamodb:Query on sagas/index/{}", orchestration::SagaInstance::BY_STATE.name);
            (query, &["dynamodb:BatchGetItem on sagas"][..])
        }
        Lane::StepFunctions => {
            ("states:ListExecutions".to_owned(), &["states:GetExecutionHistory", "states:DescribeExecution"][..])
        }
    };
    let reads = reads_with.iter().map(|action| (*action).to_owned());
    Ok(reads.chain(lists.then_some(lists_with)).collect())
}

/// What an item is loaded and saved with.
fn loads_and_saves(table: &str) -> [String; 2] {
    ["GetItem", "PutItem"].map(|action| format!("dynamodb:{action} on {table}"))
}

fn calls(function: &str, lane: Lane) -> Result<Calls> {
    let main = dense(&format!("functions/{function}/src/main.rs"))?;
    let mut calls = Calls::new();
    if let Some(row) = sagas_codegen::steps().iter().find(|row| row.handler == function) {
        calls.extend(loads_and_saves(row.table.name));
        if let Some(counters) = row.counters {
            calls.insert(format!("dynamodb:UpdateItem on {}", counters.name));
            if row.looks_at_counters {
                calls.insert(format!("dynamodb:GetItem on {}", counters.name));
            }
        }
        calls.insert("sqs:SendMessage".to_owned());
        return Ok(calls);
    }
    let tables = tables(&main);
    for (variable, table) in &tables {
        if main.contains(&format!(",{variable}).await")) || main.contains(&format!(",{variable},outbound).await")) {
            calls.extend(loads_and_saves(table));
        }
    }
    for (variable, port) in ports(function, &main)? {
        match (tables.get(&variable), lane) {
            (Some(table), _) => calls.extend(through(&port, table, &main)?),
            (None, Lane::Rust) if port == "Sagas" => calls.extend(through("LoadMany", "sagas", &main)?),
            (None, Lane::StepFunctions) if port == "Sagas" => {
                calls.insert("states:GetExecutionHistory".to_owned());
            }
            (None, lane) if port == "Catalog" => calls.extend(of_catalog(function, lane)?),
            (None, _) => ensure!(port.is_empty(), "{function}: the main of {variable} wires no {port}"),
        }
    }
    for (wired, actions) in [
        ("runtime::outbound(", &["sqs:SendMessage"][..]),
        ("runtime::outbound_to(", &["sqs:SendMessage"]),
        (".with_topic(", &["sns:Publish"]),
        ("runtime::executions_of(", &["states:StartExecution", "states:GetExecutionHistory"]),
        ("runtime::executions(", &["states:SendTaskSuccess", "states:SendTaskFailure"]),
    ] {
        if main.contains(wired) {
            calls.extend(actions.iter().map(|action| (*action).to_owned()));
        }
    }
    Ok(calls)
}

/// The variables of a main that are a table, with the table's name.
fn tables(main: &str) -> BTreeMap<String, String> {
    let lets = main.split(';').filter_map(|statement| statement.rsplit_once("let")?.1.split_once('='));
    let wired = lets.filter(|(_, made)| made.contains("aws::Dynamo"));
    let table = |made: &str| Some(between(made, "configuration.", "_table").next()?.to_owned());
    wired.filter_map(|(variable, made)| Some((variable.to_owned(), table(made)?))).collect()
}

/// Where a service has the RPC of this function.
fn source(function: &str, service: &str) -> String {
    format!("shared/services/{service}/src/api/{}.rs", function.replace('-', "_"))
}

/// What the RPC of this function is made of: the variable that its main gives, and the port that it is taken for.
fn ports(function: &str, main: &str) -> Result<Vec<(String, String)>> {
    let Some(given) = between(main, "api::", ")").find_map(|made| Some(made.split_once("::new(")?.1.to_owned())) else {
        return Ok(Vec::new());
    };
    let service = ["kitchen", "operations"].into_iter().find(|name| main.contains(&format!("{name}::api::")));
    let source = dense(&source(function, service.unwrap_or("order")))?;
    ensure!(!main.contains("serve_query(") || !source.contains(".save("), "{function} is a query and saves");
    let taken = between(&source, "pubfnnew(", ")->Self").next().context("a constructor")?;
    let port =
        |parameter: &str| parameter.split_once("Arc<dyn").map_or("", |(_, port)| port.trim_end_matches('>')).to_owned();
    let variable = |argument: &str| argument.trim_start_matches("Arc::new(").to_owned();
    Ok(given.split(',').map(variable).zip(taken.split(',').map(port)).collect())
}

/// What the promises let the role of this function do.
fn allowed(function: &str, entries: &BTreeMap<String, Value>) -> Result<Calls> {
    let role = format!("Resources/{}Role", function.to_upper_camel_case());
    let role = entries.get(&role).with_context(|| format!("there is no {role}"))?;
    let statements = role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"].as_array();
    let mut allowed = Calls::new();
    for statement in statements.context("no statements")? {
        for action in strings(&statement["Action"]).into_iter().filter(|it| !OF_LAMBDA.contains(&it.as_str())) {
            if !action.starts_with("dynamodb:") {
                allowed.insert(action);
                continue;
            }
            let resources = statement["Resource"].as_array().cloned();
            for resource in &resources.unwrap_or_else(|| vec![statement["Resource"].clone()]) {
                allowed.insert(format!("{action} on {}", table(resource)?));
            }
        }
    }
    Ok(allowed)
}

/// The table or index of a statement by its name.
fn table(resource: &Value) -> Result<String> {
    let name = |id: &str| id.trim_end_matches("Table").to_lowercase();
    if let Some(id) = resource["Fn::GetAtt"][0].as_str() {
        return Ok(name(id));
    }
    let text = resource["Fn::Sub"].as_str().and_then(|text| text.strip_prefix("${")?.split_once(".Arn}"));
    let (id, index) = text.with_context(|| format!("{resource} is no table"))?;
    Ok(format!("{}{index}", name(id)))
}

#[test]
fn a_function_may_make_the_calls_that_its_code_can_make_and_no_others() -> Result<()> {
    let mut wrong = Vec::new();
    for lane in Lane::ALL {
        let entries: BTreeMap<String, Value> = promises(Choices::in_lane(lane))?.into_iter().collect();
        for function in function_names(lane)? {
            let (can, may) = (calls(&function, lane)?, allowed(&function, &entries)?);
            let missing = can
                .difference(&may)
                .map(|call| format!("{lane}: {function} calls {call}, which its role does not allow"));
            wrong.extend(missing);
            let needless = may
                .difference(&can)
                .map(|call| format!("{lane}: {function} never calls {call}, which its role allows"));
            wrong.extend(needless);
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    for function in rpc_functions()? {
        // What a saga is made of stands in the code.
        let reads_nothing = function == "describe-saga";
        ensure!(
            calls(&function, Lane::Rust)?.is_empty() == reads_nothing,
            "{function} is seen to call nothing, or too much"
        );
    }
    Ok(())
}
