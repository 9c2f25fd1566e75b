//! A participant that counts: each message that it handles for the first time adds one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use messaging::{
    Aggregate, Context, Counter, CounterRefused, Envelope, Failure, Key, Participant, Reply, Step, deliver,
};
use saga::Refusal;
use serde::{Deserialize, Serialize};
use testkit::shop::v1::{SaleCompleted, SaleReturned};
use testkit::warehouse::v1::{Goods, ReserveGoods};
use testkit::{MemoryDatabase, MemoryOutbound, MemoryStore, Sent, builders};
use time::OffsetDateTime;
use wire::message::v1::{CommandRefused, CommandSucceeded};
use wire::{Payload, WireMessage};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Count {
    pub(crate) handled: u32,
    pub(crate) refused: String,
}

impl Aggregate for Count {
    const SCHEMA: u32 = 1;
}

/// How the participant decides.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    /// Refuses whatever comes.
    pub(crate) refuses: bool,
    /// Recognises by its state that it has handled a command before.
    pub(crate) recognises: bool,
    /// Publishes two events with every write.
    pub(crate) publishes: bool,
    /// Cannot live with a counter that is short.
    pub(crate) needs_counters: bool,
    pub(crate) decided: Arc<AtomicUsize>,
}

impl Step for Tally {
    type Command = ReserveGoods;
    type Aggregate = Count;

    fn key(&self, command: &ReserveGoods) -> Result<Key, Failure> {
        if command.sale_id.is_empty() {
            return Err(Failure::set_aside("the command names no sale"));
        }
        Ok(command.sale_id.clone())
    }

    fn decide(
        &self,
        state: Option<&Count>,
        command: &ReserveGoods,
        _context: &Context<'_>,
    ) -> Result<Reply<Count, Refusal>, Failure> {
        self.decided.fetch_add(1, Ordering::Relaxed);
        if self.recognises && state.is_some() {
            return Ok(Reply::Already(Ok(())));
        }
        let handled = state.map_or(0, |count| count.handled) + 1;
        let answer = if self.refuses { Err(Refusal::new("NO", "not today")) } else { Ok(()) };
        let completed = SaleCompleted { sale_id: command.sale_id.clone(), ..Default::default() };
        let returned = SaleReturned { sale_id: command.sale_id.clone(), ..Default::default() };
        let take = |item: &Goods| Counter { key: item.article_id.clone(), delta: -i64::from(item.quantity) };
        Ok(Reply::Save {
            state: Count { handled, refused: String::new() },
            answer,
            events: if self.publishes { vec![completed.into(), returned.into()] } else { Vec::new() },
            counters: command.goods.iter().map(take).collect(),
        })
    }

    fn refused(
        &self,
        _command: &ReserveGoods,
        refused: CounterRefused,
        _context: &Context<'_>,
    ) -> Result<(Count, Refusal), Failure> {
        let reason = match refused {
            _ if self.needs_counters => return Err(Failure::set_aside("this must not happen")),
            CounterRefused::Short(key) => format!("SHORT {key}"),
            CounterRefused::Missing(key) => format!("MISSING {key}"),
        };
        Ok((Count { handled: 0, refused: reason.clone() }, Refusal::new(reason, "")))
    }
}

/// A tally with its ports.
#[derive(Default)]
pub(crate) struct Shop {
    pub(crate) tally: Tally,
    pub(crate) database: MemoryDatabase,
    pub(crate) outbound: MemoryOutbound,
}

impl Shop {
    pub(crate) fn of(tally: Tally) -> Self {
        Self { tally, ..Self::default() }
    }

    /// The same ports under another decision.
    pub(crate) fn deciding(&self, tally: Tally) -> Self {
        Self { tally, database: self.database.clone(), outbound: self.outbound.clone() }
    }

    pub(crate) fn store(&self) -> MemoryStore {
        self.database.table("parcels").with_counters("shelves")
    }

    pub(crate) async fn deliver(&self, message: &Envelope) -> Result<(), Failure> {
        self.deliver_at(message, builders::at(0)).await
    }

    pub(crate) async fn deliver_at(&self, message: &Envelope, now: OffsetDateTime) -> Result<(), Failure> {
        deliver(&Participant(self.tally.clone()), &self.store(), &self.outbound, message, now).await
    }

    pub(crate) fn count(&self) -> Option<Count> {
        self.store().peek("sale-1").map(|record| record.aggregate().expect("a count"))
    }

    pub(crate) fn version(&self) -> u64 {
        self.store().peek("sale-1").map_or(0, |record| record.version)
    }

    pub(crate) fn decided(&self) -> usize {
        self.tally.decided.load(Ordering::Relaxed)
    }
}

/// The command number `number` for the order `sale-1`.
pub(crate) fn reserve_goods(number: u128) -> Envelope {
    taking(number, &[])
}

/// The same, taking goods.
pub(crate) fn taking(number: u128, items: &[(&str, i32)]) -> Envelope {
    let item = |(article, quantity): &(&str, i32)| Goods {
        article_id: (*article).to_owned(),
        quantity: *quantity,
        ..Default::default()
    };
    let goods = items.iter().map(item).collect();
    builders::command(number, ReserveGoods { sale_id: "sale-1".to_owned(), goods, ..Default::default() })
}

pub(crate) fn succeeded() -> Payload {
    CommandSucceeded::default().into()
}

pub(crate) fn refused(reason: &str, message: &str) -> Payload {
    CommandRefused { reason: reason.to_owned(), message: message.to_owned(), ..Default::default() }.into()
}

pub(crate) fn payloads(sent: &[Sent]) -> Vec<Payload> {
    sent.iter().map(|sent| sent.message.payload.clone()).collect()
}

pub(crate) fn unpack<M: WireMessage>(body: &str) -> M {
    Envelope::parse(body).expect("a message").unpack().expect("its payload")
}
