//! What `make function` writes for the steps that are there, beside what is committed of them.

use std::path::{Path, PathBuf};

use heck::ToUpperCamelCase;
use md5::{Digest, Md5};
use messaging::Deployment;
use sagas_codegen::{function, steps};
use serde_json::{Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn files(name: &str) -> Vec<(PathBuf, String)> {
    function::files(&root(), &order::sagas::registry(), &steps(), name).expect("files")
}

fn complaint(name: &str, steps: &[Deployment]) -> String {
    function::files(&root(), &order::sagas::registry(), steps, name).expect_err("an error").to_string()
}

fn read(root: &Path, name: &str) -> String {
    std::fs::read_to_string(root.join(name)).expect(name)
}

#[test]
fn the_crate_of_a_step_is_as_it_was_written_by_hand() {
    let fresh = tempfile::tempdir().expect("a folder");
    for row in steps() {
        let name = row.handler;
        function::write(fresh.path(), name, &files(name)).expect("written");
        let (manifest, main) = (format!("functions/{name}/Cargo.toml"), format!("functions/{name}/src/main.rs"));
        // The main of a step whose row has variables reads them.
        if row.variables.is_empty() && row.parameters.is_empty() {
            assert_eq!(read(fresh.path(), &manifest), read(&root(), &manifest));
            assert_eq!(read(fresh.path(), &main), read(&root(), &main));
        }
        let call = format!("runtime::serve_step({0}::steps::{1}, ", row.service, name.to_upper_camel_case());
        assert!(read(fresh.path(), &main).contains(&call), "{name}");
    }
}

/// The text of the event, and of the message in it, with `…` in place of what is derived from the name.
fn without_identities(text: &str) -> [String; 2] {
    let event: Value = serde_json::from_str(text).expect("JSON");
    let record = &event["Records"][0];
    let body = record["body"].as_str().expect("a body");
    let message: Value = serde_json::from_str(body).expect("a message");
    let own = ["messageId", "receiptHandle", "md5OfBody"].map(|name| &record[name]);
    let of_message = ["messageId", "causationId"].map(|name| &message["subject"][name]);
    let hide = |text: &str, identities: &[&Value]| {
        identities.iter().fold(text.to_owned(), |text, id| text.replace(id.as_str().expect("a text"), "…"))
    };
    let outside = hide(text, &own).replace(&json!(body).to_string(), "…");
    [outside, hide(body, &of_message)]
}

#[test]
fn the_events_of_a_step_are_as_they_were_written_by_hand_but_for_their_identities() {
    // What a field says may be another plausible value.
    let reasons = ["COOKING_HAS_STARTED", "CARD_DECLINED"];
    let second_item = ",{\"productId\":\"tiramisu\",\"quantity\":1}";
    for row in steps() {
        for (path, text) in files(row.handler).into_iter().filter(|(path, _)| path.starts_with("events")) {
            let committed = without_identities(&read(&root(), &path.to_string_lossy())).map(|text| {
                let text = text.replace(second_item, "");
                reasons.iter().fold(text, |text, reason| text.replace(reason, "EXAMPLE"))
            });
            assert_eq!(without_identities(&text), committed, "{}", path.display());
        }
    }
}

#[test]
fn no_identity_is_there_twice_and_the_checksum_is_right() {
    let mut seen = std::collections::BTreeSet::new();
    for row in steps() {
        for (path, text) in files(row.handler).into_iter().filter(|(path, _)| path.starts_with("events")) {
            let event: Value = serde_json::from_str(&text).expect("JSON");
            let record = &event["Records"][0];
            let body = record["body"].as_str().expect("a body");
            let checksum: String = Md5::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(record["md5OfBody"], checksum.as_str(), "{}", path.display());
            let message: Value = serde_json::from_str(body).expect("a message");
            for id in [&record["messageId"], &record["receiptHandle"], &message["subject"]["messageId"]] {
                assert!(seen.insert(id.to_string()), "{}: {id} is there twice", path.display());
            }
            assert_eq!(files(row.handler).into_iter().find(|(other, _)| *other == path), Some((path, text.clone())));
        }
    }
}

#[test]
fn a_name_that_is_no_step_is_told_what_to_do() {
    let steps = steps();
    for name in ["SendReceipt", "send_receipt", "send--receipt", "-receipt", "../send", "2-receipts", ""] {
        let expected =
            format!("{name:?} is not in kebab-case: NAME is the command's, such as send-receipt for SendReceipt");
        assert_eq!(complaint(name, &steps), expected);
    }
    let expected = "wash-dishes has no row: add Deployment::step::<WashDishes>(…) to STEPS in the deployment.rs of its \
                    service";
    assert_eq!(complaint("wash-dishes", &steps), expected);
    let row = Deployment { handler: "wash-dishes", ..steps[0] };
    let expected =
        "no saga sends wash-dishes: add WashDishes to a saga in shared/services/order/src/sagas, and word it";
    assert_eq!(complaint("wash-dishes", &[row]), expected);
}

#[test]
fn what_is_there_is_not_written_over() {
    for folder in ["functions", "events"] {
        let fresh = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(fresh.path().join(folder).join("approve-order")).expect("created");
        let error = function::write(fresh.path(), "approve-order", &files("approve-order")).expect_err("an error");
        let expected = format!("{folder}/approve-order is there already: edit it, or remove it and try again");
        assert_eq!(error.to_string(), expected);
        let other = if folder == "events" { "functions" } else { "events" };
        assert!(!fresh.path().join(other).exists(), "nothing is begun");
    }
}
