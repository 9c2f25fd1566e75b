//! All three services and the orchestrator in memory, on a virtual clock.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use contracts::kitchen_api::v1::SetStockRequest;
use contracts::order_api::v1::{FindOrderRequest, FindOrderResponse, SagaState};
use kitchen::domain::{Available, ProductId, Shards, Stock, Ticket};
use kitchen::{StoredStock, shard_key};
use messaging::{Aggregate as _, Record, Store as _, Write, ids};
use orchestration::{RecordedCatalog, RecordedSagas, SagaInstance};
use order::domain::{Order, Product};
use rpc::{Call, Caller, Entry, ErrorCode, Facts, Mutation, Query as _, RpcError, execute};
use serde_json::{Value, json};
use testkit::{Bus, Faults, MemoryDatabase, MemoryStore, Schedule};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::menu::{Dish, MENU};
use crate::provider::Provider;
use crate::reasons;
use crate::redrive::redrive_policies;
use crate::services::{connect, services};

/// Every table of the system.
pub(crate) const TABLES: [&str; 6] = ["authorizations", "orders", "products", "sagas", "stock", "tickets"];
/// Orders above it are refused: it is more than every dish of the menu twenty times.
pub(crate) const APPROVAL_LIMIT: i64 = 200_000;
const STAFF: &str = "auth0|cook";
/// How often a call is repeated at once before its caller gives up.
const PATIENCE: usize = 30;

/// The whole system.
pub(crate) struct World {
    pub(crate) bus: Bus,
    pub(crate) shop: Shop,
}

/// What can be called and looked at while messages are delivered. Clones share everything.
#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) provider: Arc<Provider>,
    database: MemoryDatabase,
    /// Over how many items each product's stock is spread.
    shards: Shards,
    notes: Arc<Mutex<Notes>>,
}

/// What a test has seen so far.
#[derive(Default)]
pub(crate) struct Notes {
    /// By product: how much there is, reserved or not, and the least that there ever was.
    pub(crate) stock: BTreeMap<&'static str, Counted>,
    /// By call: the content that was carried out, and its answer.
    pub(crate) answers: BTreeMap<Uuid, (Uuid, Vec<u8>)>,
    /// By call: every content that was asked for.
    asked: BTreeMap<Uuid, BTreeSet<Uuid>>,
    /// By order: the calls that canceled it.
    pub(crate) cancellations: BTreeMap<Uuid, BTreeSet<Uuid>>,
    /// The orders that are being cooked.
    pub(crate) started: BTreeSet<Uuid>,
    /// What should not have been.
    pub(crate) complaints: Vec<String>,
}

/// How much of a product there is.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counted {
    pub(crate) total: i64,
    pub(crate) least: i64,
    /// The version of the item when it was last counted.
    version: u64,
}

impl World {
    /// A fresh system whose messages come as the schedule says and whose ports meet these faults.
    pub(crate) async fn new(schedule: Schedule, faults: &Faults) -> Result<Self> {
        Self::with_shards(schedule, faults, Shards::ONE).await
    }

    /// The same, with each product's stock spread over so many shards.
    pub(crate) async fn with_shards(schedule: Schedule, faults: &Faults, shards: Shards) -> Result<Self> {
        let database = MemoryDatabase::with_faults(faults.clone());
        let mut bus = Bus::with_faults(schedule, faults.clone());
        let provider = Arc::new(Provider::default());
        connect(&mut bus, &database);
        for (queue, consumer) in services(&database, order::sagas::registry(), &provider, shards) {
            bus.register(queue, consumer);
        }
        for (queue, deliveries) in redrive_policies()? {
            bus.set_aside_after(queue, *deliveries);
        }
        let shop = Shop { provider, database, shards, notes: Arc::default() };
        for dish in &MENU {
            shop.offer(dish).await?;
        }
        Ok(Self { bus, shop })
    }
}

/// Who calls, and under which idempotency key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Who<'a> {
    pub(crate) subject: &'a str,
    pub(crate) key: &'a str,
}

impl<'a> Who<'a> {
    /// The staff, under this key.
    pub(crate) fn staff(key: &'a str) -> Self {
        Self { subject: STAFF, key }
    }
}

/// The trace of a call: every message that follows from it carries the same.
pub(crate) fn trace_of(call: Uuid) -> String {
    format!("00-{}-00f067aa0ba902b7-01", call.simple())
}

impl Shop {
    async fn offer(&self, dish: &'static Dish) -> Result<()> {
        let product: Product = serde_json::from_value(json!({
            "name": dish.id, "unit_price": {"currency": dish.currency, "minor_units": dish.price},
        }))?;
        self.table("products").save(&Write::of(Record::of(dish.id.to_owned(), 1, &product)?)).await?;
        let stock = Stock { product: ProductId::parse(dish.id)?, available: Available::new(dish.stock)? };
        let stored = StoredStock::counted(&stock, self.shards, None);
        let others = stored.beside().into_iter();
        let beside = others.map(|(ending, other)| Record::of(format!("{}{ending}", dish.id), 1, &other));
        let beside = beside.collect::<Result<_, _>>()?;
        let write = Write { beside, ..Write::of(Record::of(dish.id.to_owned(), 1, &stored)?) };
        self.table("stock").save(&write).await?;
        let counted = Counted { total: dish.stock, least: dish.stock, version: 1 };
        self.notes().stock.insert(dish.id, counted);
        Ok(())
    }

    /// Says how much of a product can still be reserved, as its staff have counted.
    pub(crate) async fn count(
        &self,
        dish: &'static Dish,
        available: i64,
        key: &str,
        now: OffsetDateTime,
    ) -> Result<(), RpcError> {
        let available = i32::try_from(available).unwrap_or(i32::MAX);
        let request = SetStockRequest { product_id: dish.id.to_owned(), available, ..Default::default() };
        let answer = self.ask(&kitchen::api::SetStock::new(self.shards), "stock", &request, Who::staff(key), now).await;
        // Nothing happens between the write and this line: whatever is reserved now was so when it was counted.
        let version = self.table("stock").peek(dish.id).map_or(0, |record| record.version);
        let reserved = self.reserved().get(dish.id).copied().unwrap_or_default();
        let mut notes = self.notes();
        let counted = notes.stock.entry(dish.id).or_default();
        if version > counted.version {
            let total = i64::from(available) + reserved;
            *counted = Counted { total, least: counted.least.min(total), version };
        }
        let stock = answer?.stock.into_option().unwrap_or_default();
        if (stock.product_id.as_str(), stock.available) != (dish.id, available) {
            notes.complaints.push(format!("{available} {} were counted, the answer says {stock:?}", dish.id));
        }
        Ok(())
    }

    /// Calls a mutation once, and checks the idempotency rule.
    pub(crate) async fn ask<M: Mutation<F>, F: Facts<M>>(
        &self,
        rpc: &M,
        table: &str,
        request: &M::Request,
        who: Who<'_>,
        now: OffsetDateTime,
    ) -> Result<M::Response, RpcError> {
        let id = ids::request(who.subject, M::SPEC.procedure, who.key);
        let fingerprint = ids::fingerprint(&buffa::Message::encode_to_vec(request));
        let caller = Caller { subject: who.subject.to_owned() };
        let call = Call { id, caller, now, trace_parent: trace_of(id) };
        self.notes().asked.entry(id).or_default().insert(fingerprint);
        let is_old = self.notes().answers.contains_key(&id);
        let answer = execute(rpc, &self.table(table), request.clone(), &call).await;
        let said = answer.as_ref().map(buffa::Message::encode_to_vec);
        let wrong = self.notes().judge(id, fingerprint, said, is_old).map(str::to_owned);
        let wrong = wrong.or_else(|| reasons::wrong(&M::SPEC, answer.as_ref().err()?));
        if let Some(wrong) = wrong {
            self.complain(format!("{} under {who:?}: {wrong}: {:?}", M::SPEC.procedure, answer.as_ref().err()));
        }
        answer
    }

    /// What FindOrder says to the order's owner.
    pub(crate) async fn find(&self, order: Uuid, subject: &str) -> Result<FindOrderResponse> {
        let sagas = RecordedSagas { registry: order::sagas::registry(), instances: Arc::new(self.table("sagas")) };
        let rpc = order::api::FindOrder::new(Arc::new(self.table("orders")), Arc::new(sagas));
        for _ in 0..PATIENCE {
            let request = FindOrderRequest { order_id: order.to_string(), ..Default::default() };
            match rpc.answer(request, &Caller { subject: subject.to_owned() }).await {
                Err(RpcError::Unavailable(_)) => {}
                // The sagas table is away: the order is there, and the customer asks again to see its sagas.
                Ok(found) if found.sagas.iter().any(|saga| saga.state == SagaState::SAGA_STATE_UNKNOWN) => {}
                answer => return answer.map_err(|error| anyhow::anyhow!("{error:?}")),
            }
        }
        anyhow::bail!("FindOrder was never answered")
    }

    /// What operators see of the sagas.
    pub(crate) fn catalog(&self) -> RecordedCatalog {
        let table = self.table("sagas");
        let by_state = table.index(SagaInstance::BY_STATE.partition, SagaInstance::BY_STATE.sort);
        let recorded = RecordedSagas { registry: order::sagas::registry(), instances: Arc::new(table) };
        RecordedCatalog { recorded, by_state: Arc::new(by_state) }
    }

    /// A table of the system.
    pub(crate) fn table(&self, name: &str) -> MemoryStore {
        self.database.table(name)
    }

    /// The order as it is stored.
    pub(crate) fn order(&self, id: Uuid) -> Option<Order> {
        self.table("orders").peek(&id.to_string()).and_then(|record| record.aggregate().ok())
    }

    /// The order's ticket as it is stored.
    pub(crate) fn ticket(&self, order: Uuid) -> Option<Ticket> {
        self.table("tickets").peek(&order.to_string()).and_then(|record| record.aggregate().ok())
    }

    /// How much of a product can still be reserved.
    pub(crate) fn available(&self, dish: &Dish) -> Result<i64> {
        let product = ProductId::parse(dish.id)?;
        let left = |shard| {
            let stock = self.table("stock").peek(&shard_key(&product, shard)).context("no stock")?;
            stock.attributes.get("available").and_then(Value::as_i64).context("no number")
        };
        (0..self.shards.get()).map(left).sum()
    }

    /// How much of each product tickets hold.
    pub(crate) fn reserved(&self) -> BTreeMap<String, i64> {
        use kitchen::domain::TicketStatus::{Approved, CreatePending, Preparing};
        let tickets = self.table("tickets").peek_all();
        let tickets = tickets.iter().filter_map(|record| record.aggregate::<Ticket>().ok());
        let mut reserved = BTreeMap::new();
        for ticket in tickets.filter(|ticket| matches!(ticket.status(), Approved | CreatePending | Preparing)) {
            for item in ticket.items() {
                *reserved.entry(item.product.to_string()).or_default() += i64::from(item.quantity);
            }
        }
        reserved
    }

    /// Notes what should not have been.
    pub(crate) fn complain(&self, what: String) {
        self.notes().complaints.push(what);
    }

    /// What was noted so far.
    pub(crate) fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Notes {
    /// What is wrong with an answer, seeing what the same call was answered before; `is_old` when that was before this
    /// attempt began. Whose order it is comes first: a stranger's is not found under any key.
    fn judge(
        &mut self,
        call: Uuid,
        content: Uuid,
        answer: Result<Vec<u8>, &RpcError>,
        is_old: bool,
    ) -> Option<&'static str> {
        let is_reused =
            matches!(answer, Err(RpcError::Refused { reason: Entry { name: "IDEMPOTENCY_KEY_REUSED", .. }, .. }));
        match (self.answers.get(&call), answer) {
            (
                _,
                Err(
                    RpcError::Unavailable(_)
                    | RpcError::Refused { reason: Entry { code: Some(ErrorCode::NotFound), .. }, .. },
                ),
            ) => None,
            (Some((known, _)), Ok(_)) if *known != content => Some("the key serves another content"),
            (Some((known, _)), Err(_)) if *known != content => {
                (is_old && !is_reused).then_some("the key is not said to be used")
            }
            (Some((_, before)), Ok(said)) => (*before != said).then_some("a repeat is answered otherwise"),
            (Some(_), Err(_)) => (is_old || is_reused).then_some("a repeat is refused"),
            (None, Ok(said)) => {
                self.answers.insert(call, (content, said));
                None
            }
            (None, Err(_)) if is_reused => {
                let is_alone = self.asked.get(&call).is_none_or(|contents| contents.len() < 2);
                is_alone.then_some("a fresh key is refused")
            }
            (None, Err(_)) => None,
        }
    }
}
