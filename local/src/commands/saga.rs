//! `local saga`: prints the record of an order's latest saga as the AWS command line would. The record is the stored item in the
//! Rust lane, and the execution's history in the Step Functions lane.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::data::lane::Lane;
use crate::data::run_state::RunState;
use crate::data::workspace::Workspace;
use crate::stack::api::Api;

/// The number of events on a page of a history, at most.
const PAGE: u32 = 1000;

pub(crate) async fn run(order_id: &str) -> Result<()> {
    let state = RunState::of_running(&Workspace::here())?;
    let order = item(&state, "OrdersTable", order_id).await?;
    let sagas = order["Item"]["state"]["M"]["sagas"]["L"].as_array().into_iter().flatten();
    let latest = sagas.filter_map(|saga| saga["S"].as_str()).next_back();
    let saga = latest.with_context(|| format!("there is no order {order_id}: take an id that CreateOrder gave"))?;
    let record = match state.lane {
        Lane::Rust => item(&state, "SagasTable", saga).await?,
        Lane::StepFunctions => history(&state, saga).await?,
    };
    if record.as_object().is_none_or(serde_json::Map::is_empty) {
        bail!("the saga {saga} has not begun yet: try again in a moment");
    }
    println!("{record:#}");
    Ok(())
}

async fn item(state: &RunState, table: &str, key: &str) -> Result<Value> {
    let api = Api::new(&state.endpoint, "dynamodb")?;
    let request =
        json!({"TableName": state.stack.resource(table)?, "Key": {"key": {"S": key}}, "ConsistentRead": true});
    api.call_target("DynamoDB_20120810.GetItem", &request).await
}

/// The history of the execution that is named after `saga`, of any state machine.
async fn history(state: &RunState, saga: &str) -> Result<Value> {
    let api = Api::new(&state.endpoint, "states")?;
    let arns = state.stack.resources.values().filter(|id| id.contains(":stateMachine:"));
    for execution in arns.map(|arn| format!("{}:{saga}", arn.replacen(":stateMachine:", ":execution:", 1))) {
        let (mut events, mut token) = (Vec::new(), Value::Null);
        loop {
            let mut request = json!({"executionArn": execution, "maxResults": PAGE, "includeExecutionData": true});
            if !token.is_null() {
                request["nextToken"] = token;
            }
            let Ok(mut page) = api.call_target("AWSStepFunctions.GetExecutionHistory", &request).await else { break };
            if let Value::Array(page) = page["events"].take() {
                events.extend(page);
            }
            token = page["nextToken"].take();
            if token.is_null() {
                return Ok(json!({ "events": events }));
            }
        }
    }
    Ok(Value::Null)
}
