//! All services in memory, with three products on the menu, and a record of every message and every call.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, anyhow};
use async_trait::async_trait;
use billing::gateway::{IdempotencyKey, Sandbox};
use contracts::kitchen_api::v1::SetStockRequest;
use contracts::operations_api::v1::{GetSagaRequest, ListSagasRequest, ListSagasResponse};
use contracts::order_api::v1::{CancelOrderRequest, CreateOrderRequest, FindOrderRequest, create_order_request::Item};
use kitchen::StoredStock;
use kitchen::domain::ProductId;
use messaging::{Envelope, Failure, Outbound, Record, Store as _, Write, ids};
use orchestration::{RecordedSagas, Registry};
use order::domain::Product;
use rpc::{Call, Caller, Facts, Mutation, Query, execute};
use serde_json::{Value, json};
use testkit::{Bus, Consumer, MemoryDatabase, MemoryStore, Schedule};
use time::{Duration, OffsetDateTime};

use super::journal::{Called, Heard};
use crate::services::{connect, services};

/// Who orders.
pub(super) const ANNA: &str = "auth0|anna";
/// Who cooks.
pub(super) const COOK: &str = "auth0|cook";
/// Who watches the sagas.
pub(super) const OPERATOR: &str = "auth0|operator";
/// Not the euro, so that a currency that stands in the code instead of the catalogue is seen.
pub(super) const CURRENCY: &str = "CHF";
/// What is on the menu: product, name, price in minor units.
pub(super) const MENU: [(&str, &str, i64); 3] =
    [("margherita", "Pizza Margherita", 1150), ("tiramisu", "Tiramisù", 690), ("espresso", "Espresso", 295)];
/// What Anna orders: product and quantity.
pub(super) const BASKET: [(&str, i32); 3] = [("margherita", 2), ("tiramisu", 3), ("espresso", 4)];
/// How much there is of each product at first.
pub(super) const STOCK: [(&str, i32); 3] = [("margherita", 10), ("tiramisu", 12), ("espresso", 20)];
/// The trace that every call belongs to.
const TRACE: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
/// How much later than the one before it each message is handled, so that no two times are the same by chance.
const PACE: Duration = Duration::milliseconds(137);
/// Where the events arrive that start no saga.
const SUBSCRIBER: &str = "subscriber";

/// The whole system.
pub(super) struct Restaurant {
    pub(super) bus: Bus,
    pub(super) database: MemoryDatabase,
    pub(super) calls: Vec<Called>,
    heard: Arc<Mutex<Vec<Heard>>>,
    gateway: Arc<Sandbox>,
}

/// Writes down what comes to a queue before its consumer gets it.
struct Listening<C> {
    consumer: C,
    queue: String,
    heard: Arc<Mutex<Vec<Heard>>>,
}

#[async_trait]
impl<C: Consumer> Consumer for Listening<C> {
    async fn consume(&self, message: &Envelope, outbound: &dyn Outbound, now: OffsetDateTime) -> Result<(), Failure> {
        let (to, body) = (self.queue.clone(), message.to_json()?);
        let body = serde_json::from_str(&body).map_err(Failure::set_aside)?;
        let at = {
            let mut heard = lock(&self.heard);
            let at = later(now, heard.len());
            heard.push(Heard { at, to, body });
            at
        };
        self.consumer.consume(message, outbound, at).await
    }
}

fn lock(heard: &Mutex<Vec<Heard>>) -> MutexGuard<'_, Vec<Heard>> {
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The time after so many messages.
fn later(now: OffsetDateTime, messages: usize) -> OffsetDateTime {
    now + PACE * i32::try_from(messages).unwrap_or(i32::MAX)
}

/// Somebody who only listens.
struct Subscriber;

#[async_trait]
impl Consumer for Subscriber {
    async fn consume(&self, _: &Envelope, _: &dyn Outbound, _: OffsetDateTime) -> Result<(), Failure> {
        Ok(())
    }
}

impl Restaurant {
    /// A fresh system that runs these sagas, where so much was counted of each product.
    pub(super) async fn open(stock: &[(&str, i32)], sagas: Registry) -> Result<Self> {
        let database = MemoryDatabase::default();
        let (heard, gateway) = (Arc::default(), Arc::new(Sandbox::new(Arc::new(MemoryStore::default()))));
        let bus = Bus::new(Schedule::in_order());
        let mut restaurant = Self { bus, database, calls: Vec::new(), heard, gateway };
        restaurant.hire(sagas);
        for (product, name, minor_units) in MENU {
            let price = json!({"currency": CURRENCY, "minor_units": minor_units});
            let product_of: Product = serde_json::from_value(json!({"name": name, "unit_price": price}))?;
            let record = Record::of(product.to_owned(), 1, &product_of)?;
            restaurant.database.table("products").save(&Write::of(record)).await?;
        }
        for (product, available) in stock {
            let made = StoredStock::uncounted(ProductId::parse(product)?);
            let record = Record::of((*product).to_owned(), 1, &made)?;
            restaurant.database.table("stock").save(&Write::of(record)).await?;
            let request =
                SetStockRequest { product_id: (*product).to_owned(), available: *available, ..Default::default() };
            restaurant
                .call(&kitchen::api::SetStock::new(kitchen::domain::Shards::ONE), "stock", COOK, &request)
                .await?;
        }
        Ok(restaurant)
    }

    fn hire(&mut self, sagas: Registry) {
        connect(&mut self.bus, &self.database);
        for event in ["OrderApproved", "OrderRejected", "OrderCanceled", "CancellationRejected"] {
            self.bus.subscribe(&format!("order.v1.{event}"), SUBSCRIBER);
        }
        self.register(SUBSCRIBER, Subscriber);
        for (queue, consumer) in services(&self.database, sagas, &self.gateway, kitchen::domain::Shards::ONE) {
            self.register(queue, consumer);
        }
    }

    fn register(&mut self, queue: &str, consumer: impl Consumer + 'static) {
        let listening = Listening { consumer, queue: queue.to_owned(), heard: Arc::clone(&self.heard) };
        self.bus.register(queue, listening);
    }

    /// Calls a mutation under a key of its own; a refusal is an answer as well.
    pub(super) async fn call<M: Mutation<F>, F: Facts<M>>(
        &mut self,
        rpc: &M,
        table: &str,
        subject: &str,
        request: &M::Request,
    ) -> Result<Option<M::Response>> {
        let call = Call {
            id: ids::request(subject, M::SPEC.procedure, &self.calls.len().to_string()),
            caller: Caller { subject: subject.to_owned() },
            now: later(self.bus.now(), self.heard().len()),
            trace_parent: TRACE.to_owned(),
        };
        let answer = execute(rpc, &self.database.table(table), request.clone(), &call).await;
        self.calls.push(Called::of(M::SPEC.procedure, subject, request, &answer)?);
        Ok(answer.ok())
    }

    /// Calls a query; a refusal is an answer as well.
    pub(super) async fn ask<Q: Query>(
        &mut self,
        rpc: &Q,
        subject: &str,
        request: Q::Request,
    ) -> Result<Option<Q::Response>> {
        let answer = rpc.answer(request.clone(), &Caller { subject: subject.to_owned() }).await;
        self.calls.push(Called::of(Q::SPEC.procedure, subject, &request, &answer)?);
        Ok(answer.ok())
    }

    /// Anna orders this with this card; gives the order's id. Nothing is delivered yet.
    pub(super) async fn place(&mut self, basket: &[(&str, i32)], card: &str) -> Result<String> {
        let item = |(product, quantity): &(&str, i32)| Item {
            product_id: (*product).to_owned(),
            quantity: *quantity,
            ..Default::default()
        };
        let items = basket.iter().map(item).collect();
        let request = CreateOrderRequest { items, card_token: card.to_owned(), ..Default::default() };
        let rpc = self.create_order();
        let response = self.call(&rpc, "orders", ANNA, &request).await?.context("the order was refused")?;
        Ok(response.order.as_option().context("no order")?.order_id.clone())
    }

    /// CreateOrder over this menu.
    pub(super) fn create_order(&self) -> order::api::CreateOrder {
        order::api::CreateOrder::new(Arc::new(self.database.table("products")), 100_000)
    }

    /// Anna asks to cancel her order.
    pub(super) async fn cancel(&mut self, order_id: &str) -> Result<()> {
        let request = CancelOrderRequest { order_id: order_id.to_owned(), ..Default::default() };
        self.call(&order::api::CancelOrder, "orders", ANNA, &request).await?;
        Ok(())
    }

    /// Anna looks at her order.
    pub(super) async fn find(&mut self, order_id: &str) -> Result<()> {
        let instances = Arc::new(self.database.table("sagas"));
        let sagas = Arc::new(RecordedSagas { registry: order::sagas::registry(), instances });
        let find = order::api::FindOrder::new(Arc::new(self.database.table("orders")), sagas);
        let request = FindOrderRequest { order_id: order_id.to_owned(), ..Default::default() };
        self.ask(&find, ANNA, request).await?;
        Ok(())
    }

    /// The operator looks at a list of sagas.
    pub(super) async fn list_sagas(&mut self, request: ListSagasRequest) -> Result<Option<ListSagasResponse>> {
        let list = operations::api::ListSagas::new(tests::catalog(&self.database.table("sagas")));
        self.ask(&list, OPERATOR, request).await
    }

    /// The operator looks at a saga.
    pub(super) async fn get_saga(&mut self, saga_id: &str) -> Result<()> {
        let get = operations::api::GetSaga::new(tests::catalog(&self.database.table("sagas")));
        let request = GetSagaRequest { saga_id: saga_id.to_owned(), ..Default::default() };
        self.ask(&get, OPERATOR, request).await?;
        Ok(())
    }

    /// The operator looks at all sagas, and then at each.
    pub(super) async fn watch(&mut self) -> Result<()> {
        let all = ListSagasRequest { with_counts: true, ..Default::default() };
        let listed = self.list_sagas(all).await?.context("a page")?;
        for saga in listed.sagas {
            self.get_saga(&saga.saga_id).await?;
        }
        Ok(())
    }

    /// Everything that came to a queue, in order.
    pub(super) fn heard(&self) -> Vec<Heard> {
        lock(&self.heard).clone()
    }

    /// What the gateway holds for an order: minor units and currency.
    pub(super) fn held(&self, order_id: &str) -> Result<Option<(i64, String)>> {
        let held = self.gateway.held(&IdempotencyKey::of_order(order_id.parse()?));
        Ok(held.map(|money| (money.minor_units(), money.currency().to_string())))
    }

    /// What can still be reserved of each product that was counted.
    pub(super) fn stock(&self) -> Result<Vec<(String, i64)>> {
        let records = STOCK.iter().filter_map(|(product, _)| self.database.table("stock").peek(product));
        let of = |record: Record| {
            let available = record.attributes.get("available").and_then(Value::as_i64).context("no number")?;
            Ok((record.key, available))
        };
        records.map(of).collect()
    }

    /// The state of an item as it is stored.
    pub(super) fn stored(&self, table: &str, key: &str) -> Result<Value> {
        let record = self.database.table(table).peek(key);
        record.map(|record| record.state).ok_or_else(|| anyhow!("there is no {key} in {table}"))
    }
}
