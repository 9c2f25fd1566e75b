//! All three services and the orchestrator in memory, on a virtual clock.

use std::sync::Arc;

use anyhow::{Context, Result};
use billing::domain::Authorization;
use billing::gateway::Sandbox;
use contracts::kitchen_api::v1::{SetStockRequest, StartTicketRequest};
use contracts::order_api::v1::{CancelOrderRequest, CreateOrderRequest, create_order_request::Item};
use contracts::{Command, WireMessage};
use messaging::{Orchestrator, Participant, Record, Store as _, Write, ids};
use order::domain::{Order, Product, Status};
use rpc::{Call, Caller, Mutation, RpcError, execute};
use serde_json::{Value, json};
use testkit::{Bus, Faults, MemoryDatabase, MemoryStore, Schedule, Worker, queue_url};

/// How much of the one product there is at first.
pub(crate) const STOCK: i64 = 10;
const PRODUCT: &str = "margherita";
const SAGA_QUEUE: &str = "saga";

/// The whole system, and one customer's order in it.
pub(crate) struct World {
    pub(crate) bus: Bus,
    database: MemoryDatabase,
    calls: u32,
}

/// What the services say in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) order: String,
    pub(crate) ticket: Option<String>,
    pub(crate) card: Option<String>,
    pub(crate) stock: i64,
    /// Whether every saga about the order has come to its end.
    pub(crate) over: bool,
}

impl World {
    /// A fresh system whose messages come as the schedule says and whose ports meet these faults.
    pub(crate) async fn new(schedule: Schedule, faults: &Faults) -> Result<Self> {
        let database = MemoryDatabase::with_faults(faults.clone());
        let mut bus = Bus::with_faults(schedule, faults.clone());
        let orders = database.table("orders");
        let tickets = database.table("tickets").with_counters("stock");
        let cards = database.table("authorizations");
        let gateway = Arc::new(Sandbox::new());

        bus.relay(&orders);
        bus.subscribe("order.v1.OrderCreated", SAGA_QUEUE);
        bus.subscribe("order.v1.CancellationRequested", SAGA_QUEUE);
        let orchestrator = Orchestrator::new(order::sagas::registry(), queue_url(SAGA_QUEUE));
        bus.register(SAGA_QUEUE, Worker::new(orchestrator, database.table("sagas")));
        step(&mut bus, kitchen::steps::CreateTicket, &tickets);
        step(&mut bus, kitchen::steps::ApproveTicket, &tickets);
        step(&mut bus, kitchen::steps::RejectTicket, &tickets);
        step(&mut bus, kitchen::steps::CancelTicket, &tickets);
        step(&mut bus, order::steps::ApproveOrder, &orders);
        step(&mut bus, order::steps::RejectOrder, &orders);
        step(&mut bus, order::steps::ConfirmCancellation, &orders);
        step(&mut bus, order::steps::RejectCancellation, &orders);
        let authorize = billing::steps::AuthorizeCard::new(Arc::clone(&gateway));
        bus.register("authorize-card", Worker::new(authorize, cards.clone()));
        bus.register("cancel-card", Worker::new(billing::steps::CancelCard::new(gateway), cards));

        let mut world = Self { bus, database, calls: 0 };
        world.stock_up().await?;
        Ok(world)
    }

    async fn stock_up(&mut self) -> Result<()> {
        let product: Product = serde_json::from_value(json!({
            "name": "Pizza Margherita", "unit_price": {"currency": "EUR", "minor_units": 1150},
        }))?;
        let record = Record::of(PRODUCT.to_owned(), 1, &product)?;
        self.database.table("products").save(&Write::of(record)).await?;
        let available = i32::try_from(STOCK)?;
        let request = SetStockRequest { product_id: PRODUCT.to_owned(), available, ..Default::default() };
        self.call(&kitchen::api::SetStock, "stock", &request).await?;
        Ok(())
    }

    /// Calls a mutation as the customer, again and again until it is answered, as an app would.
    async fn call<M: Mutation>(&mut self, rpc: &M, table: &str, request: &M::Request) -> Result<M::Response> {
        self.calls += 1;
        let subject = "auth0|anna".to_owned();
        let call = Call {
            id: ids::request(&subject, M::SPEC.procedure, &self.calls.to_string()),
            fingerprint: ids::fingerprint(&buffa::Message::encode_to_vec(request)),
            caller: Caller { subject },
            now: self.bus.now(),
            trace_parent: String::new(),
        };
        for _ in 0..5 {
            match execute(rpc, &self.database.table(table), request, &call).await {
                Err(RpcError::Unavailable(_)) => {}
                answer => return answer.map_err(|error| anyhow::anyhow!("{error:?}")),
            }
        }
        anyhow::bail!("the call was never answered")
    }

    /// Places an order and returns its id; nothing is delivered yet.
    pub(crate) async fn place(&mut self, quantity: i32, card: &str) -> Result<String> {
        let item = Item { product_id: PRODUCT.to_owned(), quantity, ..Default::default() };
        let request = CreateOrderRequest { items: vec![item], card_token: card.to_owned(), ..Default::default() };
        let rpc = order::api::CreateOrder::new(Arc::new(self.database.table("products")), 100_000);
        let response = self.call(&rpc, "orders", &request).await?;
        Ok(response.order.as_option().context("an order")?.order_id.clone())
    }

    /// Asks to cancel the order.
    pub(crate) async fn cancel(&mut self, order_id: &str) -> Result<()> {
        let request = CancelOrderRequest { order_id: order_id.to_owned(), ..Default::default() };
        self.call(&order::api::CancelOrder, "orders", &request).await?;
        Ok(())
    }

    /// Starts to cook.
    pub(crate) async fn start_ticket(&mut self, order_id: &str) -> Result<()> {
        let request = StartTicketRequest { order_id: order_id.to_owned(), ..Default::default() };
        self.call(&kitchen::api::StartTicket, "tickets", &request).await?;
        Ok(())
    }

    /// What the services say now.
    pub(crate) fn end(&self, order_id: &str) -> Result<End> {
        let table = |name: &str| self.database.table(name);
        let order: Order = table("orders").peek(order_id).context("no order")?.aggregate()?;
        let ticket = table("tickets").peek(order_id).and_then(|record| attribute(&record, "status"));
        let card = table("authorizations").peek(order_id).map(|record| card_status(&record)).transpose()?;
        let stock = table("stock").peek(PRODUCT).context("no stock")?;
        let stock = stock.attributes.get("available").and_then(Value::as_i64).context("no number")?;
        let over = |saga: &uuid::Uuid| {
            let record = table("sagas").peek(&saga.to_string());
            record.is_some_and(|record| !record.state["ended_at"].is_null())
        };
        Ok(End { over: order.sagas.iter().all(over), order: words(&order.status), ticket, card, stock })
    }
}

fn step<S>(bus: &mut Bus, step: S, table: &MemoryStore)
where
    S: messaging::Step + 'static,
    S::Command: WireMessage,
    <S::Command as Command>::Refusal: Into<contracts::Refusal>,
{
    bus.register(S::Command::HANDLER, Worker::new(Participant(step), table.clone()));
}

fn attribute(record: &Record, name: &str) -> Option<String> {
    record.attributes.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn words(status: &Status) -> String {
    match status {
        Status::ApprovalPending { .. } => "APPROVAL_PENDING".to_owned(),
        Status::Approved { cancellation_refused: None } => "APPROVED".to_owned(),
        Status::Approved { cancellation_refused: Some(reason) } => format!("APPROVED after {reason}"),
        Status::Rejected { reason } => format!("REJECTED for {reason}"),
        Status::CancelPending { .. } => "CANCEL_PENDING".to_owned(),
        Status::Canceled => "CANCELED".to_owned(),
    }
}

fn card_status(record: &Record) -> Result<String> {
    Ok(match record.aggregate::<Authorization>()? {
        Authorization::Authorized { .. } => "AUTHORIZED",
        Authorization::Declined { .. } => "DECLINED",
        Authorization::Voided { .. } => "VOIDED",
    }
    .to_owned())
}
