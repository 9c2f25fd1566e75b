//! What counts come to: the arithmetic of the table in README.md, which `costs` measures, and the table of what that leaves out.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use local::template::Template;
use local::{Call, Lane, Touched};
use serde_json::Value;
use tests::{Counts, ItemIndex, Standing, Tables, Units, root};

use super::template;

#[test]
fn counts_come_to_dollars() -> Result<()> {
    let units = Units { writes: 5, write_units: 8, read_units: 16 };
    let counts = Counts { transitions: 2, publishes: 2, messages: 10, invocations: 30, units };
    // 50 for the transitions, 1 for the events, 12 for the messages, 6 + 1 for the invocations, 5 + 2 for DynamoDB.
    let dollars = counts.dollars_per_million();
    ensure!((dollars - 77.0).abs() < 0.001, "{dollars}");
    let row = counts.row("approved", "Rust");
    ensure!(row == "| approved | Rust | 2 | 2 | 10 | 30 | 5 | 8 | 16 | 77 |", "{row}");
    Ok(())
}

/// What stands in the Rust lane, in which every deployment begins.
fn standing() -> Result<Standing> {
    let created = Template::from_json(template::transformed()?.clone())?.in_lane(Lane::Rust).created("Resources")?;
    let of = |kind: &'static str| created.values().filter(move |resource| resource["Type"] == kind);
    let metrics = |alarm: &Value| {
        let combined = alarm["Properties"]["Metrics"].as_array();
        combined.map_or(1, |metrics| metrics.iter().filter(|metric| metric.get("MetricStat").is_some()).count())
    };
    let is_queue = |mapping: &&Value| mapping["Properties"]["StartingPosition"].is_null();
    Ok(Standing {
        queues: u32::try_from(of("AWS::Lambda::EventSourceMapping").filter(is_queue).count())?,
        alarm_metrics: u32::try_from(of("AWS::CloudWatch::Alarm").map(metrics).sum::<usize>())?,
    })
}

#[test]
fn the_readme_says_what_its_table_leaves_out() -> Result<()> {
    let readme = std::fs::read_to_string(root().join("README.md"))?;
    let approved = readme.lines().find(|line| line.starts_with("| create-order: approved | Rust |"));
    let invocations = approved.and_then(|row| row.split(" | ").nth(5)).context("the row of an approved order")?;
    let rows = standing()?.rows(invocations.parse::<u32>()? + 1).join("\n");
    ensure!(readme.contains(&rows), "README.md should say of what the table of costs leaves out:\n{rows}");
    Ok(())
}

#[test]
fn what_stands_comes_to_dollars() -> Result<()> {
    let rows = Standing { queues: 10, alarm_metrics: 15 }.rows(10);
    // 648,000 requests a month for each queue; 10 invocations of 0.7 KB and a call of 0.5 KB.
    for row in [
        "| logs: 8 KB an order | 3.8 | 0.00 |",
        "| asking 10 idle queues | 0.0 | 2.59 |",
        "| alarms on 15 metrics | 0.0 | 1.50 |",
    ] {
        ensure!(rows.iter().any(|found| found == row), "{row} is not in {rows:#?}");
    }
    Ok(())
}

/// A call that touches the item `key`, of this size and in this status.
fn call(action: &str, status: u16, bytes: Option<u64>, ticket: &str) -> Call {
    let texts = [("status", ticket), ("created_at", "2026")].map(|(name, text)| (name.to_owned(), text.to_owned()));
    let texts = if ticket.is_empty() { BTreeMap::new() } else { BTreeMap::from(texts) };
    let sizes = bytes.map(|bytes| ("state".to_owned(), bytes)).into_iter().collect();
    Call {
        time: 0,
        function: "F".to_owned(),
        service: "dynamodb".to_owned(),
        action: action.to_owned(),
        resources: Vec::new(),
        touched: vec![Touched { table: "tickets".to_owned(), key: "key".to_owned(), bytes, sizes, texts }],
        conditional: true,
        status,
        error: None,
    }
}

fn units(tables: &mut Tables, call: &Call) -> Option<(u32, u32, u32)> {
    tables.charge(call).map(|units| (units.writes, units.write_units, units.read_units))
}

#[test]
fn an_item_is_charged_by_begun_kilobytes() -> Result<()> {
    let mut tables = Tables::default();
    let mut charged = |action, bytes| units(&mut tables, &call(action, 200, bytes, ""));
    ensure!(charged("GetItem", None) == Some((0, 0, 1)), "looking for what is not there is a read");
    ensure!(charged("PutItem", Some(1024)) == Some((1, 1, 0)));
    ensure!(charged("PutItem", Some(1025)) == Some((1, 2, 0)));
    ensure!(charged("PutItem", Some(10)) == Some((1, 2, 0)), "the larger one counts");
    ensure!(charged("TransactWriteItems", Some(10)) == Some((1, 2, 0)), "a transaction writes twice");
    ensure!(charged("GetItem", Some(4096)) == Some((0, 0, 1)));
    ensure!(charged("GetItem", Some(4097)) == Some((0, 0, 2)));
    ensure!(charged("TransactWriteItems", None) == Some((1, 10, 0)), "an update is as large as what is there");
    ensure!(charged("Query", None).is_none());
    Ok(())
}

/// An index of tickets that has these attributes of an item.
fn by_status(attributes: &[&str]) -> ItemIndex {
    let attributes = attributes.iter().map(|name| (*name).to_owned()).collect();
    ItemIndex { keys: ["status", "created_at"].map(str::to_owned), attributes }
}

#[test]
fn an_index_of_keys_is_charged_when_an_item_moves() -> Result<()> {
    let mut tables = Tables::with_indexes(BTreeMap::from([("tickets".to_owned(), vec![by_status(&[])])]));
    let mut charged = |status| units(&mut tables, &call("PutItem", 200, Some(100), status));
    ensure!(charged("PENDING") == Some((1, 2, 0)), "it comes into the index");
    ensure!(charged("PENDING") == Some((1, 1, 0)), "it stays where it is: nothing in the index can have changed");
    ensure!(charged("APPROVED") == Some((1, 3, 0)), "it moves: a delete and a put");
    Ok(())
}

#[test]
fn an_index_is_charged_when_it_follows() -> Result<()> {
    let index = by_status(&messaging::INDEXED_ATTRIBUTES);
    let mut tables = Tables::with_indexes(BTreeMap::from([("tickets".to_owned(), vec![index])]));
    let mut charged = |status, ticket| units(&mut tables, &call("PutItem", status, Some(100), ticket));
    ensure!(charged(200, "") == Some((1, 1, 0)), "it is not in the index");
    ensure!(charged(200, "PENDING") == Some((1, 2, 0)), "it comes into the index");
    ensure!(charged(200, "PENDING") == Some((1, 2, 0)), "it stays where it is");
    ensure!(charged(400, "APPROVED") == Some((0, 1, 0)), "a refused write is charged, but changes nothing");
    ensure!(charged(200, "APPROVED") == Some((1, 3, 0)), "it moves: a delete and a put");
    Ok(())
}

#[test]
fn an_index_is_charged_for_what_it_has() -> Result<()> {
    let index = by_status(&messaging::INDEXED_ATTRIBUTES);
    let mut tables = Tables::with_indexes(BTreeMap::from([("tickets".to_owned(), vec![index])]));
    let mut large = call("PutItem", 200, Some(5100), "PENDING");
    let sizes = [("state", 100), ("inbox", 5000)].map(|(name, bytes)| (name.to_owned(), bytes));
    large.touched[0].sizes = BTreeMap::from(sizes);
    ensure!(
        units(&mut tables, &large) == Some((1, 6, 0)),
        "five for the table, and one for the index without the inbox"
    );
    Ok(())
}
