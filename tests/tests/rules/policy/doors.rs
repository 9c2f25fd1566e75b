//! The RPCs as their functions serve them, over tables in memory: from the event to the answer, and nothing in between is a stand-in.

use std::sync::Arc;

use anyhow::{Context, Result};
use connectrpc::{IdempotencyLevel, Spec};
use kitchen::StoredStock;
use kitchen::domain::{Available, ProductId, Shards, Stock, Ticket};
use messaging::{Aggregate, Record, Store as _, Write};
use orchestration::RecordedSagas;
use order::domain::{Order, Product};
use rpc::{Facts, Mutation, Ownership, Query};
use runtime::Edge;
use serde_json::{Value, json};
use testkit::{MemoryDatabase, MemoryStore};
use wire::shape::{Shape, Shaped};

use super::callers::{clock, gate};

/// Who has an order.
pub(super) const ANNA: &str = "auth0|anna";
/// The order, and its ticket.
const ORDER: &str = "3f1d2b60-6f0e-5a53-9f57-2f3d5c1b7a10";
const PRODUCT: &str = "margherita";
const APPROVAL_LIMIT: i64 = 100_000;
const TABLES: [&str; 6] = ["authorizations", "orders", "products", "sagas", "stock", "tickets"];

/// The tables of all services.
pub(super) struct Stage {
    database: MemoryDatabase,
}

impl Stage {
    /// A restaurant with a product, its stock and a ticket. Anna's order is there, or there was never one.
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

/// An RPC at its function's edge.
pub(super) struct Door {
    /// Its path.
    pub(super) path: &'static str,
    /// What the generated code says of repeats.
    pub(super) level: IdempotencyLevel,
    /// Whose things it is about.
    pub(super) ownership: Ownership,
    /// The form of its requests.
    pub(super) shape: &'static Shape,
    /// A request that Anna is answered, about her order where it is about an order. It has every field that has a limit.
    pub(super) good: Value,
    edge: Edge,
}

impl Door {
    async fn query<Q: Query>(query: Q, good: Value) -> Result<Self>
    where
        Q::Request: Shaped,
    {
        let edge = Edge::of_query(contracts::API, gate().await?, query, clock);
        Ok(Self::of(Q::SPEC, Q::OWNERSHIP, Q::Request::SHAPE, edge, good))
    }

    async fn mutation<M, F>(mutation: M, store: MemoryStore, good: Value) -> Result<Self>
    where
        M: Mutation<F>,
        M::Request: Shaped,
        F: Facts<M>,
    {
        let edge = Edge::of_mutation(contracts::API, gate().await?, mutation, store, clock);
        Ok(Self::of(M::SPEC, M::OWNERSHIP, M::Request::SHAPE, edge, good))
    }

    fn of(spec: Spec, ownership: Ownership, shape: &'static Shape, edge: Edge, good: Value) -> Self {
        Self { path: spec.procedure, level: spec.idempotency_level, ownership, shape, good, edge }
    }

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
    let orders = || Arc::new(stage.table("orders"));
    let products = || Arc::new(stage.table("products"));
    let (customer, status) = (order::BY_CUSTOMER, kitchen::BY_STATUS);
    let by_customer = stage.table("orders").index(customer.partition, customer.sort);
    let by_status = stage.table("tickets").index(status.partition, status.sort);
    let sagas = RecordedSagas { registry: order::sagas::registry(), instances: Arc::new(stage.table("sagas")) };
    let create = order::api::CreateOrder::new(products(), APPROVAL_LIMIT);
    let find = order::api::FindOrder::new(orders(), Arc::new(sagas));
    let price = json!({"currency": "EUR", "minorUnits": "1150"});
    let items = json!([{"productId": PRODUCT, "quantity": 2, "unitPrice": price}]);
    let page = json!({"pageSize": 10, "pageToken": ""});
    let tickets = json!({"status": "TICKET_STATUS_APPROVED", "pageSize": 10, "pageToken": ""});
    let id = json!({"orderId": ORDER});
    let (ordered, counted) =
        (json!({"items": items, "cardToken": "tok_visa"}), json!({"productId": PRODUCT, "available": 3}));
    Ok(vec![
        Door::mutation(create, stage.table("orders"), ordered).await?,
        Door::mutation(order::api::CancelOrder, stage.table("orders"), id.clone()).await?,
        Door::query(find, id.clone()).await?,
        Door::query(order::api::ListOrders::new(Arc::new(by_customer)), page.clone()).await?,
        Door::query(order::api::ListProducts::new(products()), page).await?,
        Door::query(kitchen::api::ListTickets::new(Arc::new(by_status)), tickets).await?,
        Door::mutation(kitchen::api::StartTicket, stage.table("tickets"), id).await?,
        Door::mutation(kitchen::api::SetStock::new(Shards::ONE), stage.table("stock"), counted).await?,
    ])
}
