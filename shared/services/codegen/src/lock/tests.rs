use testkit::sagas;

use super::*;

fn published() -> String {
    publish("", &sagas::both_versions()).expect("published")
}

fn complaint(lock: &str) -> String {
    let registry = sagas::both_versions();
    let checked = check(lock, &registry).expect_err("an error").to_string();
    // Publishing is no way round: what is wrong stays wrong.
    assert_eq!(publish(lock, &registry).expect_err("an error").to_string(), checked);
    checked
}

#[test]
fn what_was_published_passes_and_is_published_once() {
    let lock = published();
    let registry = sagas::both_versions();
    let row = |definition: &saga::Definition| {
        format!("{} {} {}\n", definition.name, definition.version, fingerprint(definition))
    };
    let rows: String = registry.definitions().map(row).collect();
    assert_eq!(lock, format!("{HEADER}{rows}"));
    check(&lock, &registry).expect("no complaint");
    assert_eq!(publish(&lock, &registry).expect("published"), lock);
}

#[test]
fn an_edited_definition_is_told_how_to_become_a_version() {
    let lock = published();
    let line = lock.lines().find(|line| line.starts_with("place-sale 1 ")).expect("a line");
    let message = complaint(&lock.replace(line, "place-sale 1 00000000-0000-0000-0000-000000000000"));
    assert!(message.starts_with("version 1 of place-sale is published with the fingerprint 00000000"), "{message}");
    assert!(message.ends_with(A_NEW_VERSION), "{message}");
}

/// Its fingerprint may stand there under another number: what counts is the version's own.
#[test]
fn versions_whose_definitions_were_swapped_are_noticed() {
    let fingerprint_of = |saga: &saga::Definition| fingerprint(saga).to_string();
    let (first, second) = (sagas::version_1(), sagas::version_2());
    let (first, second) = (fingerprint_of(first.definition()), fingerprint_of(second.definition()));
    let message = complaint(&format!("place-sale 1 {second}\nplace-sale 2 {first}\n"));
    let start = format!("version 1 of place-sale is published with the fingerprint {second}, but here it is {first}");
    assert!(message.starts_with(&start), "{message}");
}

#[test]
fn a_published_version_that_is_gone_is_missed() {
    let message = check(&published(), &sagas::only_version_2()).expect_err("an error").to_string();
    assert!(message.starts_with("version 1 of place-sale is published, but"), "{message}");
    assert!(message.ends_with(A_NEW_VERSION), "{message}");
    // Neither may the newest one go, such as when a deployment is rolled back.
    let message = check(&published(), &sagas::only_version_1()).expect_err("an error").to_string();
    assert!(message.starts_with("version 2 of place-sale is published, but"), "{message}");
}

#[test]
fn a_version_that_is_not_published_yet_is_added_at_the_end() {
    let older = publish("", &sagas::only_version_1()).expect("published");
    let registry = sagas::both_versions();
    let message = check(&older, &registry).expect_err("an error").to_string();
    assert_eq!(message, "not in statemachines/published.lock yet: place-sale 2. Run make publish-sagas");
    assert_eq!(publish(&older, &registry).expect("published"), published());
}

#[test]
fn a_line_that_is_none_is_an_error() {
    assert!(complaint("place-sale 1\n").contains("is no name, version, fingerprint"));
    assert!(complaint("place-sale one 0\n").contains("has no version"));
    assert!(complaint("sell 1 0\nsell 1 1\n").ends_with("sell 1 is there twice"));
}
