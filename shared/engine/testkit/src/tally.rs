//! A participant that counts: each message that it handles for the first time adds one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use messaging::{
    Aggregate, Context, Counter, CounterRefused, Envelope, Failure, Key, Participant, Reply, Step, deliver,
};
use saga::Refusal;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::shop::v1::{SaleCompleted, SaleReturned};
use crate::warehouse::v1::{Goods, ReserveGoods};
use crate::{MemoryDatabase, MemoryOutbound, MemoryStore, builders};

/// What the participant has counted for one sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// How many commands were handled.
    pub handled: u32,
    /// Why the latest command was refused because of a counter, if it was.
    pub refused: String,
}

impl Aggregate for Count {
    const SCHEMA: u32 = 1;
}

/// How the participant decides.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Refuses whatever comes.
    pub refuses: bool,
    /// Recognises by its state that it has handled a command before.
    pub recognises: bool,
    /// Publishes two events with every write.
    pub publishes: bool,
    /// Sets a command aside when a counter refuses its write.
    pub needs_counters: bool,
    /// How often a command was decided.
    pub decided: Arc<AtomicUsize>,
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
            CounterRefused::Short(key) | CounterRefused::ShardShort(key) => format!("SHORT {key}"),
            CounterRefused::Missing(key) => format!("MISSING {key}"),
        };
        Ok((Count { handled: 0, refused: reason.clone() }, Refusal::new(reason, "")))
    }
}

/// A tally with its ports.
#[derive(Default)]
pub struct Shop {
    /// How it decides.
    pub tally: Tally,
    /// Where counts (in `parcels`) and counters (in `shelves`) are stored.
    pub database: MemoryDatabase,
    /// Where messages leave.
    pub outbound: MemoryOutbound,
}

impl Shop {
    /// A tally that decides like this, over ports of its own.
    pub fn of(tally: Tally) -> Self {
        Self { tally, ..Self::default() }
    }

    /// The same ports under another decision.
    pub fn deciding(&self, tally: Tally) -> Self {
        Self { tally, database: self.database.clone(), outbound: self.outbound.clone() }
    }

    /// The table of the counts, whose writes change the counters.
    pub fn store(&self) -> MemoryStore {
        self.database.table("parcels").with_counters("shelves")
    }

    /// Delivers a message at the beginning of time.
    pub async fn deliver(&self, message: &Envelope) -> Result<(), Failure> {
        self.deliver_at(message, builders::at(0)).await
    }

    /// Delivers a message at this time.
    pub async fn deliver_at(&self, message: &Envelope, now: OffsetDateTime) -> Result<(), Failure> {
        deliver(&Participant(self.tally.clone()), &self.store(), &self.outbound, message, now).await
    }

    /// What is counted for the sale `sale-1`.
    pub fn count(&self) -> Option<Count> {
        self.store().peek("sale-1").map(|record| record.aggregate().expect("a count"))
    }

    /// How often that was written.
    pub fn version(&self) -> u64 {
        self.store().peek("sale-1").map_or(0, |record| record.version)
    }

    /// How often a command was decided.
    pub fn decided(&self) -> usize {
        self.tally.decided.load(Ordering::Relaxed)
    }
}

/// The command number `number` for the sale `sale-1`.
pub fn reserve_goods(number: u128) -> Envelope {
    taking(number, &[])
}

/// The same, taking goods.
pub fn taking(number: u128, items: &[(&str, i32)]) -> Envelope {
    let item = |(article, quantity): &(&str, i32)| Goods {
        article_id: (*article).to_owned(),
        quantity: *quantity,
        ..Default::default()
    };
    let goods = items.iter().map(item).collect();
    builders::command(number, ReserveGoods { sale_id: "sale-1".to_owned(), goods, ..Default::default() })
}
