//! What waits to be delivered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use messaging::{Address, Envelope, Failure, LONGEST_DELAY, Outbound, OutboxEntry, OutgoingEvent, SendError};
use time::OffsetDateTime;

use super::{Client, Schedule};
use crate::{Faults, Operation};

/// How long a message that was not handled stays invisible.
const VISIBILITY_TIMEOUT: Duration = Duration::from_secs(60);
/// How often a message is tried before it goes to the dead-letter queue, where nobody has said otherwise.
const MAX_RECEIVES: u32 = 10;
const URL_PREFIX: &str = "https://queue/";

/// The URL of a queue on the bus.
pub fn queue_url(queue: &str) -> String {
    format!("{URL_PREFIX}{queue}")
}

/// A message in a dead-letter queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The queue whose message it was.
    pub queue: String,
    /// The body as it came.
    pub body: String,
    /// Why it was set aside.
    pub reason: String,
}

/// A message that left, whether or not its sender was told so.
#[derive(Debug, Clone, PartialEq)]
pub struct Posted {
    /// When, on the virtual clock.
    pub at: OffsetDateTime,
    /// The queue whose consumer sent it.
    pub from: String,
    /// The queue it was sent to; `None` for an event, which went to the topic.
    pub to: Option<String>,
    /// How long it was to stay invisible.
    pub delay: Duration,
    /// What its receivers read.
    pub message: Envelope,
}

#[derive(Clone)]
pub(super) enum Content {
    Message(String),
    Outbox(Vec<OutboxEntry>),
    Call(Arc<dyn Client>),
}

#[derive(Clone)]
pub(super) struct Pending {
    pub(super) queue: String,
    pub(super) content: Content,
    visible_at: OffsetDateTime,
    receives: u32,
}

pub(super) struct Queues {
    pub(super) now: OffsetDateTime,
    pub(super) paused: BTreeSet<String>,
    /// By queue: until when each delivery fails.
    pub(super) outages: BTreeMap<String, OffsetDateTime>,
    /// By queue: how often a message is tried.
    pub(super) max_receives: BTreeMap<String, u32>,
    pub(super) dead_letters: Vec<DeadLetter>,
    pub(super) journal: Vec<Posted>,
    pending: Vec<Pending>,
    subscriptions: BTreeMap<String, Vec<String>>,
    schedule: Schedule,
}

impl Queues {
    pub(super) fn new(now: OffsetDateTime, schedule: Schedule) -> Self {
        Self {
            now,
            paused: BTreeSet::new(),
            outages: BTreeMap::new(),
            max_receives: BTreeMap::new(),
            dead_letters: Vec::new(),
            journal: Vec::new(),
            pending: Vec::new(),
            subscriptions: BTreeMap::new(),
            schedule,
        }
    }

    pub(super) fn subscribe(&mut self, type_name: &str, queue: &str) {
        self.subscriptions.entry(type_name.to_owned()).or_default().push(queue.to_owned());
    }

    pub(super) fn put(&mut self, queue: &str, content: Content, delay: Duration) {
        let visible_at = self.now + delay + self.schedule.delay();
        self.pending.push(Pending { queue: queue.to_owned(), content, visible_at, receives: 0 });
    }

    fn note(&mut self, from: &str, to: Option<&str>, delay: Duration, message: Envelope) {
        let (from, to) = (from.to_owned(), to.map(str::to_owned));
        self.journal.push(Posted { at: self.now, from, to, delay, message });
    }

    fn publish(&mut self, type_name: &str, body: &str) {
        for queue in self.subscriptions.get(type_name).cloned().unwrap_or_default() {
            self.put(&queue, Content::Message(body.to_owned()), Duration::ZERO);
        }
    }

    /// Whether a delivery from this queue fails now.
    pub(super) fn is_out(&self, queue: &str) -> bool {
        self.outages.get(queue).is_some_and(|end| self.now < *end)
    }

    /// Takes out what is delivered next; when nothing is visible yet, the clock goes on, but not beyond `end`.
    pub(super) fn pick(&mut self, end: Option<OffsetDateTime>) -> Vec<Pending> {
        let waiting = || self.pending.iter().filter(|pending| !self.paused.contains(&pending.queue));
        let Some(next) = waiting().map(|pending| pending.visible_at).min() else { return Vec::new() };
        if end.is_some_and(|end| next > end) {
            return Vec::new();
        }
        self.now = self.now.max(next);
        let is_due = |pending: &Pending| pending.visible_at <= self.now && !self.paused.contains(&pending.queue);
        let mut due: Vec<usize> = (0..self.pending.len()).filter(|index| is_due(&self.pending[*index])).collect();
        due.sort_by_key(|index| self.pending[*index].visible_at);
        let picked: Vec<usize> = self.schedule.pick(due.len()).into_iter().map(|position| due[position]).collect();
        let taken = picked.iter().map(|index| self.pending[*index].clone()).collect();
        let mut index = 0;
        self.pending.retain(|_| {
            index += 1;
            !picked.contains(&(index - 1))
        });
        taken
    }

    /// Forgets a message that was handled, unless it comes once more; keeps a message that may succeed later.
    pub(super) fn settle(&mut self, mut pending: Pending, result: &Result<(), Failure>) {
        pending.receives += 1;
        let max_receives = self.max_receives.get(&pending.queue).copied().unwrap_or(MAX_RECEIVES);
        let later = match result {
            Err(Failure::SetAside(_)) => return,
            Err(Failure::Retry(reason)) => match &pending.content {
                Content::Message(body) if pending.receives >= max_receives => {
                    let reason = format!("received {max_receives} times: {reason}");
                    self.set_aside(&pending.queue, body, &reason);
                    return;
                }
                _ => VISIBILITY_TIMEOUT,
            },
            Ok(()) => match self.schedule.duplicate() {
                None => return,
                Some(later) => later,
            },
        };
        pending.visible_at = self.now + later;
        self.pending.push(pending);
    }

    fn set_aside(&mut self, queue: &str, body: &str, reason: &str) {
        let (queue, body, reason) = (queue.to_owned(), body.to_owned(), reason.to_owned());
        self.dead_letters.push(DeadLetter { queue, body, reason });
    }
}

/// How the consumer of one queue sends.
pub(super) struct BusOutbound {
    queues: Arc<Mutex<Queues>>,
    own: String,
    faults: Faults,
}

impl BusOutbound {
    pub(super) fn new(queues: Arc<Mutex<Queues>>, own: String, faults: Faults) -> Self {
        Self { queues, own, faults }
    }

    async fn carry_out(&self, operation: Operation, leave: impl FnOnce(&mut Queues)) -> Result<(), SendError> {
        let injected = self.faults.enter(operation).await;
        if !injected.fail {
            leave(&mut self.queues.lock().expect("no test panics while it sends"));
        }
        if injected.fail || injected.crash { Err(SendError::Transient("injected".to_owned())) } else { Ok(()) }
    }
}

#[async_trait]
impl Outbound for BusOutbound {
    async fn send(&self, to: &Address, message: &Envelope, delay: Duration) -> Result<(), Failure> {
        let queue = match to {
            Address::Queue(url) => {
                url.strip_prefix(URL_PREFIX).ok_or_else(|| SendError::UnknownAddress(url.clone()))?.to_owned()
            }
            Address::Handler(name) => name.clone(),
            Address::Myself => self.own.clone(),
        };
        let content = Content::Message(message.to_json()?);
        let delay = delay.min(LONGEST_DELAY);
        let leave = |queues: &mut Queues| {
            queues.note(&self.own, Some(&queue), delay, message.clone());
            queues.put(&queue, content, delay);
        };
        Ok(self.carry_out(Operation::Send, leave).await?)
    }

    async fn publish(&self, events: &[OutgoingEvent<'_>]) -> Vec<Result<(), SendError>> {
        let mut told = Vec::with_capacity(events.len());
        for event in events {
            let message = Envelope::parse(event.body).expect("an event that can be read");
            let leave = |queues: &mut Queues| {
                queues.note(&self.own, None, Duration::ZERO, message);
                queues.publish(event.type_name, event.body);
            };
            told.push(self.carry_out(Operation::Publish, leave).await);
        }
        told
    }

    async fn set_aside(&self, body: &str, reason: &str) -> Result<(), SendError> {
        self.carry_out(Operation::SetAside, |queues| queues.set_aside(&self.own, body, reason)).await
    }
}
