use std::collections::BTreeMap;
use std::ffi::OsString;

use testkit::sagas;

use super::*;

/// Every state machine's variable, with a value that tells which it is.
fn machines() -> BTreeMap<String, String> {
    let sagas = sagas::both_versions();
    let machines = sagas.definitions().map(|definition| definition.machine_name());
    machines.map(|machine| (variable_of(&machine, "STATE_MACHINE_ARN"), format!("arn:of:{machine}"))).collect()
}

fn environment(variables: &BTreeMap<String, String>) -> Environment {
    Environment::of(variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))))
}

async fn problem(variables: &[(&str, &str)]) -> String {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let clients = aws::Clients::from_env().await;
    let environment = environment(&variables);
    let problem = sagas_in(&environment, &clients, sagas::both_versions()).err().expect("a problem").to_string();
    let listing = catalog_in(&environment, &clients, sagas::both_versions()).err().expect("a problem").to_string();
    assert_eq!(problem, listing, "a list needs what the sagas need");
    problem
}

#[test]
fn a_machine_is_named_by_its_variable() {
    assert_eq!(variable_of("place-sale-v1", "STATE_MACHINE_ARN"), "PLACE_SALE_V1_STATE_MACHINE_ARN");
}

#[test]
fn the_lane_is_read_as_the_template_says_it() {
    let read = |lane: &str| serde_json::from_str::<Lane>(&format!("{lane:?}")).ok();
    assert_eq!(read("Rust"), Some(Lane::Rust));
    assert_eq!(read("StepFunctions"), Some(Lane::StepFunctions));
    assert_eq!(read("rust"), None);
}

#[test]
fn a_function_that_needs_no_more_knows_the_lane_alone() {
    let of = |lane: &str| environment(&BTreeMap::from([("ORCHESTRATOR".to_owned(), lane.to_owned())]));
    assert_eq!(lane_in(&of("Rust")).expect("a lane"), Lane::Rust);
    assert_eq!(lane_in(&of("StepFunctions")).expect("a lane"), Lane::StepFunctions);
    assert!(lane_in(&of("rust")).is_err());
}

/// The index and the table that the functions' rights name.
#[tokio::test]
async fn the_list_asks_the_index_of_the_sagas_table() {
    let variables = BTreeMap::from([("SAGAS_TABLE".to_owned(), "the-sagas".to_owned())]);
    let clients = aws::Clients::from_env().await;
    let (index, _) = recording(&environment(&variables), &clients).expect("the ports");
    let known = format!("{index:?}");
    for part in [r#"table: "the-sagas""#, r#"name: "by-state""#, r#"partition: "progress""#, r#"sort: "created_at""#] {
        assert!(known.contains(part), "{part} in {known}");
    }
}

#[tokio::test]
async fn each_lane_asks_for_what_it_needs_and_for_nothing_else() {
    let clients = aws::Clients::from_env().await;
    let mut stepping = machines();
    stepping.insert("ORCHESTRATOR".to_owned(), "StepFunctions".to_owned());
    assert!(sagas_in(&environment(&stepping), &clients, sagas::both_versions()).is_ok());
    assert!(catalog_in(&environment(&stepping), &clients, sagas::both_versions()).is_ok());
    let recording = BTreeMap::from([("ORCHESTRATOR", "Rust"), ("SAGAS_TABLE", "sagas")]);
    let recording = recording.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    assert!(sagas_in(&environment(&recording), &clients, sagas::both_versions()).is_ok());
    assert!(catalog_in(&environment(&recording), &clients, sagas::both_versions()).is_ok());
}

#[tokio::test]
async fn a_lane_names_the_variable_that_it_lacks() {
    assert!(problem(&[("SAGAS_TABLE", "sagas")]).await.contains("ORCHESTRATOR is not set"));
    assert!(problem(&[("ORCHESTRATOR", "rust"), ("SAGAS_TABLE", "sagas")]).await.contains("rust"));
    assert!(problem(&[("ORCHESTRATOR", "Rust")]).await.contains("SAGAS_TABLE is not set"));
    let stepping = [("ORCHESTRATOR", "StepFunctions"), ("SAGAS_TABLE", "sagas")];
    assert!(problem(&stepping).await.contains("_STATE_MACHINE_ARN is not set"));
}

#[tokio::test]
async fn every_state_machine_has_its_own_arn_and_none_may_be_missing() {
    let clients = aws::Clients::from_env().await;
    let all = machines();
    assert!(all.len() >= 2, "{all:?}");
    let executions = executions_in(&environment(&all), &clients, &sagas::both_versions()).expect("executions");
    let known = format!("{executions:?}");
    for definition in sagas::both_versions().definitions() {
        let machine = definition.machine_name();
        assert!(known.contains(&format!("{machine:?}: \"arn:of:{machine}\"")), "{machine} in {known}");
    }
    for missing in all.keys() {
        let mut others = all.clone();
        others.remove(missing);
        let problem = executions_in(&environment(&others), &clients, &sagas::both_versions()).expect_err("a problem");
        assert!(problem.to_string().contains(missing), "{problem}");
    }
}
