//! The RPCs as their functions serve them, over tables with a restaurant, and how each is asked.

use std::ops::Deref;

use anyhow::{Context, Result};
use connectrpc::IdempotencyLevel;
use kitchen::StoredStock;
use kitchen::domain::{Available, ProductId, Shards, Stock, Ticket};
use messaging::{Aggregate, Record, Store as _, Write};
use orchestration::SagaInstance;
use order::domain::{Order, Product};
use serde_json::{Value, json};
use testkit::{MemoryDatabase, MemoryStore};
use tests::{Keys, gate};

/// Who has an order.
pub(super) const ANNA: &str = "auth0|anna";
/// The order, and its ticket.
const ORDER: &str = "3f1d2b60-6f0e-5a53-9f57-2f3d5c1b7a10";
const PRODUCT: &str = "margherita";
/// A saga, whoever's order it is about.
const SAGA: &str = "3d08009b-2ad0-58a9-a2de-66834c02bcb3";
const APPROVAL_LIMIT: i64 = 100_000;
const TABLES: [&str; 6] = ["authorizations", "orders", "products", "sagas", "stock", "tickets"];

/// The tables of all services.
pub(super) struct Stage {
    database: MemoryDatabase,
}

impl Stage {
    /// A restaurant with a product, its stock, a ticket and a saga. Anna's order is there, or there was never one.
    pub(super) async fn new(with_order: bool) -> Result<Self> {
        let stage = Self { database: MemoryDatabase::default() };
        let price = json!({"currency": "EUR", "minor_units": 1150});
        let product: Product = serde_json::from_value(json!({"name": "Pizza Margherita", "unit_price": price}))?;
        stage.put("products", PRODUCT, &product).await?;
        let stock = Stock { product: ProductId::parse(PRODUCT)?, available: Available::new(7)? };
        stage.put("stock", PRODUCT, &StoredStock::counted(&stock, Shards::ONE, None)).await?;
        let items = json!([{"product": PRODUCT, "quantity": 2}]);
        let at = "2026-11-23T07:00:00.123Z";
        let ticket = json!({"order_id": ORDER, "status": "APPROVED", "items": items, "created_at": at});
        stage.put("tickets", ORDER, &serde_json::from_value::<Ticket>(ticket)?).await?;
        let saga = include_str!("../../../../shared/services/order/fixtures/saga.1.running.json");
        stage.put("sagas", SAGA, &serde_json::from_str::<SagaInstance>(saga)?).await?;
        if with_order {
            let order = json!({
                "id": ORDER, "customer": ANNA, "status": {"name": "APPROVED"}, "created_at": at, "sagas": [],
                "items": [{"product": PRODUCT, "quantity": 2, "unit_price": price}],
                "total": {"currency": "EUR", "minor_units": 2300}, "fingerprint": "8f1d2b60-6f0e-5a53-9f57-2f3d5c1b7a11",
            });
            stage.put("orders", ORDER, &serde_json::from_value::<Order>(order)?).await?;
        }
        Ok(stage)
    }

    fn table(&self, name: &str) -> MemoryStore {
        self.database.table(name)
    }

    async fn put<A: Aggregate>(&self, table: &str, key: &str, what: &A) -> Result<()> {
        let record = Record::of(key.to_owned(), 1, what)?;
        self.table(table).save(&Write::of(record)).await.context("a save")
    }

    /// Anna's order as it is stored.
    pub(super) fn annas_order(&self) -> Option<Record> {
        self.table("orders").peek(ORDER)
    }

    /// Everything that is stored.
    pub(super) fn items(&self) -> Vec<(&'static str, Vec<Record>)> {
        TABLES.map(|name| (name, self.table(name).peek_all())).into()
    }
}

/// An RPC at its function's edge, and how it is asked.
pub(super) struct Door {
    served: tests::Door,
    /// A request that Anna is answered, about her order where it is about an order. It has every field that has a limit.
    pub(super) good: Value,
}

impl Deref for Door {
    type Target = tests::Door;

    fn deref(&self) -> &tests::Door {
        &self.served
    }
}

impl Door {
    /// Whether calls change something.
    pub(super) fn changes(&self) -> bool {
        self.level != IdempotencyLevel::NoSideEffects
    }

    /// What the function answers to an event.
    pub(super) async fn answer(&self, event: Value) -> Value {
        self.edge.answer(event).await
    }
}

/// The doors to every RPC over these tables. A new RPC gets a line here.
pub(super) async fn doors(stage: &Stage) -> Result<Vec<Door>> {
    let price = json!({"currency": "EUR", "minorUnits": "1150"});
    let items = json!([{"productId": PRODUCT, "quantity": 2, "unitPrice": price}]);
    let page = json!({"pageSize": 10, "pageToken": ""});
    let id = json!({"orderId": ORDER});
    let sagas = json!({
        "states": ["SAGA_STATE_RUNNING"], "saga": "test", "step": "approve-ticket", "text": "3D08", "withCounts": true,
        "startedAfter": "1970-01-01T00:00:00Z", "startedBefore": "2026-01-02T03:04:05Z", "pageSize": 10, "pageToken": "",
    });
    let goods = [
        ("CreateOrder", json!({"items": items, "cardToken": "tok_visa"})),
        ("CancelOrder", id.clone()),
        ("FindOrder", id.clone()),
        ("ListOrders", page.clone()),
        ("ListProducts", page),
        ("ListTickets", json!({"status": "TICKET_STATUS_APPROVED", "pageSize": 10, "pageToken": ""})),
        ("StartTicket", id),
        ("SetStock", json!({"productId": PRODUCT, "available": 3})),
        ("ListStock", json!({"productIds": [PRODUCT]})),
        ("ListSagas", sagas),
        ("GetSaga", json!({"sagaId": SAGA})),
        ("DescribeSaga", json!({"name": "create-order", "version": 1})),
    ];
    let mut doors = Vec::new();
    for (rpc, good) in goods {
        let gate = gate(Keys::Published, contracts::API.policy).await?;
        let served = tests::Door::to(rpc, gate, |name| stage.table(name), APPROVAL_LIMIT)?;
        doors.push(Door { served, good });
    }
    Ok(doors)
}
