use messaging::Table;
use testkit::sagas;
use testkit::shop::v1::RejectReturn;
use testkit::warehouse::v1::{HandOverGoods, ReserveGoods};

use super::*;

fn generated(registry: &Registry) -> BTreeMap<String, String> {
    blocks(registry, &sagas::steps(registry)).expect("blocks")
}

/// A template with a place for each block, and something by hand around it.
fn by_hand(registry: &Registry) -> String {
    let place = |name: &String| format!("{name}:\n  # <generated: {name}>\n  # <end>\n");
    generated(registry).keys().map(place).collect()
}

fn complaint(text: &str) -> String {
    let registry = sagas::both_versions();
    refresh(text, &registry, &sagas::steps(&registry)).expect_err("an error").to_string()
}

fn complaint_about(registry: &Registry, steps: &[Deployment]) -> String {
    blocks(registry, steps).expect_err("an error").to_string()
}

fn written(blocks: &BTreeMap<String, String>) -> String {
    blocks.iter().map(|(name, content)| format!("# {name}\n{content}\n")).collect()
}

#[test]
fn what_a_step_gets() {
    let row = Deployment::of::<ReserveGoods>("Reserves goods.", Table::new("parcels"));
    let row = row.with_counters(Table::new("stock")).with_variables(&[("PROVIDER", "test")]);
    insta::assert_snapshot!(written(&steps::blocks(&[row])));
}

#[test]
fn a_step_that_looks_at_its_counters_may_and_a_parameter_is_told_by_reference() {
    let row = Deployment::of::<ReserveGoods>("Reserves goods.", Table::new("parcels"));
    let row = row.with_counters(Table::new("stock")).with_parameters(&[("STOCK_SHARDS", "StockShards")]);
    let lines = |row: Deployment, word: &str| {
        let written = written(&steps::blocks(&[row]));
        let lines = written.lines().map(str::trim).filter(|line| line.contains(word)).map(str::to_owned);
        lines.collect::<Vec<_>>()
    };
    assert_eq!(lines(row, "STOCK_SHARDS"), ["STOCK_SHARDS: !Ref StockShards"]);
    assert_eq!(lines(row, "VersionDescription"), ["VersionDescription: !Sub ${LogLevel} ${StockShards}"]);
    let rights =
        |actions: &str| [format!("- {{ Effect: Allow, Action: {actions}, Resource: !GetAtt StockTable.Arn }}")];
    assert_eq!(lines(row, "StockTable.Arn"), rights("dynamodb:UpdateItem"));
    assert_eq!(lines(row.looking_at_counters(), "StockTable.Arn"), rights("[dynamodb:GetItem, dynamodb:UpdateItem]"));
}

#[test]
fn what_a_version_gets() {
    insta::assert_snapshot!(written(&machines::blocks(&[sagas::version_2().definition()])));
}

#[test]
fn what_the_lanes_are_told() {
    let registry = sagas::both_versions();
    let definitions: Vec<_> = registry.definitions().collect();
    insta::assert_snapshot!(written(&lanes::blocks(&registry, &definitions, &sagas::steps(&registry))));
}

/// What stands between the markers is replaced, and nothing else.
#[test]
fn every_block_comes_to_its_place() {
    let registry = sagas::both_versions();
    let refreshed = refresh(&by_hand(&registry), &registry, &sagas::steps(&registry)).expect("refreshed");
    let mut expected = String::new();
    for (name, content) in generated(&registry) {
        expected += &format!("{name}:\n  # <generated: {name}>\n");
        let indented = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") };
        expected.extend(content.lines().map(indented));
        expected += "  # <end>\n";
    }
    assert_eq!(refreshed, expected);
    let again = refresh(&refreshed, &registry, &sagas::steps(&registry)).expect("refreshed");
    assert_eq!(again, refreshed, "a second time changes nothing");
}

#[test]
fn a_step_of_a_new_version_comes_everywhere() {
    let (before, after) = (generated(&sagas::only_version_1()), generated(&sagas::both_versions()));
    let speaking = |blocks: &BTreeMap<String, String>, word: &str| -> Vec<String> {
        blocks.iter().filter(|(_, content)| content.contains(word)).map(|(name, _)| name.clone()).collect()
    };
    for (id, variable) in [("HandOverGoods", "HAND_OVER_GOODS"), ("ConfirmReturn", "CONFIRM_RETURN")] {
        assert_eq!([speaking(&before, id), speaking(&before, variable)], [[""; 0]; 2]);
        let service = if id == "HandOverGoods" { "steps of warehouse" } else { "steps of shop" };
        let mut everywhere = vec![
            "outputs of steps",
            "queue URLs for orchestrate-saga",
            "queues for orchestrate-saga",
            "state machines",
            service,
        ];
        everywhere.sort_unstable();
        assert_eq!(speaking(&after, id), everywhere);
        assert_eq!(speaking(&after, variable), ["queue URLs for orchestrate-saga"]);
    }
}

#[test]
fn both_versions_have_what_belongs_to_a_state_machine() {
    let blocks = generated(&sagas::both_versions());
    let first = generated(&sagas::only_version_1());
    let machines = &blocks["state machines"];
    assert!(machines.starts_with(&first["state machines"]), "version 1 stays as it was");
    for id in ["PlaceSaleV1", "PlaceSaleV2"] {
        let resources = ["StateMachine", "Role", "LogGroup", "UnansweredMetricFilter"];
        for kind in resources.into_iter().chain(["FailedAlarm", "TimedOutAlarm", "AbortedAlarm"]) {
            let line = format!("{id}{kind}:");
            assert_eq!(machines.lines().filter(|it| *it == line).count(), 1, "{line}");
        }
        for block in ["executions for", "state machine ARNs for"] {
            for function in ["find-order", "get-saga", "list-sagas", "start-saga"] {
                assert!(blocks[&format!("{block} {function}")].contains(id), "{block} {function}");
            }
        }
        for function in ["list-sagas", "start-saga"] {
            assert!(blocks[&format!("state machines for {function}")].contains(id), "{function}");
        }
        assert!(blocks["outputs of state machines"].contains(id));
    }
}

#[test]
fn a_block_that_has_no_place_is_missed() {
    let text = by_hand(&sagas::both_versions());
    for name in generated(&sagas::both_versions()).keys() {
        let place = format!("  # <generated: {name}>\n  # <end>\n");
        let expected = format!(
            "has no place for the {name}: it needs the line # <generated: {name}> and after it the line # <end>"
        );
        assert_eq!(complaint(&text.replace(&place, "")), expected);
        let endless = complaint(&text.replace(&place, &format!("  # <generated: {name}>\n")));
        assert_eq!(endless, format!("the block # <generated: {name}> has no # <end>"));
        let twice = complaint(&text.replace(&place, &format!("{place}{place}")));
        assert_eq!(twice, format!("the block # <generated: {name}> is there twice: take one out"));
    }
}

#[test]
fn a_block_that_nobody_generates_is_an_error() {
    let text = format!("{}# <generated: steps of bakery>\n# <end>\n", by_hand(&sagas::both_versions()));
    let complaint = complaint(&text);
    let start =
        "the block # <generated: steps of bakery> is not known: take it out, or name one of executions for find-";
    assert!(complaint.starts_with(start), "{complaint}");
}

#[test]
fn a_command_without_a_row_is_told_to_get_one() {
    let registry = sagas::both_versions();
    let mut steps = sagas::steps(&registry);
    steps.retain(|row| row.handler != "hand-over-goods");
    let expected = "hand-over-goods has no row: add Deployment::step::<HandOverGoods>(…) to STEPS in the deployment.rs of warehouse";
    assert_eq!(complaint_about(&registry, &steps), expected);
}

#[test]
fn a_row_without_a_command_is_told_to_go() {
    let registry = sagas::both_versions();
    let mut steps = sagas::steps(&registry);
    steps.push(Deployment::of::<RejectReturn>("Does nothing.", Table::new("sales")));
    let expected = "no saga sends reject-return: take its row out of STEPS in the deployment.rs of shop, or register the \
                    saga that sends it";
    assert_eq!(complaint_about(&registry, &steps), expected);
}

#[test]
fn two_rows_of_one_command_are_an_error() {
    let registry = sagas::both_versions();
    let mut steps = sagas::steps(&registry);
    steps.push(Deployment::of::<HandOverGoods>("Does it again.", Table::new("parcels")));
    let expected = "hand-over-goods has two rows: take one out of STEPS in the deployment.rs of warehouse";
    assert_eq!(complaint_about(&registry, &steps), expected);
}

/// A description or a value is read by YAML as the text that it is.
#[test]
fn what_a_row_says_is_quoted_where_it_must_be() {
    let registry = sagas::only_version_1();
    let mut steps = sagas::steps(&registry);
    for row in steps.iter_mut().filter(|row| row.handler == "reserve-goods") {
        *row = Deployment::of::<ReserveGoods>("Sets aside: stock.", Table::new("parcels"))
            .with_variables(&[("LIMIT", "10")]);
    }
    let blocks = blocks(&registry, &steps).expect("blocks");
    for line in
        ["    Description: \"Sets aside: stock.\"\n", "        LIMIT: \"10\"\n", "    Description: Packs goods.\n"]
    {
        assert!(blocks["steps of warehouse"].contains(line), "{line}");
    }
}
