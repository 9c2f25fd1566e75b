//! A system deployed to a local AWS that the tests start themselves.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, anyhow};
use aws_sdk_sqs::types::QueueAttributeName;
use local::{Client, Deadline, Lane, LocalAws, Options, Person, Product, SignIn, Workspace};
use serde_json::Value;
use tokio::sync::RwLock;

use crate::basket::CURRENCY;

/// Starts the system of a lane for the first test that needs it; dropping it stops everything.
pub struct LazySystem {
    lane: Lane,
    started: Mutex<Option<Result<Arc<System>, String>>>,
}

impl LazySystem {
    /// The system of this lane, not yet started.
    pub fn of(lane: Lane) -> Self {
        Self { lane, started: Mutex::default() }
    }

    /// What runs its sagas.
    pub fn lane(&self) -> Lane {
        self.lane
    }

    /// The system, if a test has started it.
    pub fn started(&self) -> Option<Arc<System>> {
        let started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        started.as_ref().and_then(|system| system.clone().ok())
    }

    /// The running system.
    ///
    /// # Errors
    /// It does not start; it is tried once.
    pub fn get(&self) -> Result<Arc<System>> {
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        let start = || System::start(self.lane).map(Arc::new).map_err(|error| format!("{error:?}"));
        let system = started.get_or_insert_with(start);
        system.clone().map_err(|error| anyhow!("the system did not start: {error}"))
    }
}

/// The deployed system.
pub struct System {
    runtime: tokio::runtime::Runtime,
    aws: LocalAws,
    http: reqwest::Client,
    /// Tests that count calls or hold them back have the system to themselves.
    turns: RwLock<()>,
    dead_letters: Mutex<Vec<DeadLetter>>,
}

impl System {
    fn start(lane: Lane) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let workspace = Workspace::here();
        let aws = runtime.block_on(async {
            let options = Options::throw_away(&workspace).lane(lane).console(&workspace);
            let aws = LocalAws::start(&workspace, options.sign_in(SignIn::USUAL_LIFETIME)).await?;
            aws.offer(&Product::menu()?).await?;
            anyhow::Ok(aws)
        })?;
        Ok(Self { runtime, aws, http: reqwest::Client::new(), turns: RwLock::new(()), dead_letters: Mutex::default() })
    }

    /// Runs a test beside others.
    ///
    /// # Errors
    /// The test's.
    pub fn share<F: Future<Output = Result<()>>>(&self, test: impl FnOnce() -> F) -> Result<()> {
        self.runtime.block_on(async {
            let _turn = self.turns.read().await;
            test().await
        })
    }

    /// Runs a test alone.
    ///
    /// # Errors
    /// The test's.
    pub fn alone<F: Future<Output = Result<()>>>(&self, test: impl FnOnce() -> F) -> Result<()> {
        self.runtime.block_on(async {
            let _turn = self.turns.write().await;
            test().await
        })
    }

    /// The local AWS.
    pub fn aws(&self) -> &LocalAws {
        &self.aws
    }

    /// What runs its sagas.
    pub fn lane(&self) -> Lane {
        self.aws.lane()
    }

    /// A customer with this name.
    ///
    /// # Errors
    /// The token cannot be signed.
    pub fn customer(&self, name: &str) -> Result<Client> {
        self.caller(name, Person::Customer.permissions())
    }

    /// A cook.
    ///
    /// # Errors
    /// The token cannot be signed.
    pub fn cook(&self) -> Result<Client> {
        self.caller("cook", Person::Cook.permissions())
    }

    /// Puts a product on the menu that no other test knows, with so much stock.
    ///
    /// # Errors
    /// The system does not take it.
    pub async fn stocked(&self, product: &str, available: u32) -> Result<()> {
        self.aws.offer(&[Product::new(product, CURRENCY, 100, available)]).await?;
        self.cook()?.set_stock(product, available).await?;
        Ok(())
    }

    /// Somebody with these permissions.
    ///
    /// # Errors
    /// The token cannot be signed.
    pub fn caller(&self, name: &str, permissions: &[&str]) -> Result<Client> {
        let token = self.aws.issuer().token(&format!("auth0|{name}"), permissions)?;
        Ok(Client::new(self.http.clone(), self.aws.api(), Some(token)))
    }

    /// Waits until the order has this status, and returns it with its sagas.
    ///
    /// # Errors
    /// It does not come to that in time.
    pub async fn await_status(&self, customer: &Client, order_id: &str, status: &str) -> Result<Value> {
        let deadline = Deadline::soon();
        loop {
            let found = customer.find(order_id).await?;
            if found["order"]["status"] == format!("ORDER_STATUS_{status}") {
                return Ok(found);
            }
            deadline.wait_or(|| format!("the order never became {status}: {found:#}")).await?;
        }
    }

    /// An item as it is stored.
    ///
    /// # Errors
    /// The table cannot be read.
    pub async fn stored(&self, table: &str, key: &str) -> Result<Option<messaging::Record>> {
        use messaging::Store as _;
        let table = self.aws.stack().resource(table)?;
        let store = aws::DynamoStore::new(self.aws.clients().dynamodb.clone(), table);
        Ok(store.load(key).await?)
    }

    /// How much of a product is available.
    ///
    /// # Errors
    /// There is no such product in stock.
    pub async fn stock(&self, product: &str) -> Result<i64> {
        let record = self.stored("StockTable", product).await?.with_context(|| format!("no stock of {product}"))?;
        record.attributes.get("available").and_then(Value::as_i64).context("no number")
    }

    /// The URL of a queue by its logical id.
    ///
    /// # Errors
    /// The stack has no such queue.
    pub fn queue(&self, logical_id: &str) -> Result<&str> {
        self.aws.stack().resource(logical_id)
    }

    /// The URL of the queue that takes replies.
    ///
    /// # Errors
    /// The stack has no such queue.
    pub fn reply_queue(&self) -> Result<&str> {
        self.queue(self.lane().reply_queue())
    }

    /// Puts a message on a queue by hand.
    ///
    /// # Errors
    /// The queue cannot be reached.
    pub async fn put(&self, queue: &str, body: &str) -> Result<()> {
        let sqs = &self.aws.clients().sqs;
        sqs.send_message().queue_url(self.queue(queue)?).message_body(body).send().await?;
        Ok(())
    }

    /// Waits until nothing is left on a queue, neither waiting nor being handled: all of it was acknowledged or set aside.
    ///
    /// # Errors
    /// Something stays there.
    pub async fn await_empty(&self, queue: &str) -> Result<()> {
        let (sqs, url) = (&self.aws.clients().sqs, self.queue(queue)?);
        let names = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let deadline = Deadline::soon();
        loop {
            let request = sqs.get_queue_attributes().queue_url(url).set_attribute_names(Some(names.to_vec()));
            let counts = request.send().await?.attributes.context("no counts")?;
            if names.iter().all(|name| counts.get(name).is_some_and(|count| count == "0")) {
                return Ok(());
            }
            deadline.wait_or(|| format!("{queue} is not empty: {counts:?}")).await?;
        }
    }

    /// Waits for a message on a dead-letter queue whose body satisfies `wanted`; returns the reason it came with.
    ///
    /// # Errors
    /// None comes in time, or it has no reason.
    pub async fn await_dead_letter(&self, queue: &str, wanted: impl Fn(&str) -> bool) -> Result<String> {
        let letters = self.await_dead_letters(queue, 1, wanted).await?;
        letters.into_iter().next().flatten().context("the message has no reason")
    }

    /// Waits for `count` such messages; returns their reasons.
    ///
    /// # Errors
    /// They do not come in time.
    pub async fn await_dead_letters(
        &self,
        queue: &str,
        count: usize,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<Option<String>>> {
        let deadline = Deadline::soon();
        loop {
            self.drain(queue).await?;
            let reasons = self.reasons(queue, &wanted);
            if reasons.len() >= count {
                return Ok(reasons);
            }
            deadline.wait_or(|| format!("only {} of {count} came to {queue}", reasons.len())).await?;
        }
    }

    /// The reasons of all such messages that are there now.
    ///
    /// # Errors
    /// The queue cannot be reached.
    pub async fn dead_letters_now(&self, queue: &str, wanted: impl Fn(&str) -> bool) -> Result<Vec<Option<String>>> {
        while self.drain(queue).await? > 0 {}
        Ok(self.reasons(queue, wanted))
    }

    /// Takes what is on a dead-letter queue off it, for every test to look at: a look at the queue itself sees ten
    /// messages and may see the same ten again. Gives how many were taken.
    async fn drain(&self, queue: &str) -> Result<usize> {
        let (sqs, url) = (&self.aws.clients().sqs, self.queue(queue)?);
        let receive = sqs.receive_message().queue_url(url).max_number_of_messages(10).message_attribute_names("All");
        let received = receive.send().await?;
        for message in received.messages() {
            let attribute = message.message_attributes().and_then(|attributes| attributes.get("reason"));
            let reason = attribute.and_then(|attribute| attribute.string_value()).map(str::to_owned);
            let body = message.body().unwrap_or_default().to_owned();
            self.dead_letters().push(DeadLetter { queue: queue.to_owned(), body, reason });
            let handle = message.receipt_handle().context("a receipt")?;
            sqs.delete_message().queue_url(url).receipt_handle(handle).send().await?;
        }
        Ok(received.messages().len())
    }

    fn reasons(&self, queue: &str, wanted: impl Fn(&str) -> bool) -> Vec<Option<String>> {
        let drained = self.dead_letters();
        let found = drained.iter().filter(|letter| letter.queue == queue && wanted(&letter.body));
        found.map(|letter| letter.reason.clone()).collect()
    }

    fn dead_letters(&self) -> MutexGuard<'_, Vec<DeadLetter>> {
        self.dead_letters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the saga that this event started is over, and returns it as the Rust lane keeps it.
    ///
    /// # Errors
    /// It does not come to an end in time.
    pub async fn await_saga(&self, event: uuid::Uuid) -> Result<messaging::Record> {
        let saga = messaging::ids::saga(event).to_string();
        let deadline = Deadline::soon();
        loop {
            let record = self.stored("SagasTable", &saga).await?;
            if let Some(record) = record.filter(|record| !record.state["ended_at"].is_null()) {
                return Ok(record);
            }
            deadline.wait_or(|| format!("the saga {saga} never ended")).await?;
        }
    }
}

/// A message that was set aside.
#[derive(Debug)]
struct DeadLetter {
    queue: String,
    body: String,
    reason: Option<String>,
}
