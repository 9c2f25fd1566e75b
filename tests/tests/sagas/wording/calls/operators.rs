//! What operators ask, and what they may not.

use anyhow::{Context, Result};
use buffa_types::google::protobuf::Timestamp;
use contracts::operations_api::v1::{DescribeSagaRequest, ListSagasRequest, SagaState};
use orchestration::Lane;
use serde_json::json;
use testkit::builders::at;

use crate::wording::restaurant::{ANNA, OPERATOR, Restaurant};

/// Lists by each wish and page by page, what sagas are made of, and a saga that this version of the code cannot read.
pub(super) async fn look(restaurant: &mut Restaurant, order_id: &str) -> Result<()> {
    let of_order = ListSagasRequest { text: order_id.to_uppercase(), ..Default::default() };
    let listed = restaurant.list_sagas(of_order).await?.context("a page")?;
    pages(restaurant).await?;
    refused(restaurant).await?;
    describe(restaurant).await?;
    let saga = listed.sagas.first().context("a saga")?.saga_id.clone();
    let table = restaurant.database.table("sagas");
    let mut item = serde_json::to_value(table.peek(&saga).context("a saga")?)?;
    item["schema"] = json!(99);
    table.plant(&saga, item);
    restaurant.list_sagas(ListSagasRequest { page_size: 100, ..Default::default() }).await?;
    restaurant.get_saga(&saga).await
}

async fn pages(restaurant: &mut Restaurant) -> Result<()> {
    let states = [SagaState::Compensated, SagaState::Completed, SagaState::Running].map(Into::into).to_vec();
    let time = |seconds: i64| Timestamp::from_unix(at(seconds).unix_timestamp(), 0).into();
    let wishes = ListSagasRequest {
        states,
        saga: "create-order".to_owned(),
        step: "reject-order".to_owned(),
        started_after: time(0),
        started_before: time(3_600),
        text: "Card_".to_owned(),
        page_size: 1,
        ..Default::default()
    };
    let first = restaurant.list_sagas(wishes.clone()).await?.context("a page")?;
    restaurant.list_sagas(ListSagasRequest { page_token: first.next_page_token, ..wishes }).await?;
    Ok(())
}

/// What is wrong with a request, and a saga that there never was.
async fn refused(restaurant: &mut Restaurant) -> Result<()> {
    for request in [
        json!({"states": ["SAGA_STATE_STUCK", "SAGA_STATE_UNKNOWN", "SAGA_STATE_STUCK"]}),
        json!({"states": ["SAGA_STATE_COMPENSATING"], "startedAfter": "2026-01-01T00:00:01Z", "startedBefore": "2026-01-01T00:00:00Z"}),
        json!({"pageSize": 101}),
        json!({"pageToken": "another"}),
    ] {
        restaurant.list_sagas(serde_json::from_value(request)?).await?;
    }
    for saga_id in ["00000000-0000-5000-8000-000000000000", "7"] {
        restaurant.get_saga(saga_id).await?;
    }
    Ok(())
}

async fn describe(restaurant: &mut Restaurant) -> Result<()> {
    let describe = |lane| operations::api::DescribeSaga::new(order::sagas::registry(), lane);
    restaurant.ask(&describe(Lane::Rust), ANNA, DescribeSagaRequest::default()).await?;
    for (name, version) in [("create-order", 1), ("create-order", 7), ("", -1)] {
        let request = DescribeSagaRequest { name: name.to_owned(), version, ..Default::default() };
        restaurant.ask(&describe(Lane::StepFunctions), OPERATOR, request).await?;
    }
    Ok(())
}
