use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::api::fixture::ask;

async fn describe(request: Value, lane: Lane) -> Result<Vec<api::SagaDefinition>, RpcError> {
    let rpc = DescribeSaga::new(testkit::sagas::both_versions(), lane);
    let request = serde_json::from_value(request).expect("a request");
    Ok(ask(rpc, request).await?.definitions)
}

async fn first(lane: Lane) -> api::SagaDefinition {
    let asked = json!({"name": "place-sale", "version": 1});
    let [definition] = describe(asked, lane).await.expect("definitions").try_into().expect("one definition");
    definition
}

#[tokio::test]
async fn the_commands_come_in_the_order_in_which_they_may_be_sent() {
    let definition = first(Lane::Rust).await;
    let told = definition.commands.iter().map(|command| {
        let told = serde_json::to_value(command).expect("JSON");
        (told["name"].clone(), told["service"].clone(), told["class"].clone(), told["undoes"].clone())
    });
    let expected = [
        ("reserve-goods", "warehouse", "COMPENSATABLE", Value::Null),
        ("charge-card", "till", "PIVOT", Value::Null),
        ("pack-goods", "warehouse", "RETRIABLE", Value::Null),
        ("complete-sale", "shop", "RETRIABLE", Value::Null),
        ("refund-card", "till", "UNDO", json!("charge-card")),
        ("release-goods", "warehouse", "UNDO", json!("reserve-goods")),
        ("cancel-sale", "shop", "UNDO", Value::Null),
    ];
    let expected = expected.map(|(name, service, class, undoes)| {
        (json!(name), json!(service), json!(format!("COMMAND_CLASS_{class}")), undoes)
    });
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn each_outcome_of_each_command_leads_somewhere() {
    let definition = first(Lane::Rust).await;
    let told = definition.transitions.iter().map(|transition| {
        let told = serde_json::to_value(transition).expect("JSON");
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        let outcome = text("outcome").replace("COMMAND_STATE_", "");
        let end = text("end").replace("SAGA_STATE_", "");
        format!("{} {outcome} {}{end}", text("from"), text("to"))
    });
    let expected = [
        " SUCCEEDED reserve-goods",
        "reserve-goods SUCCEEDED charge-card",
        "reserve-goods REFUSED cancel-sale",
        "reserve-goods UNKNOWN release-goods",
        "charge-card SUCCEEDED pack-goods",
        "charge-card REFUSED release-goods",
        "charge-card UNKNOWN refund-card",
        "pack-goods SUCCEEDED complete-sale",
        "complete-sale SUCCEEDED COMPLETED",
        "refund-card SUCCEEDED release-goods",
        "release-goods SUCCEEDED cancel-sale",
        "cancel-sale SUCCEEDED COMPENSATED",
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

/// A page draws commands by their names: whatever a transition names is there once, and everything is reached.
#[tokio::test]
async fn a_transition_names_commands_that_are_there() {
    for definition in describe(json!({}), Lane::Rust).await.expect("definitions") {
        let names: BTreeSet<&str> = definition.commands.iter().map(|command| command.name.as_str()).collect();
        assert_eq!(names.len(), definition.commands.len(), "a name is there twice");
        let reached: BTreeSet<&str> = definition.transitions.iter().map(|transition| transition.to.as_str()).collect();
        let begun: BTreeSet<&str> = definition.transitions.iter().map(|transition| transition.from.as_str()).collect();
        let with_end: BTreeSet<&str> = names.iter().copied().chain([""]).collect();
        assert_eq!((&reached, &begun), (&with_end, &with_end));
    }
}

#[tokio::test]
async fn the_waits_are_those_of_the_lane() {
    for lane in [Lane::Rust, Lane::StepFunctions] {
        let shown = first(lane).await;
        let registry = testkit::sagas::only_version_1();
        let definition = registry.definitions().next().expect("a saga");
        for command in &shown.commands {
            let position = definition.position_of(&command.name).expect("a position");
            let waiting = lane.waiting(definition, position).expect("times");
            let waits: Vec<Wait> = waiting.waits.into_iter().map(Wait::from).collect();
            assert!(!waits.is_empty() && command.waits == waits, "{command:?}");
            assert_eq!(command.given_up_after, waiting.given_up_after.unwrap_or(0), "{command:?}");
        }
    }
    let waits = |definition: &api::SagaDefinition| {
        definition.commands.first().map(|command| serde_json::to_value(command).expect("JSON")["waits"].clone())
    };
    // Four sendings within 150 seconds: in the Rust lane each waits twice as long as the sending before it.
    let rust = first(Lane::Rust).await;
    assert_eq!(waits(&rust), Some(json!(["10s", "20s", "40s", "80s"])));
    let given_up: Vec<u32> = rust.commands.iter().map(|command| command.given_up_after).collect();
    assert_eq!(given_up, [4, 4, 0, 0, 0, 0, 0]);
    assert_ne!(waits(&first(Lane::StepFunctions).await), waits(&rust));
}

#[tokio::test]
async fn every_definition_is_shown_by_name_and_version_unless_another_is_asked_for() {
    for (asked, versions) in [
        (json!({}), &[1, 2][..]),
        (json!({"name": "place-sale"}), &[1, 2]),
        (json!({"version": 2}), &[2]),
        (json!({"name": "place-sale", "version": 3}), &[]),
        (json!({"name": "place"}), &[]),
    ] {
        let shown = describe(asked.clone(), Lane::Rust).await.expect("definitions");
        assert!(shown.iter().all(|definition| definition.name == "place-sale"), "{shown:?}");
        let shown: Vec<u32> = shown.iter().map(|definition| definition.version).collect();
        assert_eq!(shown, versions, "{asked}");
    }
}

#[tokio::test]
async fn a_version_below_the_first_is_refused() {
    let refused = RpcError::invalid("version", "must be a whole number from 0 to 1000000");
    assert_eq!(describe(json!({"version": -1}), Lane::Rust).await, Err(refused));
}
