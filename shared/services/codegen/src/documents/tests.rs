//! What is missing is told rather than left out.

use super::*;

const ORDERS: &str = "proto/order_api/v1/order_service.proto";
const CARDS: &str = "proto/billing/v1/billing.proto";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// A copy of all that the documents are made from.
fn checkout() -> tempfile::TempDir {
    let checkout = tempfile::tempdir().expect("a folder");
    for folder in ["proto", "shared/engine/wire/proto", "events"] {
        copy(&root().join(folder), &checkout.path().join(folder));
    }
    checkout
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).expect("a folder");
        for entry in std::fs::read_dir(from).expect("a folder") {
            let entry = entry.expect("an entry");
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        std::fs::copy(from, to).expect("a copy");
    }
}

fn complaint(checkout: &Path) -> String {
    let error = documents(checkout, &order::sagas::registry(), &crate::steps()).expect_err("a complaint");
    format!("{error:#}")
}

#[test]
fn a_contract_that_lacks_something_is_refused() {
    let mistakes = [
        (
            ORDERS,
            "    option idempotency_level = IDEMPOTENT;\n",
            "",
            "OrderService.CreateOrder: it has no idempotency_level",
        ),
        (ORDERS, "rpc FindOrder(", "rpc SeekOrder(", "policy.csv has no row for /order_api.v1.OrderService/SeekOrder"),
        (CARDS, "message CancelCard {", "message FreeCard {", "no file declares billing.v1.CancelCard"),
        (CARDS, "  option (message.v1.command) = {};\n", "", "billing.v1.CancelCard is no command"),
        (CARDS, "string order_id = 1;", "string order_id = x;", "expected an integer"),
        ("events/find-order/ok.json", "\"body\"", "\"corpus\"", "events/find-order/ok.json has no body"),
        ("events/find-order/ok.json", "{\\\"orderId", "[\\\"orderId", "it is no JSON"),
    ];
    for (file, right, wrong, told) in mistakes {
        let checkout = checkout();
        let path = checkout.path().join(file);
        let text = std::fs::read_to_string(&path).expect("a file");
        assert!(text.contains(right), "{file} has no {right:?}");
        std::fs::write(&path, text.replacen(right, wrong, 1)).expect("written");
        let complaint = complaint(checkout.path());
        assert!(complaint.contains(told), "{complaint}");
    }
}

#[test]
fn an_rpc_without_a_recorded_event_is_refused() {
    let checkout = checkout();
    std::fs::remove_file(checkout.path().join("events/set-stock/ok.json")).expect("removed");
    let complaint = complaint(checkout.path());
    assert!(complaint.contains("SetStock: reading events/set-stock/ok.json"), "{complaint}");
}

#[test]
fn a_row_of_a_step_that_no_saga_commands_is_refused() {
    let stray = crate::steps().first().map(|row| Deployment { handler: "brew-coffee", ..*row });
    let steps: Vec<Deployment> = crate::steps().into_iter().chain(stray).collect();
    let error = documents(&root(), &order::sagas::registry(), &steps).expect_err("a complaint");
    assert!(format!("{error:#}").contains("no saga sends a command to brew-coffee"), "{error:#}");
}

#[test]
fn the_documents_are_written_where_they_stand() {
    let checkout = checkout();
    let (registry, steps) = (order::sagas::registry(), crate::steps());
    write_documents(checkout.path(), &registry, &steps).expect("written");
    for (name, content) in documents(&root(), &registry, &steps).expect("documents") {
        assert_eq!(std::fs::read_to_string(checkout.path().join(name)).expect("read"), content);
    }
}
