//! The saga as Step Functions runs it, and as a reader sees it.

use orchestration::fingerprint;
use saga::asl::state_machine;
use saga::diagram::mermaid;
use trip::{book_trip, registry};

#[test]
fn the_state_machine() {
    let book_trip = book_trip();
    let definition = book_trip.definition();
    let wordings = registry().wordings(definition).expect("a wording that a state machine can express");
    let machine = state_machine(definition, fingerprint(definition), &wordings).expect("a state machine");
    insta::assert_snapshot!(serde_json::to_string_pretty(&machine).expect("JSON"));
}

#[test]
fn the_diagram() {
    insta::assert_snapshot!(mermaid(book_trip().definition(), None));
}
