//! What is derived from a saga with two versions: the files of both stand side by side, and each run is drawn on its own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use messaging::{deliver, ids};
use orchestration::{Orchestrator, Registry, fingerprint};
use saga::diagram::mermaid;
use sagas_codegen::{TEMPLATE, blocks, draw, files, generate, with_parts};
use serde_json::{Value, json};
use testkit::builders::{self, at};
use testkit::{MemoryOutbound, MemoryStore, sagas};

fn by_name(registry: &Registry) -> BTreeMap<PathBuf, String> {
    files(registry).expect("files").into_iter().collect()
}

#[test]
fn a_second_version_adds_its_files_and_leaves_those_of_the_first() {
    let (before, after) = (by_name(&sagas::only_version_1()), by_name(&sagas::both_versions()));
    let names: Vec<_> = after.keys().map(|name| name.display().to_string()).collect();
    let expected = [
        "docs/errors.md",
        "docs/sagas/README.md",
        "docs/sagas/place-sale.v1.dot",
        "docs/sagas/place-sale.v1.mmd",
        "docs/sagas/place-sale.v2.dot",
        "docs/sagas/place-sale.v2.mmd",
        "statemachines/place-sale.v1.asl.json",
        "statemachines/place-sale.v2.asl.json",
        "web/client/src/gen/reasons.ts",
    ];
    assert_eq!(names, expected);
    for (name, content) in before.iter().filter(|(name, _)| !name.ends_with("README.md")) {
        assert_eq!(after.get(name), Some(content), "{}", name.display());
    }
    assert_eq!(before.len(), 6);
}

#[test]
fn each_state_machine_is_of_its_version() {
    let files = by_name(&sagas::both_versions());
    for (version, first, other) in [(1, "ReserveGoods", "HandOverGoods"), (2, "ChargeCard", "ReserveGoods")] {
        let machine = &files[Path::new(&format!("statemachines/place-sale.v{version}.asl.json"))];
        let machine: Value = serde_json::from_str(machine).expect("JSON");
        assert_eq!(machine["StartAt"], first);
        assert!(machine["States"].get(other).is_none(), "{version}");
        let source = &machine["States"][first]["Parameters"]["MessageBody"]["subject"]["source"];
        assert_eq!(*source, json!(format!("place-sale-v{version}")));
        let registry = sagas::both_versions();
        let definition = registry.definitions().find(|definition| definition.version == version).expect("a version");
        let comment = machine["Comment"].as_str().expect("a comment");
        assert!(comment.contains(&format!("place-sale in version {version}")), "{comment}");
        assert!(comment.contains(&fingerprint(definition).to_string()), "{comment}");
    }
}

#[test]
fn generating_leaves_version_1_byte_for_byte_and_removes_it_only_when_it_is_gone() {
    let root = tempfile::tempdir().expect("a folder");
    let read = |name: &str| std::fs::read(root.path().join(name)).ok();
    let generate = |registry: Registry| generate(root.path(), &registry, &sagas::steps(&registry));
    std::fs::write(root.path().join(TEMPLATE), empty_template(&sagas::both_versions())).expect("written");
    for contract in with_parts().filter(|name| *name != TEMPLATE) {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").join(contract);
        let copy = root.path().join(contract);
        std::fs::create_dir_all(copy.parent().expect("a folder")).expect("created");
        std::fs::copy(own, copy).expect("copied");
    }
    let first =
        ["docs/sagas/place-sale.v1.mmd", "docs/sagas/place-sale.v1.dot", "statemachines/place-sale.v1.asl.json"];
    generate(sagas::only_version_1()).expect("generated");
    let before = first.map(read);
    assert!(before.iter().all(Option::is_some));
    generate(sagas::both_versions()).expect("generated");
    assert_eq!(first.map(read), before);
    let shown = || std::fs::read_to_string(root.path().join("docs/sagas/README.md")).expect("read");
    assert!(shown().contains("place-sale, version 2") && shown().contains("place-sale, version 1"), "{}", shown());
    let template = || std::fs::read_to_string(root.path().join(TEMPLATE)).expect("read");
    assert!(template().contains("place-sale-v1") && template().contains("place-sale-v2"), "{}", template());
    // What is not generated stays, as long as it is called otherwise.
    std::fs::write(root.path().join("statemachines/published.lock"), "the lock").expect("written");
    std::fs::write(root.path().join("docs/sagas/published.lock"), "no lock").expect("written");
    generate(sagas::only_version_2()).expect("generated");
    assert_eq!(read("statemachines/published.lock").as_deref(), Some(&b"the lock"[..]));
    assert_eq!(read("docs/sagas/published.lock"), None);
    assert_eq!(first.map(read), [None, None, None]);
    assert!(read("statemachines/place-sale.v2.asl.json").is_some());
    assert!(shown().contains("place-sale, version 2") && !shown().contains("version 1"), "{}", shown());
    assert!(!template().contains("place-sale-v1") && template().contains("place-sale-v2"), "{}", template());
}

#[test]
fn what_cannot_be_generated_whole_is_not_begun() {
    let root = tempfile::tempdir().expect("a folder");
    let registry = sagas::only_version_1();
    std::fs::write(root.path().join(TEMPLATE), "Resources:\n").expect("written");
    let error = generate(root.path(), &registry, &sagas::steps(&registry)).expect_err("an error");
    assert!(format!("{error:#}").starts_with("template.yaml: has no place for the "), "{error:#}");
    for folder in ["docs", "statemachines"] {
        assert!(!root.path().join(folder).exists(), "{folder}");
    }
}

/// A template with the places for all that is generated.
fn empty_template(registry: &Registry) -> String {
    let names = blocks(registry, &sagas::steps(registry)).expect("blocks").into_keys();
    names.map(|name| format!("# <generated: {name}>\n# <end>\n")).collect()
}

/// The stored state of a run that has just started in a deployment with this registry.
async fn started(registry: Registry) -> Value {
    let (store, event) = (MemoryStore::default(), builders::event(1, testkit::shop::v1::SalePlaced::default()));
    let orchestrator = Orchestrator::new("orchestrate-saga", registry, "https://queue/saga");
    deliver(&orchestrator, &store, &MemoryOutbound::default(), &event, at(0)).await.expect("a start");
    let key = ids::saga(event.message_id).to_string();
    store.peek(&key).expect("a saga").state
}

/// The history of an execution of this version that awaits its first command.
fn history(version: u32, state: &str) -> Value {
    let registry = sagas::both_versions();
    let definition = registry.definitions().find(|definition| definition.version == version).expect("a version");
    let started_with = json!({"name": "place-sale", "version": version, "fingerprint": fingerprint(definition)});
    let input = json!({ "definition": started_with }).to_string();
    json!({"events": [
        {"type": "ExecutionStarted", "executionStartedEventDetails": {"input": input}},
        {"type": "TaskStateEntered", "stateEnteredEventDetails": {"name": state}},
        {"type": "TaskScheduled"},
    ]})
}

#[tokio::test]
async fn a_run_is_drawn_on_the_version_that_it_started_with() {
    let both = sagas::both_versions();
    let records = [
        (1, "ReserveGoods", started(sagas::only_version_1()).await),
        (2, "ChargeCard", started(sagas::both_versions()).await),
        (1, "ReserveGoods", history(1, "ReserveGoods")),
        (2, "ChargeCard", history(2, "ChargeCard")),
    ];
    for (version, awaited, record) in records {
        let (definition, run) = draw::read(&both, &record.to_string()).expect("a run");
        assert_eq!(definition.version, version);
        let picture = mermaid(definition, Some(&run));
        assert!(picture.contains(&format!("place-sale, version {version}")), "{picture}");
        let line = picture.lines().find(|line| line.trim_start().starts_with(awaited)).expect("a box");
        assert!(line.ends_with(":::awaited"), "{line}");
    }
}

#[tokio::test]
async fn a_run_is_not_drawn_on_another_version() {
    let record = started(sagas::only_version_1()).await.to_string();
    let error = draw::read(&sagas::only_version_2(), &record).expect_err("an error");
    assert_eq!(error.to_string(), "no version 1 of place-sale is known here, only place-sale 2");
    // The number alone does not make a run one of that version.
    let both = sagas::both_versions();
    let first = fingerprint(sagas::version_1().definition());
    let second = fingerprint(sagas::version_2().definition());
    let mistaken = history(2, "ChargeCard").to_string().replace(&second.to_string(), &first.to_string());
    let error = draw::read(&both, &mistaken).expect_err("an error").to_string();
    let expected = format!(
        "the run started with another version 2 of place-sale: its fingerprint is {first}, here it is {second}"
    );
    assert_eq!(error, expected);
}
