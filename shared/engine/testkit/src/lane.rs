//! Version 1 of [`crate::sagas`] in the Rust lane, and what goes back and forth there.

use std::collections::BTreeMap;

use messaging::{Address, Correlation, Envelope, Failure, deliver, ids};
use orchestration::{Orchestrator, Registry, SagaInstance};
use saga::Position;
use time::OffsetDateTime;
use uuid::Uuid;
use wire::Payload;
use wire::saga::v1::DeadlinePassed;

use crate::builders::{self, at, refused, succeeded};
use crate::shop::v1::SalePlaced;
use crate::{MemoryOutbound, MemoryStore, Sent, queue_url, sagas};

/// The orchestrator of version 1 alone.
pub fn orchestrator() -> Orchestrator {
    Orchestrator::new("orchestrate-saga", registry(), queue_url("saga"))
}

/// The registry of version 1 alone.
pub fn registry() -> Registry {
    sagas::only_version_1()
}

/// A secret that must be forgotten once the saga is over.
pub const CARD_TOKEN: &str = "tok_of_a_card";

/// The event that starts the saga.
pub fn sale_placed() -> Envelope {
    let (sale_id, card_token) = ("sale-1".to_owned(), CARD_TOKEN.to_owned());
    builders::event(100, SalePlaced { sale_id, card_token, ..Default::default() })
}

/// The identity of the saga that [`sale_placed`] starts.
pub fn saga_id() -> Uuid {
    ids::saga(sale_placed().message_id)
}

/// An orchestrator with its ports and a clock.
pub struct Lane {
    orchestrator: Orchestrator,
    /// Where instances are stored.
    pub store: MemoryStore,
    /// Where messages leave.
    pub outbound: MemoryOutbound,
    /// The clock, which stands still between deliveries.
    pub now: OffsetDateTime,
    /// The newest command to each handler.
    commands: BTreeMap<String, Envelope>,
    /// The newest watchdog.
    watchdog: Option<Sent>,
    /// What the latest delivery sent.
    pub sent: Vec<Sent>,
}

impl Default for Lane {
    fn default() -> Self {
        Self::new()
    }
}

impl Lane {
    /// A lane on which nothing has happened.
    pub fn new() -> Self {
        Self {
            orchestrator: orchestrator(),
            store: MemoryStore::default(),
            outbound: MemoryOutbound::default(),
            now: at(0),
            commands: BTreeMap::new(),
            watchdog: None,
            sent: Vec::new(),
        }
    }

    /// Deploys the orchestrator of these sagas in place of the earlier orchestrator; what is stored and on its way stays.
    pub fn deploy(&mut self, registry: Registry) {
        self.orchestrator = Orchestrator::new("orchestrate-saga", registry, queue_url("saga"));
    }

    /// A lane on which the saga has started.
    pub async fn started() -> Self {
        let mut lane = Self::new();
        assert_eq!(lane.deliver(&sale_placed()).await, Ok(vec!["reserve-goods".to_owned()]));
        lane
    }

    /// A lane on which these steps have succeeded.
    pub async fn after(handlers: &[&str]) -> Self {
        let mut lane = Self::started().await;
        for handler in handlers {
            lane.succeed(handler).await.expect("a reply");
        }
        lane
    }

    /// Delivers a message; returns the handlers that a command went to.
    pub async fn deliver(&mut self, message: &Envelope) -> Result<Vec<String>, Failure> {
        deliver(&self.orchestrator, &self.store, &self.outbound, message, self.now).await?;
        let mut handlers = Vec::new();
        self.sent = self.outbound.take_sent();
        for sent in self.sent.clone() {
            match sent.to.clone() {
                Address::Handler(handler) => {
                    self.commands.insert(handler.clone(), sent.message);
                    handlers.push(handler);
                }
                Address::Myself => self.watchdog = Some(sent),
                Address::Queue(url) => panic!("the orchestrator answers nobody, but sent to {url}"),
            }
        }
        Ok(handlers)
    }

    /// The newest command to this handler; panics if it got no command.
    pub fn command(&self, handler: &str) -> &Envelope {
        self.known(handler).unwrap_or_else(|| panic!("{handler} got no command"))
    }

    /// The newest command to this handler, if it got a command.
    pub fn known(&self, handler: &str) -> Option<&Envelope> {
        self.commands.get(handler)
    }

    /// The newest watchdog, which must be armed.
    pub fn watchdog(&self) -> &Sent {
        self.watchdog.as_ref().expect("an armed watchdog")
    }

    /// Lets a handler reply that its newest command succeeded; returns the handlers that a command went to.
    pub async fn succeed(&mut self, handler: &str) -> Result<Vec<String>, Failure> {
        self.answer(handler, succeeded()).await
    }

    /// Lets a handler refuse its newest command; returns the handlers that a command went to.
    pub async fn refuse(&mut self, handler: &str) -> Result<Vec<String>, Failure> {
        self.answer(handler, refused("NO", "not today")).await
    }

    /// Lets a handler reply this to its newest command; returns the handlers that a command went to.
    pub async fn answer(&mut self, handler: &str, payload: Payload) -> Result<Vec<String>, Failure> {
        let reply = builders::reply(self.command(handler), payload);
        self.deliver(&reply).await
    }

    /// Lets the armed watchdog bark as soon as it may.
    pub async fn wait(&mut self) -> Result<Vec<String>, Failure> {
        let watchdog = self.watchdog().clone();
        self.now = self.now.max(watchdog.message.occurred_at + watchdog.delay);
        self.deliver(&watchdog.message).await
    }

    /// Lets watchdogs bark until the saga is like this; it is expected to be soon.
    pub async fn wait_until(&mut self, is_there: impl Fn(&SagaInstance) -> bool) {
        for _ in 0..40 {
            if is_there(&self.instance()) {
                return;
            }
            self.wait().await.expect("a watchdog");
        }
        panic!("40 watchdogs have not led there: {:?}", self.instance());
    }

    /// The stored run.
    pub fn instance(&self) -> SagaInstance {
        let record = self.store.peek(&saga_id().to_string()).expect("a saga");
        record.aggregate().expect("an instance")
    }

    /// Where the stored run stands.
    pub fn position(&self) -> Position {
        self.instance().state.position
    }

    /// How often the run was written.
    pub fn version(&self) -> u64 {
        self.store.peek(&saga_id().to_string()).map_or(0, |record| record.version)
    }

    /// Changes the stored instance behind the orchestrator's back.
    pub fn tamper(&self, change: impl FnOnce(&mut serde_json::Value)) {
        let key = saga_id().to_string();
        let mut item = serde_json::to_value(self.store.peek(&key).expect("a saga")).expect("JSON");
        change(&mut item);
        self.store.plant(&key, item);
    }
}

/// The watchdog with this number, as it comes back.
pub fn deadline_passed(number: u32) -> Envelope {
    let correlation = Correlation {
        saga_id: saga_id(),
        step: String::new(),
        reply_to: queue_url("saga"),
        reply_token: String::new(),
    };
    let payload = DeadlinePassed { watchdog: number, ..Default::default() };
    Envelope { correlation: Some(correlation), ..builders::event(1_000 + u128::from(number), payload) }
}
