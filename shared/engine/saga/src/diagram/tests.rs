use super::chart::{Chart, Mark};
use super::*;
use crate::machine::tests::definition;
use crate::{Outcome, Position};

const PICTURE: &str = r##"flowchart TB
    START(["the transaction that starts<br/>sell, version 1"]):::start
    Reserve["Reserve<br/>compensatable, somebody"]:::compensatable
    Charge{{"Charge<br/>pivot, somebody"}}:::pivot
    Ship("Ship<br/>retriable, somebody<br/>repeated until it succeeds"):::retriable
    COMPLETED(["COMPLETED"]):::over
    Refund["Refund<br/>undo of Charge, somebody<br/>repeated until it succeeds"]:::undo
    Release["Release<br/>undo of Reserve, somebody<br/>repeated until it succeeds"]:::undo
    Reject["Reject<br/>undo of the start, somebody<br/>repeated until it succeeds"]:::undo
    COMPENSATED(["COMPENSATED"]):::over
    START --> Reserve
    Reserve --> Charge
    Reserve -. "refused" .-> Reject
    Reserve -. "no answer" .-> Release
    Charge --> Ship
    Charge -. "refused" .-> Release
    Charge -. "no answer" .-> Refund
    Ship --> COMPLETED
    Refund --> Release
    Release --> Reject
    Reject --> COMPENSATED
    classDef start fill:#eaeef2,stroke:#57606a,color:#24292f
    classDef compensatable fill:#cfe8ff,stroke:#0969da,color:#0a3069
    classDef pivot fill:#ffe3a3,stroke:#9a6700,color:#3b2300
    classDef retriable fill:#c8f0d0,stroke:#1a7f37,color:#044f1e
    classDef undo fill:#ffdedb,stroke:#cf222e,color:#82071e,stroke-dasharray:5 5
    classDef over fill:#eaeef2,stroke:#57606a,color:#24292f
"##;

fn follow(outcomes: &[(&str, Option<Outcome>)]) -> Run {
    Run::follow(&definition(), outcomes.iter().copied()).expect("a run")
}

/// The arrows that stand out, the boxes that do, and the one that is awaited.
fn highlighted(run: &Run) -> (Vec<String>, Vec<String>, Option<String>) {
    let chart = Chart::of(&definition(), Some(run));
    let boxes = |mark| chart.nodes.iter().filter(move |node| node.mark == mark).map(|node| node.id.clone());
    let edges = chart.edges.iter().filter(|edge| edge.mark == Mark::Taken);
    let edges = edges.map(|edge| match edge.outcome.label() {
        None => format!("{} {}", edge.from, edge.to),
        Some(label) => format!("{} {} ({label})", edge.from, edge.to),
    });
    (edges.collect(), boxes(Mark::Taken).collect(), boxes(Mark::Awaited).next())
}

#[test]
fn the_picture_of_a_small_saga() {
    assert_eq!(mermaid(&definition(), None), PICTURE);
}

#[test]
fn dot_shows_the_same_boxes_and_arrows() {
    let text = dot(&definition(), None);
    let chart = Chart::of(&definition(), None);
    for node in &chart.nodes {
        let label = format!("    {} [label=\"{}\", shape=", node.id, node.lines.join("\\n"));
        assert!(text.contains(&label), "{label} is not in {text}");
    }
    for edge in &chart.edges {
        let label = edge.outcome.label().map_or_else(String::new, |label| format!("label=\"{label}\", "));
        let arrow = format!("    {} -> {} [{label}", edge.from, edge.to);
        assert!(text.contains(&arrow), "{arrow} is not in {text}");
    }
    assert_eq!(text.lines().count(), 5 + chart.nodes.len() + chart.edges.len(), "nothing else: {text}");
}

#[test]
fn a_pivot_without_an_undo_is_asked_until_it_answers() {
    let mut definition = definition();
    definition.steps[1].undo = None;
    let text = mermaid(&definition, None);
    assert!(text.contains("Charge<br/>pivot, somebody<br/>repeated until it answers\""), "{text}");
    assert!(text.contains("    Charge -. \"refused\" .-> Release\n"), "{text}");
    assert!(!text.contains("Refund") && !text.contains("Charge -. \"no answer\""), "{text}");
}

#[test]
fn a_completed_run() {
    let run = follow(&[
        ("reserve", Some(Outcome::Succeeded)),
        ("charge", Some(Outcome::Succeeded)),
        // A history may tell the sending and the outcome apart.
        ("ship", None),
        ("ship", Some(Outcome::Succeeded)),
    ]);
    let (edges, boxes, awaited) = highlighted(&run);
    assert_eq!(edges, ["START Reserve", "Reserve Charge", "Charge Ship", "Ship COMPLETED"]);
    assert_eq!(boxes, ["START", "Reserve", "Charge", "Ship", "COMPLETED"]);
    assert_eq!((run.position(), awaited), (Position::Completed, None));
}

#[test]
fn a_run_whose_pivot_was_refused() {
    let run = follow(&[
        ("reserve", Some(Outcome::Succeeded)),
        ("charge", Some(Outcome::Refused)),
        ("release", Some(Outcome::Succeeded)),
        ("reject", Some(Outcome::Succeeded)),
    ]);
    let (edges, boxes, awaited) = highlighted(&run);
    let expected =
        ["START Reserve", "Reserve Charge", "Charge Release (refused)", "Release Reject", "Reject COMPENSATED"];
    assert_eq!(edges, expected);
    assert_eq!(boxes, ["START", "Reserve", "Charge", "Release", "Reject", "COMPENSATED"]);
    assert_eq!((run.position(), awaited), (Position::Compensated, None));
}

#[test]
fn a_run_whose_pivot_stayed_silent() {
    let run = follow(&[
        ("reserve", Some(Outcome::Succeeded)),
        ("charge", Some(Outcome::Unknown)),
        ("refund", Some(Outcome::Succeeded)),
        ("release", None),
    ]);
    let (edges, boxes, awaited) = highlighted(&run);
    assert_eq!(edges, ["START Reserve", "Reserve Charge", "Charge Refund (no answer)", "Refund Release"]);
    assert_eq!(boxes, ["START", "Reserve", "Charge", "Refund"]);
    assert_eq!((run.position(), awaited.as_deref()), (Position::Undoing(0), Some("Release")));
}

#[test]
fn a_run_in_flight_in_both_languages() {
    let run = follow(&[("reserve", Some(Outcome::Succeeded)), ("charge", None)]);
    let text = mermaid(&definition(), Some(&run));
    for line in [
        "    Reserve[\"Reserve<br/>compensatable, somebody\"]:::compensatable\n",
        "    Charge{{\"Charge<br/>pivot, somebody\"}}:::awaited\n",
        "    COMPLETED([\"COMPLETED\"]):::pale\n",
        "    style START stroke-width:4px\n    style Reserve stroke-width:4px\n    linkStyle",
        "    linkStyle 0,1 stroke:#1f6feb,stroke-width:4px\n",
        "    linkStyle 2,3,4,5,6,7,8,9,10 stroke:#7d8590,stroke-width:1px,color:#7d8590\n",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    let text = dot(&definition(), Some(&run));
    for part in [
        "    Reserve -> Charge [color=\"#1f6feb\", fontcolor=\"#1f6feb\", penwidth=4];\n",
        "fillcolor=\"#8250df\", color=\"#8250df\", fontcolor=\"#ffffff\", penwidth=4",
        "    Charge -> Ship [color=\"#7d8590\", fontcolor=\"#7d8590\", penwidth=1];\n",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn a_run_that_has_sent_nothing_yet_awaits_the_first_step() {
    let (edges, boxes, awaited) = highlighted(&follow(&[]));
    assert_eq!((edges, boxes), (vec!["START Reserve".to_owned()], vec!["START".to_owned()]));
    assert_eq!(awaited.as_deref(), Some("Reserve"));
}

#[test]
fn what_the_definition_does_not_allow_is_not_drawn() {
    let all = [
        ("reserve", Some(Outcome::Succeeded)),
        ("charge", Some(Outcome::Succeeded)),
        ("ship", Some(Outcome::Succeeded)),
    ];
    let strays = [
        (vec![("charge", None)], "sell of version 1 does not allow that charge is Sent where it awaits reserve"),
        (vec![all[0], all[0]], "sell of version 1 does not allow that reserve is Succeeded where it awaits charge"),
        (
            vec![all[0], all[1], ("ship", Some(Outcome::Refused))],
            "sell of version 1 does not allow that ship is Refused where it awaits ship",
        ),
        (
            vec![all[0], all[1], ("ship", Some(Outcome::Unknown))],
            "sell of version 1 does not allow that ship is Unknown where it awaits ship",
        ),
        (
            vec![all[0], all[1], all[2], all[2]],
            "sell of version 1 does not allow that ship is Succeeded where it awaits nothing",
        ),
    ];
    for (outcomes, message) in strays {
        let stray = Run::follow(&definition(), outcomes).expect_err("a stray");
        assert_eq!(stray.to_string(), message);
    }
}
