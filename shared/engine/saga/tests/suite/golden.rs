//! What is rendered of two versions of one saga, every field of it: a file in `snapshots/` holds each rendering. Version 1
//! has a pivot that can be undone, version 2 one that is asked until it answers, and other times.

use std::collections::BTreeMap;
use std::time::Duration;

use saga::Outcome::{Refused, Succeeded, Unknown};
use saga::asl::state_machine;
use saga::diagram::{Run, dot, mermaid};
use saga::{Class, CommandSpec, Definition, Outcome, Patience, Position, StepSpec, Wording};
use serde_json::Value;

fn step(class: Class, command: CommandSpec, undo: Option<CommandSpec>) -> StepSpec {
    StepSpec { command, class, undo }
}

const fn command(handler: &'static str, participant: &'static str) -> CommandSpec {
    CommandSpec { handler, participant }
}

const REJECT: CommandSpec = command("reject-sale", "shop");
const RESERVE: CommandSpec = command("reserve-goods", "store");
const RELEASE: CommandSpec = command("release-goods", "store");
const CHARGE: CommandSpec = command("charge-card", "bank");
const REFUND: CommandSpec = command("refund-card", "bank");
const PACK: CommandSpec = command("pack-goods", "store");
const SHIP: CommandSpec = command("ship-goods", "carrier");

fn version_1() -> Definition {
    let steps = vec![
        step(Class::Compensatable, RESERVE, Some(RELEASE)),
        step(Class::Pivot, CHARGE, Some(REFUND)),
        step(Class::Retriable, SHIP, None),
    ];
    Definition { name: "sell-goods", version: 1, undo: REJECT, steps, patience: Patience::USUAL }
}

fn version_2() -> Definition {
    let steps = vec![
        step(Class::Compensatable, RESERVE, Some(RELEASE)),
        step(Class::Pivot, CHARGE, None),
        step(Class::Retriable, PACK, None),
        step(Class::Retriable, SHIP, None),
    ];
    let patience = Patience { first: Duration::from_secs(5), longest: Duration::from_secs(60), repeats: 1 };
    Definition { name: "sell-goods", version: 2, undo: REJECT, steps, patience }
}

/// As it is rendered, with its fields in their order.
fn rendered(definition: &Definition) -> String {
    let wording = |command: CommandSpec| {
        let message = format!("{}.v1.{}", command.participant, command.state_name());
        (command.handler, Wording { message, tells_why: command == REJECT })
    };
    let wordings: BTreeMap<_, _> = definition.commands().map(wording).collect();
    let machine = state_machine(definition, "the-fingerprint", &wordings).expect("a state machine");
    serde_json::to_string_pretty(&machine).expect("JSON")
}

#[test]
fn the_state_machine_of_version_1() {
    insta::assert_snapshot!(rendered(&version_1()));
}

#[test]
fn the_state_machine_of_version_2() {
    insta::assert_snapshot!(rendered(&version_2()));
}

#[test]
fn the_canonical_text_of_both_versions() {
    insta::assert_snapshot!(format!("{}\n{}", version_1().canonical(), version_2().canonical()));
}

/// The definition in Mermaid's language and in Graphviz', without a run or with it.
fn pictures(definition: &Definition, outcomes: Option<&[(CommandSpec, Option<Outcome>)]>) -> String {
    let handlers = |outcomes: &[(CommandSpec, Option<Outcome>)]| {
        let outcomes = outcomes.iter().map(|(command, outcome)| (command.handler, *outcome));
        Run::follow(definition, outcomes).expect("a run")
    };
    let run = outcomes.map(handlers);
    format!("{}\n{}", mermaid(definition, run.as_ref()), dot(definition, run.as_ref()))
}

#[test]
fn the_pictures_of_version_1() {
    insta::assert_snapshot!(pictures(&version_1(), None));
}

#[test]
fn the_pictures_of_version_2() {
    insta::assert_snapshot!(pictures(&version_2(), None));
}

#[test]
fn the_pictures_of_a_run_under_way() {
    insta::assert_snapshot!(pictures(&version_1(), Some(&[(RESERVE, Some(Succeeded)), (CHARGE, None)])));
}

#[test]
fn the_pictures_of_a_run_that_completed() {
    let outcomes = [RESERVE, CHARGE, PACK, SHIP].map(|command| (command, Some(Succeeded)));
    insta::assert_snapshot!(pictures(&version_2(), Some(&outcomes)));
}

#[test]
fn the_pictures_of_a_run_whose_pivot_gave_no_answer() {
    let back = [REFUND, RELEASE, REJECT].map(|command| (command, Some(Succeeded)));
    let outcomes = [&[(RESERVE, Some(Succeeded)), (CHARGE, Some(Unknown))][..], &back].concat();
    insta::assert_snapshot!(pictures(&version_1(), Some(&outcomes)));
}

#[test]
fn the_pictures_of_a_run_that_was_refused() {
    let outcomes = [(RESERVE, Some(Succeeded)), (CHARGE, Some(Refused)), (RELEASE, None)];
    insta::assert_snapshot!(pictures(&version_2(), Some(&outcomes)));
}

/// Seconds that a task waits, and its retriers: error, first pause, how often, by what the pause grows, and the longest.
type Times = (u64, Vec<(String, Option<u64>, u64, Option<u64>, Option<u64>)>);

fn times(definition: &Definition, state: &str) -> Times {
    let machine: Value = serde_json::from_str(&rendered(definition)).expect("JSON");
    let task = &machine["States"][state];
    let retrier = |retrier: &Value| {
        (
            retrier["ErrorEquals"][0].as_str().expect("an error").to_owned(),
            retrier["IntervalSeconds"].as_u64(),
            retrier["MaxAttempts"].as_u64().expect("a number"),
            retrier["BackoffRate"].as_u64(),
            retrier["MaxDelaySeconds"].as_u64(),
        )
    };
    let retriers = task["Retry"].as_array().expect("retriers").iter().map(retrier).collect();
    (task["TimeoutSeconds"].as_u64().expect("a time"), retriers)
}

fn no_retry_on_refusal() -> (String, Option<u64>, u64, Option<u64>, Option<u64>) {
    ("Refused".to_owned(), None, 0, None, None)
}

#[test]
fn what_may_be_given_up_is_unknown_after_the_patience_of_its_version() {
    let retrier = |error: &str, pause, attempts, rate| (error.to_owned(), Some(pause), attempts, Some(rate), None);
    // Four times 36 s and three pauses of 1 s are 147 s; the Rust lane waits 10 + 20 + 40 + 80 = 150 s.
    let usual = vec![no_retry_on_refusal(), retrier("States.Timeout", 1, 3, 1), retrier("States.ALL", 10, 3, 2)];
    assert_eq!(times(&version_1(), "ReserveGoods"), (36, usual.clone()));
    assert_eq!(times(&version_1(), "ChargeCard"), (36, usual));
    // Twice 7 s and a pause of 1 s are the 5 + 10 = 15 s of version 2.
    let hasty = vec![no_retry_on_refusal(), retrier("States.Timeout", 1, 1, 1), retrier("States.ALL", 5, 1, 2)];
    assert_eq!(times(&version_2(), "ReserveGoods"), (7, hasty));
}

#[test]
fn what_is_never_given_up_is_repeated_as_long_as_a_history_can_be() {
    let repeats = |pause, attempts, longest| ("States.ALL".to_owned(), Some(pause), attempts, Some(2), Some(longest));
    for state in ["ShipGoods", "RefundCard", "ReleaseGoods", "RejectSale"] {
        assert_eq!(times(&version_1(), state), (150, vec![repeats(10, 2000, 750)]), "{state}");
    }
    assert_eq!(times(&version_2(), "ChargeCard"), (15, vec![no_retry_on_refusal(), repeats(5, 2000, 45)]));
    for state in ["PackGoods", "ShipGoods", "ReleaseGoods", "RejectSale"] {
        assert_eq!(times(&version_2(), state), (15, vec![repeats(5, 2000, 45)]), "{state}");
    }
    // One more command that one run can meet leaves each of them fewer repeats: 24,000 events are shared.
    let mut longer = version_2();
    longer.steps.push(longer.steps[3].clone());
    assert_eq!(times(&longer, "ShipGoods").1, [repeats(5, 1500, 45)]);
}

/// Step Functions takes no time of 0 s, and no longest pause that is not longer than the first.
#[test]
fn times_stay_within_what_step_functions_takes() {
    let mut hasty = version_2();
    hasty.patience = Patience { first: Duration::from_millis(100), longest: Duration::from_secs(1), repeats: 0 };
    let (given_up, retriers) = times(&hasty, "ReserveGoods");
    assert_eq!((given_up, retriers[2].1), (1, Some(1)));
    let (forever, retriers) = times(&hasty, "ShipGoods");
    assert_eq!((forever, retriers[0].1, retriers[0].4), (1, Some(1), Some(2)));
}

/// Version 1 with a second step before the pivot.
fn longer() -> Definition {
    let mut longer = version_1();
    longer.steps.insert(1, step(Class::Compensatable, PACK, Some(command("unpack-goods", "store"))));
    longer
}

#[test]
fn a_state_machine_turns_back_to_the_latest_step_that_can_be_undone() {
    let machine: Value = serde_json::from_str(&rendered(&longer())).expect("JSON");
    let refused = |state: &str| machine["States"][state]["Catch"][0]["Next"].clone();
    assert_eq!(["ReserveGoods", "PackGoods", "ChargeCard"].map(refused), ["RejectSale", "ReleaseGoods", "UnpackGoods"]);
    let next = |state: &str| machine["States"][state]["Next"].clone();
    let back = ["RefundCard", "UnpackGoods", "ReleaseGoods"].map(next);
    assert_eq!(back, ["UnpackGoods", "ReleaseGoods", "RejectSale"]);
    let unknown = ["ReserveGoodsUnknown", "PackGoodsUnknown", "ChargeCardUnknown"].map(next);
    assert_eq!(unknown, ["ReleaseGoods", "UnpackGoods", "RefundCard"]);
}

#[test]
fn what_remains_on_the_way_back_comes_in_reverse_order() {
    let longer = longer();
    let remaining =
        |position| -> Vec<&str> { longer.remaining(position).into_iter().map(|command| command.handler).collect() };
    assert_eq!(remaining(Position::Doing(1)), ["charge-card", "ship-goods"]);
    assert_eq!(remaining(Position::Undoing(2)), ["unpack-goods", "release-goods", "reject-sale"]);
    assert_eq!(remaining(Position::Undoing(0)), ["reject-sale"]);
    for last in [Position::Doing(3), Position::UndoingStart, Position::Completed, Position::Compensated] {
        assert_eq!(remaining(last), Vec::<&str>::new(), "{last:?}");
    }
}
