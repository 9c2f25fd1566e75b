use serde_json::{Value, json};

use super::*;
use crate::{Patience, StepSpec};

fn command(handler: &'static str) -> CommandSpec {
    CommandSpec { handler, participant: "somebody" }
}

/// reserve (undo release), charge as the pivot (undo refund, when `undo`), ship.
fn rendered(undo: bool) -> Value {
    let step = |handler, class, undo: Option<&'static str>| StepSpec {
        command: command(handler),
        class,
        undo: undo.map(command),
    };
    let definition = Definition {
        name: "sell",
        version: 3,
        undo: command("reject-sale"),
        steps: vec![
            step("reserve", Class::Compensatable, Some("release")),
            step("charge", Class::Pivot, Some("refund").filter(|_| undo)),
            step("ship", Class::Retriable, None),
        ],
        patience: Patience::USUAL,
    };
    let wording = |command: CommandSpec| {
        let message = format!("sale.v1.{}", command.state_name());
        (command.handler, Wording { message, tells_why: command.handler == "reject-sale" })
    };
    let wordings = definition.commands().map(wording).collect();
    serde_json::to_value(state_machine(&definition, "f", &wordings).expect("a state machine")).expect("JSON")
}

/// Where a state leads to: next, refused, everything else.
fn ways<'a>(machine: &'a Value, state: &str) -> [&'a str; 3] {
    let state = &machine["States"][state];
    let caught = |error: &str| {
        let catchers = state["Catch"].as_array().into_iter().flatten();
        catchers
            .clone()
            .find(|catcher| catcher["ErrorEquals"] == json!([error]))
            .map_or("", |catcher| catcher["Next"].as_str().unwrap_or_default())
    };
    [state["Next"].as_str().unwrap_or_default(), caught(REFUSED), caught("States.ALL")]
}

#[test]
fn every_command_leads_where_the_machine_would_go() {
    let machine = rendered(true);
    assert_eq!(machine["StartAt"], "Reserve");
    assert_eq!(ways(&machine, "Reserve"), ["Charge", "RejectSale", "ReserveUnknown"]);
    assert_eq!(ways(&machine, "Charge"), ["Ship", "Release", "ChargeUnknown"]);
    assert_eq!(ways(&machine, "Ship"), ["", "", "ShipStuck"]);
    assert_eq!(ways(&machine, "ChargeUnknown")[0], "Refund");
    assert_eq!(ways(&machine, "Refund"), ["Release", "", "RefundStuck"]);
    assert_eq!(ways(&machine, "ReserveUnknown")[0], "Release");
    assert_eq!(ways(&machine, "Release"), ["RejectSale", "", "ReleaseStuck"]);
    assert_eq!(ways(&machine, "RejectSale"), ["", "", "RejectSaleStuck"]);
    for over in ["Ship", "RejectSale"] {
        assert_eq!(machine["States"][over]["End"], true);
    }
}

#[test]
fn a_pivot_without_an_undo_is_asked_until_it_answers() {
    let machine = rendered(false);
    assert_eq!(ways(&machine, "Charge"), ["Ship", "Release", "ChargeStuck"]);
    assert!(machine["States"].get("ChargeUnknown").is_none() && machine["States"].get("Refund").is_none());
    let retry = &machine["States"]["Charge"]["Retry"];
    assert_eq!(retry[0], json!({"ErrorEquals": ["Refused"], "MaxAttempts": 0}));
    // Ship, or Charge and what follows its refusal: Release and RejectSale.
    assert_eq!(retry[1]["MaxAttempts"], 24_000 / 4 / 3);
}

#[test]
fn silence_is_waited_for_as_the_definition_says() {
    let machine = rendered(true);
    let reserve = &machine["States"]["Reserve"];
    assert_eq!(reserve["TimeoutSeconds"], 36);
    let silent = json!({"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 1});
    let unsent = json!({"ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "MaxAttempts": 3, "BackoffRate": 2});
    assert_eq!(reserve["Retry"].as_array().map(|retry| &retry[1..]), Some(&[silent, unsent][..]));
    let ship = &machine["States"]["Ship"];
    assert_eq!(ship["TimeoutSeconds"], 150);
    let repeats = json!({"ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "MaxAttempts": 2000, "BackoffRate": 2, "MaxDelaySeconds": 750});
    assert_eq!(ship["Retry"][0], repeats);
}

#[test]
fn only_a_command_that_tells_why_reads_the_refusal() {
    let machine = rendered(true);
    let payload = |state: &str| machine["States"][state]["Parameters"]["MessageBody"]["payload.$"].clone();
    assert_eq!(payload("Release"), "$.commands.Release.payload");
    let merged = "States.JsonMerge($.commands.RejectSale.payload, States.StringToJson($.refusal.Cause), false)";
    assert_eq!(payload("RejectSale"), merged);
}

#[test]
fn a_command_without_a_wording_is_refused() {
    let undo = command("reject-sale");
    let definition = Definition { name: "sell", version: 1, undo, steps: vec![], patience: Patience::USUAL };
    let unworded = state_machine(&definition, "f", &BTreeMap::new()).expect_err("no wording");
    assert_eq!(unworded, Unworded("reject-sale"));
    assert_eq!(
        unworded.to_string(),
        "the wording of reject-sale is missing: give a wording for each command of the saga"
    );
}

/// JSON objects are compared without regard to order, but a person reads the file from top to bottom.
#[test]
fn states_and_fields_stand_in_the_order_in_which_they_are_read() {
    let step = StepSpec { command: command("charge"), class: Class::Pivot, undo: Some(command("refund")) };
    let definition =
        Definition { name: "sell", version: 3, undo: command("reject"), steps: vec![step], patience: Patience::USUAL };
    let wording = |command: CommandSpec| (command.handler, Wording { message: String::new(), tells_why: false });
    let wordings = definition.commands().map(wording).collect();
    let machine = state_machine(&definition, "f", &wordings).expect("a state machine");
    let text = serde_json::to_string(&machine).expect("JSON");
    let states = ["Charge", "ChargeUnknown", "Refund", "Reject", "RefundStuck", "RejectStuck"];
    let places = states.map(|name| text.find(&format!("\"{name}\":{{\"Type\"")).expect("a state"));
    assert!(places.is_sorted(), "{places:?}");
    assert!(text.starts_with(r#"{"Comment":"The saga sell in version 3, generated from its definition f. "#), "{text}");
}
