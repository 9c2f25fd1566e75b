//! Queues, a topic and streams in memory, on a virtual clock: whole sagas run in one task, the same way every time.

mod client;
mod consumer;
mod dice;
mod queues;
mod schedule;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use futures_util::future::join_all;
use messaging::{Envelope, Failure, Outbound, WrittenItem, relay};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Faults, MemoryStore, builders};
use queues::{BusOutbound, Content, Pending, Queues};

pub use client::Client;
pub use consumer::{Consumer, Worker};
pub use dice::Dice;
pub use queues::{DeadLetter, Posted, queue_url};
pub use schedule::Schedule;

/// More deliveries than this mean that messages go round in circles.
const MAX_DELIVERIES: usize = 20_000;
/// Where calls from outside wait for their turn.
const OUTSIDE: &str = "outside";

/// Delivers messages to consumers, at least once and in the order that its schedule says.
pub struct Bus {
    queues: Arc<Mutex<Queues>>,
    consumers: BTreeMap<String, Box<dyn Consumer>>,
    /// The tables with a stream, and the queue that each stream is to the bus.
    streams: Vec<(String, MemoryStore)>,
    faults: Faults,
    history: Vec<Delivery>,
}

/// One attempt to handle a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// When, on the virtual clock.
    pub at: OffsetDateTime,
    /// The queue whose message it was.
    pub queue: String,
    /// The message's identity and type; `None` for a body that cannot be read, for streams and for calls.
    pub message: Option<(Uuid, String)>,
    /// What came of it.
    pub result: Result<(), Failure>,
}

impl Bus {
    /// An empty bus; its clock starts at [`builders::at`]`(0)`.
    pub fn new(schedule: Schedule) -> Self {
        Self::with_faults(schedule, Faults::default())
    }

    /// An empty bus on which sending, publishing and setting aside meet these faults.
    pub fn with_faults(schedule: Schedule, faults: Faults) -> Self {
        let queues = Arc::new(Mutex::new(Queues::new(builders::at(0), schedule)));
        Self { queues, consumers: BTreeMap::new(), streams: Vec::new(), faults, history: Vec::new() }
    }

    /// Lets `consumer` have the messages of a queue.
    pub fn register(&mut self, queue: &str, consumer: impl Consumer + 'static) {
        self.consumers.insert(queue.to_owned(), Box::new(consumer));
    }

    /// Puts events of this type on a queue.
    pub fn subscribe(&mut self, type_name: &str, queue: &str) {
        self.queues().subscribe(type_name, queue);
    }

    /// Publishes the outbox of every write to this table; the table's stream is a queue of this name.
    pub fn relay(&mut self, stream: &str, table: &MemoryStore) {
        self.streams.push((stream.to_owned(), table.clone()));
    }

    /// Puts a message on a queue.
    pub fn send(&mut self, queue: &str, message: &Envelope) {
        let body = message.to_json().expect("a message that can be sent");
        self.send_body(queue, &body);
    }

    /// Puts any body on a queue.
    pub fn send_body(&mut self, queue: &str, body: &str) {
        self.queues().put(queue, Content::Message(body.to_owned()), std::time::Duration::ZERO);
    }

    /// Lets a client make its call after `delay`, in its turn among the deliveries.
    pub fn call(&mut self, client: impl Client + 'static, delay: std::time::Duration) {
        self.queues().put(OUTSIDE, Content::Call(Arc::new(client)), delay);
    }

    /// Stops the consumer of a queue: its messages wait.
    pub fn pause(&mut self, queue: &str) {
        self.queues().paused.insert(queue.to_owned());
    }

    /// Lets the consumer of a queue go on.
    pub fn resume(&mut self, queue: &str) {
        self.queues().paused.remove(queue);
    }

    /// Lets every delivery from a queue fail transiently until then, as when the table of its consumer is out of reach: unlike
    /// those of a paused consumer, its messages are received again and again.
    pub fn fail_until(&mut self, queue: &str, end: OffsetDateTime) {
        self.queues().outages.insert(queue.to_owned(), end);
    }

    /// Sets a message of a queue aside after so many deliveries that failed, as a redrive policy does; it is ten unless said.
    pub fn set_aside_after(&mut self, queue: &str, deliveries: u32) {
        assert!(deliveries > 0, "a message is delivered before it is set aside");
        self.queues().max_receives.insert(queue.to_owned(), deliveries);
    }

    /// The virtual time.
    pub fn now(&self) -> OffsetDateTime {
        self.queues().now
    }

    /// What lies in the dead-letter queues.
    pub fn dead_letters(&self) -> Vec<DeadLetter> {
        self.queues().dead_letters.clone()
    }

    /// Every message that left so far, in the order of leaving, repeats included.
    pub fn journal(&self) -> Vec<Posted> {
        self.queues().journal.clone()
    }

    /// Every delivery so far.
    pub fn history(&self) -> &[Delivery] {
        &self.history
    }

    /// How often messages of this type were delivered to a queue.
    pub fn deliveries(&self, queue: &str, type_name: &str) -> usize {
        let is_one = |delivery: &&Delivery| {
            delivery.queue == queue && delivery.message.as_ref().is_some_and(|(_, name)| name == type_name)
        };
        self.history.iter().filter(is_one).count()
    }

    /// Delivers until no message waits, other than for a paused consumer; the clock jumps from message to message.
    pub async fn run(&mut self) {
        while self.step(None).await {}
    }

    /// Delivers what is due until then, and leaves the clock there.
    pub async fn run_until(&mut self, end: OffsetDateTime) {
        while self.step(Some(end)).await {}
        self.queues().now = end;
    }

    /// Delivers what the schedule picks; returns whether there was anything to deliver.
    async fn step(&mut self, end: Option<OffsetDateTime>) -> bool {
        for (stream, table) in &self.streams {
            for outbox in table.take_written() {
                self.queues().put(stream, Content::Outbox(outbox), std::time::Duration::ZERO);
            }
        }
        let (picked, now) = {
            let mut queues = self.queues();
            (queues.pick(end), queues.now)
        };
        if picked.is_empty() {
            return false;
        }
        let deliveries = join_all(picked.iter().map(|pending| self.handle(pending, now))).await;
        for (pending, delivery) in picked.into_iter().zip(deliveries) {
            self.queues().settle(pending, &delivery.result);
            self.history.push(delivery);
        }
        assert!(self.history.len() < MAX_DELIVERIES, "no rest after {MAX_DELIVERIES} deliveries: use run_until");
        true
    }

    async fn handle(&self, pending: &Pending, now: OffsetDateTime) -> Delivery {
        let outbound = BusOutbound::new(self.queues.clone(), pending.queue.clone(), self.faults.clone());
        let (message, result) = match &pending.content {
            Content::Outbox(outbox) => {
                let write = WrittenItem::new("", outbox.clone());
                (None, relay(&outbound, &[write]).await.map_err(|failed| failed.reason.into()))
            }
            Content::Call(client) => (None, client.call(now).await),
            Content::Message(body) => self.consume(&pending.queue, body, &outbound, now).await,
        };
        Delivery { at: now, queue: pending.queue.clone(), message, result }
    }

    async fn consume(
        &self,
        queue: &str,
        body: &str,
        outbound: &BusOutbound,
        now: OffsetDateTime,
    ) -> (Option<(Uuid, String)>, Result<(), Failure>) {
        let consumer = self.consumers.get(queue).unwrap_or_else(|| panic!("nobody consumes the queue {queue}"));
        let is_out = self.queues().is_out(queue);
        let (message, result) = match Envelope::parse(body) {
            Err(failure) => (None, Err(failure)),
            Ok(envelope) => {
                let message = (envelope.message_id, envelope.payload.type_name().to_owned());
                let out = || Err(Failure::retry("the consumer is out of order"));
                (Some(message), if is_out { out() } else { consumer.consume(&envelope, outbound, now).await })
            }
        };
        let result = match result {
            Err(Failure::SetAside(reason)) => match outbound.set_aside(body, &reason).await {
                Ok(()) => Err(Failure::SetAside(reason)),
                Err(error) => Err(error.into()),
            },
            result => result,
        };
        (message, result)
    }

    fn queues(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().expect("no test panics while it delivers")
    }
}
