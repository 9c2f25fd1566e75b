//! What an import finds of an earlier attempt, with a CloudFormation that is played here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_cloudformation::config::{BehaviorVersion, Region};
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;

use super::*;

/// The change sets of the stack, each with its status.
type ChangeSets = Arc<Mutex<BTreeMap<String, String>>>;

/// Answers as CloudFormation does: a change set's name can be given once, whatever became of the change set.
async fn cloudformation(State(sets): State<ChangeSets>, body: String) -> (StatusCode, String) {
    // The body is a form, which is written as a query is.
    let form = format!("/?{body}").parse().unwrap();
    let Query(asked) = Query::<BTreeMap<String, String>>::try_from_uri(&form).unwrap();
    let mut sets = sets.lock().unwrap();
    let name = asked.get("ChangeSetName").cloned().unwrap_or_default();
    let refusal = |code: &str| {
        let error = format!("<Error><Type>Sender</Type><Code>{code}</Code><Message>{name}</Message></Error>");
        (StatusCode::BAD_REQUEST, format!("<ErrorResponse>{error}</ErrorResponse>"))
    };
    let result = match asked["Action"].as_str() {
        "CreateChangeSet" if sets.contains_key(&name) => return refusal("AlreadyExistsException"),
        "CreateChangeSet" => {
            sets.insert(name, "CREATE_COMPLETE".to_owned());
            String::new()
        }
        "DeleteChangeSet" if asked["StackName"] == "locked" => return refusal("InvalidChangeSetStatus"),
        "DeleteChangeSet" if sets.remove(&name).is_none() => return refusal("ChangeSetNotFound"),
        "DescribeChangeSet" => format!("<Status>{}</Status>", sets[&name]),
        "DescribeStacks" => {
            let stack = "<StackName>s</StackName><StackStatus>IMPORT_COMPLETE</StackStatus>";
            let time = "<CreationTime>2026-11-26T00:00:00Z</CreationTime>";
            format!("<Stacks><member>{stack}{time}</member></Stacks>")
        }
        _ => String::new(),
    };
    let action = &asked["Action"];
    (StatusCode::OK, format!("<{action}Response><{action}Result>{result}</{action}Result></{action}Response>"))
}

async fn client(sets: &ChangeSets) -> Client {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(cloudformation).with_state(Arc::clone(sets));
    tokio::spawn(async { axum::serve(listener, router).await });
    let credentials = SharedCredentialsProvider::new(Credentials::new("a", "b", None, None, "test"));
    let config = aws_config::SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("nowhere-1"))
        .endpoint_url(url)
        .credentials_provider(credentials)
        .build();
    Client::new(aws::Clients::of(config).config())
}

#[tokio::test]
async fn an_import_that_failed_can_be_repeated() {
    let sets = ChangeSets::default();
    let client = client(&sets).await;
    let environment = Environment { stack: "s".to_owned(), parameters: BTreeMap::new() };
    let tables = [("s-orders".to_owned(), "OrdersTable".to_owned())];
    sets.lock().unwrap().insert(CHANGE_SET.to_owned(), "FAILED".to_owned());
    take(&client, &environment, true, "Resources:", &tables).await.expect("the failed change set makes way");
    sets.lock().unwrap().clear();
    take(&client, &environment, true, "Resources:", &tables).await.expect("a stack may have no such change set");
}

#[tokio::test]
async fn a_change_set_that_cannot_be_deleted_is_told() {
    let sets = ChangeSets::default();
    let error = forget(&client(&sets).await, "locked").await.expect_err("it is locked");
    assert!(error.to_string().contains("cannot delete the change set adopt-tables"), "{error:#}");
}

#[test]
fn a_stack_that_is_there_is_told_what_to_do() {
    let told = |status| objection("prod", "s", status).unwrap_or_default();
    assert_eq!(told("REVIEW_IN_PROGRESS"), "");
    for failed in ["IMPORT_ROLLBACK_COMPLETE", "IMPORT_ROLLBACK_FAILED"] {
        let told = told(failed);
        let words = [failed, "delete-stack --stack-name s", "keeps its tables", "make adopt ENV=prod"];
        assert!(words.iter().all(|word| told.contains(word)), "{told}");
    }
    assert!(told("IMPORT_ROLLBACK_IN_PROGRESS").contains("wait until that is done"));
    assert!(told("DELETE_IN_PROGRESS").contains("wait until that is done"));
    assert!(told("UPDATE_COMPLETE").contains("is there already"));
}
