use std::collections::BTreeMap;

use super::*;
use crate::template::Rule;

fn texts(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn environment(stack: &str, parameters: &[(&str, &str)]) -> Environment {
    Environment { stack: stack.to_owned(), parameters: texts(parameters) }
}

fn template() -> Template {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Template {
        parameters: ["LogLevel", LANE, ROLLOUT].map(|name| (name.to_owned(), Rule::default())).into(),
        functions: names(&["pack", "confirm-cancellation"]),
        tables: BTreeMap::new(),
    }
}

fn deployed(status: &str, lane: &str) -> Deployed {
    Deployed { status: status.to_owned(), parameters: texts(&[(LANE, lane)]), outputs: BTreeMap::new() }
}

const WHOLE: &[(&str, &str)] = &[("LogLevel", "info"), (LANE, "Rust"), (ROLLOUT, AT_ONCE)];

/// Asserts that there is one objection, with these words.
fn assert_one(objections: &[String], words: &[&str]) {
    assert_eq!(objections.len(), 1, "{objections:?}");
    assert!(words.iter().all(|word| objections[0].contains(word)), "{objections:?}");
}

#[test]
fn a_stack_name_fits_the_longest_name_of_a_function() {
    assert_eq!(of_files(&environment(&"s".repeat(43), WHOLE), &template()), [""; 0]);
    let objections = of_files(&environment(&"s".repeat(44), WHOLE), &template());
    assert_one(&objections, &["44 characters", "43 are the most", "-confirm-cancellation", "samconfig.toml"]);
    for bad in ["1shop", "my_shop", "", "-shop"] {
        assert_one(&of_files(&environment(bad, WHOLE), &template()), &["letters, digits"]);
    }
}

#[test]
fn a_placeholder_a_missing_and_an_unknown_parameter_are_named() {
    let with = |parameters| of_files(&environment("shop", parameters), &template());
    assert_one(
        &with(&[("LogLevel", "<a level>"), (LANE, "Rust"), (ROLLOUT, AT_ONCE)]),
        &["LogLevel", "<a level>", "samconfig.toml"],
    );
    assert_one(&with(&[("LogLevel", "info"), (ROLLOUT, AT_ONCE)]), &["Orchestrator is missing in samconfig.toml"]);
    assert_one(
        &with(&[("LogLevel", "info"), (LANE, "Rust"), (ROLLOUT, AT_ONCE), ("Lane", "x")]),
        &["Lane is no parameter"],
    );
}

#[test]
fn an_origin_that_no_browser_says_is_objected_to() {
    let mut template = template();
    template.parameters.insert(ORIGINS.to_owned(), Rule::default());
    let with = |origins| of_files(&environment("shop", &[WHOLE, &[(ORIGINS, origins)]].concat()), &template);
    for (origins, bad, port) in [
        ("https://a.example.com:443", "https://a.example.com:443,", ":443"),
        ("https://a.example.com,http://localhost:80", "http://localhost:80,", ":80"),
    ] {
        assert_one(&with(origins), &["AllowedOrigins has", bad, port]);
    }
    assert_eq!(with("https://a.example.com:80,http://localhost:443,https://b.example.com:8443"), [""; 0]);
    assert_one(&with("<your origins>:443"), &["is still"]);
}

#[test]
fn the_lane_is_switched_on_purpose_only() {
    let stack =
        |lane, switch| of_stack("prod", &environment("shop", WHOLE), &deployed("UPDATE_COMPLETE", lane), switch);
    assert_eq!(stack("Rust", false), [""; 0]);
    assert_one(&stack("StepFunctions", false), &["StepFunctions", "Rust", "SWITCH_LANE=yes"]);
    assert_eq!(stack("StepFunctions", true), [""; 0]);
    // Old versions would serve beside the new, with roles of the new lane.
    let canary = environment("shop", &[(LANE, "Rust"), (ROLLOUT, "Canary10Percent5Minutes")]);
    let stages = |lane, switch| of_stack("prod", &canary, &deployed("UPDATE_COMPLETE", lane), switch);
    let words = &["in stages", "Rollout = \"AllAtOnce\" in samconfig.toml", "\"Canary10Percent5Minutes\""];
    assert_one(&stages("StepFunctions", true), words);
    assert_eq!(stages("StepFunctions", false).len(), 2, "both are said at once");
    assert_eq!(stages("Rust", false), [""; 0]);
    let unknown = Deployed { status: "CREATE_COMPLETE".to_owned(), ..Deployed::default() };
    assert_eq!(of_stack("prod", &environment("shop", WHOLE), &unknown, false), [""; 0], "it has no lane yet");
}

#[test]
fn a_stack_that_cannot_be_updated_is_told_what_to_do() {
    let stack = |status| of_stack("prod", &environment("shop", WHOLE), &deployed(status, "Rust"), false);
    for broken in ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"] {
        assert_one(&stack(broken), &[broken, "sam delete --config-env prod"]);
    }
    for failed in ["IMPORT_ROLLBACK_COMPLETE", "IMPORT_ROLLBACK_FAILED"] {
        assert_one(
            &stack(failed),
            &[failed, "delete-stack --stack-name shop", "keeps its tables", "make adopt ENV=prod"],
        );
    }
    let stopped = "UPDATE_ROLLBACK_FAILED";
    assert_one(&stack(stopped), &[stopped, "continue-update-rollback --stack-name shop"]);
    for busy in ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS"] {
        assert_one(&stack(busy), &[busy, "wait"]);
    }
    for fine in ["CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "REVIEW_IN_PROGRESS"] {
        assert_eq!(stack(fine), [""; 0], "{fine}");
    }
}

#[test]
fn tables_without_a_stack_are_named() {
    assert_eq!(of_tables("prod", Vec::new()), None);
    let objection =
        of_tables("prod", vec![("shop-orders".to_owned(), "OrdersTable".to_owned())]).expect("an objection");
    assert!(objection.contains("shop-orders") && objection.contains("make adopt ENV=prod"), "{objection}");
}
