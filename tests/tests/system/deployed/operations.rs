//! What operators see of the sagas of all orders, from the lane that runs them.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use local::{Card, Client, Deadline, Lane, Person};
use messaging::ids;
use serde_json::{Value, json};
use tests::{LazySystem, System};
use uuid::Uuid;

use super::shared;

const LIST_SAGAS: &str = "/operations_api.v1.SagaService/ListSagas";
const GET_SAGA: &str = "/operations_api.v1.SagaService/GetSaga";
const DESCRIBE_SAGA: &str = "/operations_api.v1.SagaService/DescribeSaga";

pub(super) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    vec![
        shared("operations::a_saga_is_listed_counted_and_shown", system, a_saga_is_listed_counted_and_shown),
        shared(
            "operations::the_sagas_of_an_order_are_listed_together",
            system,
            the_sagas_of_an_order_are_listed_together,
        ),
        shared("operations::a_definition_has_the_waits_of_its_lane", system, a_definition_has_the_waits_of_its_lane),
    ]
}

fn operator(system: &System) -> Result<Client> {
    system.caller("olga", Person::Operator.permissions())
}

/// What the list shows of the order's saga, and the counts, once an index that lags behind has it.
async fn listed(operator: &Client, wanted: &Value) -> Result<(Value, Value)> {
    let deadline = Deadline::soon();
    loop {
        let mut asked = wanted.clone();
        loop {
            let page = operator.call(LIST_SAGAS, &asked, None).await?.ok()?;
            if let Some(saga) = page["sagas"].as_array().and_then(|sagas| sagas.first()) {
                return Ok((saga.clone(), page["counts"].clone()));
            }
            match page["nextPageToken"].as_str() {
                Some(token) => asked["pageToken"] = json!(token),
                None => break,
            }
        }
        deadline.wait_or(|| format!("no saga is listed for {wanted}")).await?;
    }
}

async fn a_saga_is_listed_counted_and_shown(system: Arc<System>) -> Result<()> {
    let product = format!("watched-{}", Uuid::new_v4());
    system.stocked(&product, 10).await?;
    let (anna, olga) = (system.customer("watched")?, operator(&system)?);
    let order_id = anna.place(&product, 1, Card::Declined).await?;
    let found = anna.settled(&order_id, 1).await?;
    let wanted = json!({
        "states": ["SAGA_STATE_COMPENSATED"], "saga": "create-order", "step": "reject-order", "text": order_id.to_uppercase(),
        "startedAfter": found["order"]["createdAt"], "withCounts": true,
    });
    let (listed, counts) = listed(&olga, &wanted).await?;
    let event = ids::event(&order_id, 1, 0);
    let saga = ids::saga(event);
    ensure!(listed["sagaId"] == saga.to_string() && listed["subject"] == order_id.as_str(), "{listed:#}");
    ensure!(listed["state"] == "SAGA_STATE_COMPENSATED" && listed["reason"] == "CARD_DECLINED", "{listed:#}");
    ensure!(listed["latest"]["name"] == "reject-order" && listed["turnedAt"] == "authorize-card", "{listed:#}");
    let counted = counts.as_array().context("counts")?;
    let of_state = counted.iter().find(|count| count["state"] == "SAGA_STATE_COMPENSATED").context("a count")?;
    ensure!(counted.len() == 5 && of_state["sagas"].as_u64().is_some_and(|sagas| sagas >= 1), "{counts:#}");

    let shown = olga.call(GET_SAGA, &json!({"sagaId": saga}), None).await?.ok()?["saga"].take();
    ensure!(shown["subject"] == order_id.as_str() && shown["remaining"].is_null(), "{shown:#}");
    ensure!(shown["startedBy"] == json!({"messageId": event, "type": "order.v1.OrderCreated"}), "{shown:#}");
    let commands = shown["commands"].as_array().context("commands")?;
    let steps = found["sagas"][0]["steps"].as_array().context("steps")?;
    ensure!(commands.len() == steps.len() && !steps.is_empty(), "{shown:#} and {found:#}");
    for (command, step) in commands.iter().zip(steps) {
        let name = step["name"].as_str().context("a name")?;
        let id = ids::command(saga, name);
        ensure!(command["name"] == name && command["reason"] == step["reason"], "{command:#} and {step:#}");
        ensure!(
            command["sentAt"][0] == step["sentAt"] && command["endedAt"] == step["endedAt"],
            "{command:#}, {step:#}"
        );
        let message_ids = (command["commandId"].clone(), command["replyId"].clone());
        ensure!(message_ids == (json!(id), json!(ids::reply(id))), "{command:#}");
    }
    let nobodys = json!({"sagaId": "00000000-0000-5000-8000-000000000000"});
    let refused = olga.call(GET_SAGA, &nobodys, None).await?;
    ensure!(refused.status == 404, "{}", refused.body);
    let refused = anna.call(GET_SAGA, &json!({"sagaId": saga}), None).await?;
    ensure!(refused.status == 403, "a customer sees what operators see: {}", refused.body);
    Ok(())
}

/// Each saga has records of its own, in the Step Functions lane a state machine: the list is made of all of them.
async fn the_sagas_of_an_order_are_listed_together(system: Arc<System>) -> Result<()> {
    let product = format!("canceled-{}", Uuid::new_v4());
    system.stocked(&product, 10).await?;
    let (anna, olga) = (system.customer("related")?, operator(&system)?);
    let order_id = anna.place(&product, 1, Card::Good).await?;
    let placed = anna.settled(&order_id, 1).await?;
    anna.cancel(&order_id).await?.ok()?;
    anna.settled(&order_id, 2).await?;
    let both =
        json!({"text": order_id, "startedAfter": placed["order"]["createdAt"], "states": ["SAGA_STATE_COMPLETED"]});
    let deadline = Deadline::soon();
    let sagas = loop {
        let mut page = olga.call(LIST_SAGAS, &both, None).await?.ok()?;
        let sagas = page["sagas"].take();
        if sagas.as_array().is_some_and(|sagas| sagas.len() == 2) {
            break sagas;
        }
        deadline.wait_or(|| format!("two sagas of {order_id} are not listed: {sagas:#}")).await?;
    };
    for (saga, name) in sagas.as_array().into_iter().flatten().zip(["cancel-order", "create-order"]) {
        ensure!(saga["name"] == name && saga["subject"] == order_id.as_str(), "the latest comes first: {sagas:#}");
        let shown = olga.call(GET_SAGA, &json!({"sagaId": saga["sagaId"]}), None).await?.ok()?["saga"].take();
        ensure!(shown["name"] == name && shown["subject"] == order_id.as_str(), "{shown:#}");
    }
    Ok(())
}

async fn a_definition_has_the_waits_of_its_lane(system: Arc<System>) -> Result<()> {
    let asked = json!({"name": "create-order"});
    let by_operator = operator(&system)?.get(DESCRIBE_SAGA, &asked).await?.ok()?;
    let by_customer = system.customer("curious")?.call(DESCRIBE_SAGA, &asked, None).await?.ok()?;
    ensure!(by_operator == by_customer, "{by_operator:#} and {by_customer:#}");
    let first = &by_operator["definitions"][0]["commands"][0];
    let expected = match system.lane() {
        Lane::Rust => json!(["10s", "20s", "40s", "80s"]),
        // A task waits equally long at each attempt, and a second between two.
        Lane::StepFunctions => json!(["37s", "37s", "37s", "36s"]),
    };
    ensure!(first["name"] == "create-ticket" && first["waits"] == expected, "{first:#}");
    Ok(())
}
