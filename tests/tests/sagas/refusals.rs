//! What every RPC says of a request that is too large, and of a call that is refused and repeated.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Result, bail};
use contracts::API;
use messaging::{Record, Store as _, Write, ids};
use orchestration::{Lane, RecordedSagas};
use order::domain::{Order, Product};
use rpc::{Call, Caller, Facts, Mutation, Query, RpcError, execute};
use serde_json::{Value, json};
use testkit::MemoryDatabase;
use testkit::builders::at;
use uuid::Uuid;
use wire::WireMessage;
use wire::shape::{Shaped, faults};

const ANNA: &str = "auth0|anna";
/// As long as a request may be.
const LONG: usize = 1024 * 1024;
/// More than any refusal needs.
const SHORT: usize = 4096;

/// A refusal: its reason, and what the caller is told.
type Told = (&'static str, Vec<u8>);

fn told<R>(answer: Result<R, RpcError>) -> Option<Told> {
    answer.err().map(|refused| (refused.reason().name, refused.into_connect(API.error_domain).to_json().to_vec()))
}

/// What is told of a request: first by the contract's check, as at the edge, then by the RPC itself, which must not rely on it.
async fn told_of<M: WireMessage + Shaped, R>(
    request: &Value,
    call: impl AsyncFnOnce(M) -> Result<R, RpcError>,
) -> Vec<Told> {
    let faults = faults(request, M::SHAPE);
    let by_the_contract = if faults.is_empty() { Ok(()) } else { Err(RpcError::Invalid(faults)) };
    let by_the_rpc = match serde_json::from_value(request.clone()) {
        Ok(message) => told(call(message).await),
        // The contract's check has refused it; nobody else sees it.
        Err(_) => None,
    };
    told(by_the_contract).into_iter().chain(by_the_rpc).collect()
}

fn caller() -> Caller {
    Caller { subject: ANNA.to_owned() }
}

async fn change<M: Mutation<F>, F: Facts<M>>(
    database: &MemoryDatabase,
    rpc: &M,
    table: &str,
    request: M::Request,
) -> Result<M::Response, RpcError> {
    let id = ids::request(ANNA, M::SPEC.procedure, "key");
    let call = Call { caller: caller(), id, now: at(0), trace_parent: String::new() };
    execute(rpc, &database.table(table), request, &call).await
}

/// What each RPC says of this request.
async fn told_by(rpc: &str, database: &MemoryDatabase, request: &Value) -> Result<Vec<Told>> {
    let table = |name: &str| Arc::new(database.table(name));
    Ok(match rpc {
        "CreateOrder" => {
            told_of(request, async |request| change(database, &create_order(database), "orders", request).await).await
        }
        "CancelOrder" => {
            told_of(request, async |request| change(database, &order::api::CancelOrder, "orders", request).await).await
        }
        "FindOrder" => {
            let sagas = RecordedSagas { registry: order::sagas::registry(), instances: table("sagas") };
            let find = order::api::FindOrder::new(table("orders"), Arc::new(sagas));
            told_of(request, async |request| find.answer(request, &caller()).await).await
        }
        "ListOrders" => {
            let list = order::api::ListOrders::new(Arc::new(table("orders").index("customer", "created_at")));
            told_of(request, async |request| list.answer(request, &caller()).await).await
        }
        "ListProducts" => {
            let list = order::api::ListProducts::new(table("products"));
            told_of(request, async |request| list.answer(request, &caller()).await).await
        }
        "ListTickets" => {
            let list = kitchen::api::ListTickets::new(Arc::new(table("tickets").index("status", "created_at")));
            told_of(request, async |request| list.answer(request, &caller()).await).await
        }
        "StartTicket" => {
            told_of(request, async |request| change(database, &kitchen::api::StartTicket, "tickets", request).await)
                .await
        }
        "SetStock" => {
            let rpc = kitchen::api::SetStock::new(kitchen::domain::Shards::ONE);
            told_of(request, async |request| change(database, &rpc, "stock", request).await).await
        }
        "ListStock" => {
            let list = kitchen::api::ListStock::new(table("stock"));
            told_of(request, async |request| list.answer(request, &caller()).await).await
        }
        "ListSagas" => {
            let list = operations::api::ListSagas::new(tests::catalog(&database.table("sagas")));
            told_of(request, async |request| list.answer(request, &caller()).await).await
        }
        "GetSaga" => {
            let get = operations::api::GetSaga::new(tests::catalog(&database.table("sagas")));
            told_of(request, async |request| get.answer(request, &caller()).await).await
        }
        "DescribeSaga" => {
            let describe = operations::api::DescribeSaga::new(order::sagas::registry(), Lane::Rust);
            told_of(request, async |request| describe.answer(request, &caller()).await).await
        }
        other => bail!("there is no RPC {other}"),
    })
}

fn create_order(database: &MemoryDatabase) -> order::api::CreateOrder {
    order::api::CreateOrder::new(Arc::new(database.table("products")), 2_000)
}

/// Each RPC with a text of a megabyte in each place that can hold a text.
fn too_much() -> Vec<(&'static str, Value)> {
    let long = "x".repeat(LONG);
    let order = |product: &str, currency: &str, token: &str| {
        let price = json!({"currency": currency, "minorUnits": "1"});
        json!({"items": [{"productId": product, "quantity": 1, "unitPrice": price}], "cardToken": token})
    };
    let many = vec![json!({"productId": long[..64], "quantity": -1, "unitPrice": {"currency": "xxxx"}}); 5_000];
    vec![
        ("CreateOrder", order(&long, "EUR", "tok")),
        ("CreateOrder", order("tea", &long, "tok")),
        ("CreateOrder", order("tea", "EUR", &long)),
        ("CreateOrder", json!({"items": many, "cardToken": "tok"})),
        ("CreateOrder", json!({"items": many[..50], "cardToken": long})),
        ("CreateOrder", json!({"items": [{"productId": "tea", "quantity": long}], "cardToken": "tok"})),
        ("CancelOrder", json!({"orderId": long})),
        ("FindOrder", json!({"orderId": long})),
        ("ListOrders", json!({"pageToken": long})),
        ("ListOrders", json!({"pageSize": long})),
        ("ListProducts", json!({"pageToken": long})),
        ("ListTickets", json!({"pageToken": long})),
        ("ListTickets", json!({"status": long})),
        ("StartTicket", json!({"orderId": long})),
        ("SetStock", json!({"productId": long, "available": 1})),
        ("SetStock", json!({"productId": "tea", "available": long})),
        ("ListStock", json!({"productIds": [long]})),
        ("ListStock", json!({"productIds": vec![&long[..9]; 100_000]})),
        ("ListSagas", json!({"states": [long]})),
        ("ListSagas", json!({"states": vec![1; 500_000]})),
        ("ListSagas", json!({"saga": long})),
        ("ListSagas", json!({"step": long})),
        ("ListSagas", json!({"text": long})),
        ("ListSagas", json!({"startedAfter": long})),
        ("ListSagas", json!({"pageToken": long})),
        ("GetSaga", json!({"sagaId": long})),
        ("DescribeSaga", json!({"name": long})),
        ("DescribeSaga", json!({"version": long})),
    ]
}

#[tokio::test]
async fn a_request_of_a_megabyte_is_refused_in_a_few_words_that_do_not_repeat_it() -> Result<()> {
    let database = MemoryDatabase::default();
    for (rpc, request) in too_much() {
        let told = told_by(rpc, &database, &request).await?;
        let what = format!(
            "{rpc} with {}",
            request.as_object().expect("an object").keys().cloned().collect::<Vec<_>>().join(", ")
        );
        assert!(!told.is_empty(), "{what} is not refused");
        for (_, answer) in told {
            let text = String::from_utf8_lossy(&answer);
            assert!(answer.len() < SHORT, "{what}: {} bytes", answer.len());
            assert!(!text.contains(&"x".repeat(65)), "{what}: {text}");
        }
    }
    Ok(())
}

/// Each RPC that changes something, with a call that it refuses in the present state.
fn refused(locked: Uuid) -> Vec<(&'static str, Value, &'static str)> {
    let order = |items: Value| json!({"items": items, "cardToken": "tok_visa"});
    let price = json!({"currency": "EUR", "minorUnits": "99"});
    vec![
        ("CreateOrder", order(json!([{"productId": "soup", "quantity": 1}])), "UNKNOWN_PRODUCT"),
        ("CreateOrder", order(json!([{"productId": "tea", "quantity": 1, "unitPrice": price}])), "PRICE_CHANGED"),
        ("CreateOrder", order(json!([{"productId": "tea", "quantity": 1000}])), "ABOVE_APPROVAL_LIMIT"),
        ("CreateOrder", json!({"items": [{"quantity": 0}, {"productId": "T"}]}), "INVALID_REQUEST"),
        (
            "CreateOrder",
            json!({"items": [{"productId": "tea", "quantity": 1}], "cardToken": "4242424242424242"}),
            "CARD_NUMBER_SENT",
        ),
        ("CancelOrder", json!({"orderId": Uuid::from_u128(8)}), "ORDER_NOT_FOUND"),
        ("CancelOrder", json!({"orderId": locked}), "ORDER_LOCKED"),
        ("StartTicket", json!({"orderId": locked}), "TICKET_NOT_FOUND"),
        ("SetStock", json!({"productId": "soup", "available": 1}), "UNKNOWN_PRODUCT"),
    ]
}

/// An order that is being approved, and tea at three euros on the menu.
async fn opened(order_id: Uuid) -> Result<MemoryDatabase> {
    let database = MemoryDatabase::default();
    let price = json!({"currency": "EUR", "minor_units": 300});
    let tea: Product = serde_json::from_value(json!({"name": "Tea", "unit_price": price}))?;
    let stored = include_str!("../../../shared/services/order/fixtures/order.1.pending.json");
    let pending = Order { id: order_id, ..serde_json::from_str(stored)? };
    let tea = Record::of("tea".to_owned(), 1, &tea)?;
    let pending = Record::of(order_id.to_string(), 1, &pending)?;
    database.table("products").save(&Write::of(tea)).await?;
    database.table("orders").save(&Write::of(pending)).await?;
    Ok(database)
}

#[tokio::test]
async fn a_refused_call_that_is_repeated_is_refused_in_the_same_bytes() -> Result<()> {
    let locked = Uuid::from_u128(7);
    let database = opened(locked).await?;
    for (rpc, request, reason) in refused(locked) {
        let first = told_by(rpc, &database, &request).await?;
        let reasons: BTreeSet<&str> = first.iter().map(|(reason, _)| *reason).collect();
        assert_eq!(reasons, BTreeSet::from([reason]), "{rpc}: {request}");
        for _ in 0..20 {
            assert_eq!(told_by(rpc, &database, &request).await?, first, "{rpc}: {reason}");
        }
    }
    Ok(())
}
