//! `sagas-codegen draw` as a person calls it.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use messaging::{deliver, ids};
use orchestration::Orchestrator;
use saga::diagram::{dot, mermaid};
use sagas_codegen::draw;
use testkit::builders::{self, at};
use testkit::{MemoryOutbound, MemoryStore};

fn run(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sagas-codegen"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().expect("started");
    process.stdin.take().expect("an input").write_all(input.as_bytes()).expect("written");
    process.wait_with_output().expect("ended")
}

/// The stored state of a run of the newest create-order.
async fn record() -> String {
    let (store, event) = (MemoryStore::default(), builders::event(1, contracts::order::v1::OrderCreated::default()));
    let orchestrator = Orchestrator::new("orchestrate-saga", order::sagas::registry(), "https://queue/saga");
    deliver(&orchestrator, &store, &MemoryOutbound::default(), &event, at(0)).await.expect("a start");
    store.peek(&ids::saga(event.message_id).to_string()).expect("a saga").state.to_string()
}

#[tokio::test]
async fn a_run_is_drawn_in_the_language_that_is_asked_for() {
    let record = record().await;
    let registry = order::sagas::registry();
    let (definition, taken) = draw::read(&registry, &record).expect("a run");
    for (arguments, picture) in
        [(&["draw"][..], mermaid(definition, Some(&taken))), (&["draw", "--dot"], dot(definition, Some(&taken)))]
    {
        let output = run(arguments, &record);
        assert!(output.status.success(), "{output:?}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), picture);
    }
}

#[test]
fn what_cannot_be_drawn_is_told_and_is_a_failure() {
    let output = run(&["draw"], "{}");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
    assert!(told.starts_with("error: neither an item as GetItem returns it"), "{told}");
}
