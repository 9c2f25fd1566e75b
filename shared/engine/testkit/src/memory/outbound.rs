//! A record of what left.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use messaging::{Address, Envelope, Failure, LONGEST_DELAY, Outbound, OutgoingEvent, SendError};

use crate::{Faults, Operation};

/// An [`Outbound`] that remembers. Clones share what they remember.
#[derive(Debug, Clone, Default)]
pub struct MemoryOutbound {
    left: Arc<Mutex<Left>>,
    unknown: Arc<Vec<Address>>,
    rejected: Arc<BTreeSet<String>>,
    faults: Faults,
}

#[derive(Debug, Default)]
struct Left {
    sent: Vec<Sent>,
    published: Vec<Published>,
    set_aside: Vec<SetAside>,
}

/// A message that was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// Where it went.
    pub to: Address,
    /// What its receiver reads.
    pub message: Envelope,
    /// How long it stays invisible.
    pub delay: Duration,
}

/// An event that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The type of the event, by which subscribers filter.
    pub type_name: String,
    /// The whole message.
    pub body: String,
}

/// A body that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The body as it came.
    pub body: String,
    /// Why it was set aside.
    pub reason: String,
}

impl MemoryOutbound {
    /// An outbound whose operations meet these faults.
    pub fn with_faults(faults: Faults) -> Self {
        Self { faults, ..Self::default() }
    }

    /// Lets every message to these addresses fail.
    #[must_use]
    pub fn not_knowing(mut self, addresses: impl IntoIterator<Item = Address>) -> Self {
        self.unknown = Arc::new(addresses.into_iter().collect());
        self
    }

    /// Lets every event of these types be rejected for good.
    #[must_use]
    pub fn rejecting(mut self, types: impl IntoIterator<Item = &'static str>) -> Self {
        self.rejected = Arc::new(types.into_iter().map(str::to_owned).collect());
        self
    }

    /// The faults that its operations meet.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// What was sent, in order.
    pub fn sent(&self) -> Vec<Sent> {
        self.left().sent.clone()
    }

    /// What was sent since this was last asked.
    pub fn take_sent(&self) -> Vec<Sent> {
        std::mem::take(&mut self.left().sent)
    }

    /// What was published, in order.
    pub fn published(&self) -> Vec<Published> {
        self.left().published.clone()
    }

    /// What was set aside, in order.
    pub fn set_aside(&self) -> Vec<SetAside> {
        self.left().set_aside.clone()
    }

    fn left(&self) -> MutexGuard<'_, Left> {
        self.left.lock().expect("no test panics while it sends")
    }

    async fn carry_out(&self, operation: Operation, leave: impl FnOnce(&mut Left)) -> Result<(), SendError> {
        let injected = self.faults.enter(operation).await;
        if !injected.fail {
            leave(&mut self.left());
        }
        if injected.fail || injected.crash { Err(SendError::Transient("injected".to_owned())) } else { Ok(()) }
    }
}

#[async_trait]
impl Outbound for MemoryOutbound {
    async fn send(&self, to: &Address, message: &Envelope, delay: Duration) -> Result<(), Failure> {
        if self.unknown.contains(to) {
            return Err(SendError::UnknownAddress(format!("{to:?}")).into());
        }
        // Written and parsed, as on the wire: what cannot travel fails here as well.
        let message = Envelope::parse(&message.to_json()?)?;
        let delay = Duration::from_secs(delay.min(LONGEST_DELAY).as_secs());
        let sent = Sent { to: to.clone(), message, delay };
        Ok(self.carry_out(Operation::Send, |left| left.sent.push(sent)).await?)
    }

    async fn publish(&self, events: &[OutgoingEvent<'_>]) -> Vec<Result<(), SendError>> {
        let mut told = Vec::with_capacity(events.len());
        for event in events {
            if self.rejected.contains(event.type_name) {
                told.push(Err(SendError::Rejected("nobody takes it".to_owned())));
                continue;
            }
            let published = Published { type_name: event.type_name.to_owned(), body: event.body.to_owned() };
            told.push(self.carry_out(Operation::Publish, |left| left.published.push(published)).await);
        }
        told
    }

    async fn set_aside(&self, body: &str, reason: &str) -> Result<(), SendError> {
        let set_aside = SetAside { body: body.to_owned(), reason: reason.to_owned() };
        self.carry_out(Operation::SetAside, |left| left.set_aside.push(set_aside)).await
    }
}
