//! Takes away what a run has made, once nothing moves it any more.
//!
//! A saga that is under way would miss its order, its ticket or its stock, so an order whose sagas are not over stays, with all
//! that belongs to it. In the Rust lane a saga's last watchdog still lies in a queue when the saga is over; it would be set aside,
//! with an alarm, if it did not find its saga. So a saga's item goes after its watchdog, or stays until it expires by itself.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use messaging::{Store, Table};
use order::ORDERS;
use order::domain::Order;
use uuid::Uuid;

use super::Run;
use super::leftovers::{Item, Leftovers, of_order};
use crate::api::deadline::Patience;
use crate::pages::SAGAS;
use crate::speech::say;
use crate::stories::progress::Found;

/// How long a call may still write after it was sent: a function's timeout, and a little.
const A_CALL_ENDS: Duration = Duration::from_secs(12);
/// How long the last watchdog of a saga is under way at most whose commands were answered at once, and a time to handle it.
const A_WATCHDOG_ENDS: Duration = Duration::from_secs(10 + 20);

/// Takes a run's leftovers away. What is in `left` is not away yet, also when the cleaning is stopped.
#[derive(Debug)]
pub(crate) struct Cleaning<'a> {
    run: &'a Run,
    patience: Patience,
    /// What is still there.
    pub(crate) left: Leftovers,
    /// How many items were taken away.
    pub(crate) removed: usize,
    /// How many sagas stay until they expire by themselves.
    pub(crate) expiring: usize,
    /// Why something stays.
    pub(crate) complaints: Vec<String>,
}

/// A saga that is over.
struct Ended {
    id: Uuid,
    /// Whether every command was answered before it was repeated.
    at_once: bool,
}

impl<'a> Cleaning<'a> {
    /// The cleaning after `run`, which waits no longer than `patience` for its sagas.
    pub(crate) fn after(run: &'a Run, patience: Patience) -> Self {
        let left = Leftovers::of(&run.products(), &run.journal().deeds());
        Self { run, patience, left, removed: 0, expiring: 0, complaints: Vec::new() }
    }

    /// Takes away what can be taken away. `interrupted` says that a call may still be under way.
    pub(crate) async fn clean(&mut self, interrupted: bool) {
        // Off the menu first, whatever becomes of the rest.
        for item in self.left.menu.clone() {
            if self.remove(&item).await {
                self.left.menu.remove(&item);
            }
        }
        if interrupted && let Some(last) = self.run.journal().deeds().last() {
            tokio::time::sleep_until((last.at + A_CALL_ENDS).into()).await;
        }
        let (mut quiet, mut ended, mut busy) = (Vec::new(), Vec::new(), BTreeSet::new());
        let end = Instant::now() + self.patience.limit;
        for (order, asked) in self.left.orders.clone() {
            match self.ended(order, asked, end).await {
                Ok(mut sagas) => {
                    quiet.push(order);
                    ended.append(&mut sagas);
                }
                Err(error) => {
                    self.complaints.push(format!("the order {order} stays, with its ticket and stock: {error:#}"));
                    busy.extend(self.stock_of(order).await);
                }
            }
        }
        self.forget_sagas(ended).await;
        for order in quiet {
            if self.remove_all(&of_order(order)).await {
                self.left.orders.remove(&order);
            }
        }
        for (product, items) in self.left.stock.clone() {
            if !busy.contains(&product) && self.remove_all(&items).await {
                self.left.stock.remove(&product);
            }
        }
        for item in self.left.claims.clone() {
            if self.remove(&item).await {
                self.left.claims.remove(&item);
            }
        }
    }

    /// The sagas of an order once all of them are over; an order that was never written has none.
    async fn ended(&self, order: Uuid, asked: Instant, end: Instant) -> Result<Vec<Ended>> {
        let mut stored = self.order(order).await?;
        if stored.is_none() {
            tokio::time::sleep_until((asked + A_CALL_ENDS).into()).await;
            stored = self.order(order).await?;
        }
        let Some(stored) = stored else { return Ok(Vec::new()) };
        let limit = end.saturating_duration_since(Instant::now());
        let customer = self.run.cast().customer.clone().patient(Patience { limit, ..self.patience });
        let found = customer.settled(&order.to_string(), stored.sagas.len()).await;
        let found: Found = serde_json::from_value(found.context("its sagas are not seen to be over")?)?;
        let at_once = found.sagas.iter().all(|saga| saga.steps.iter().all(|step| step.repeats == 0));
        Ok(stored.sagas.into_iter().map(|id| Ended { id, at_once }).collect())
    }

    async fn order(&self, id: Uuid) -> Result<Option<Order>> {
        let record = self.run.tables().store(ORDERS).load(&id.to_string()).await?;
        Ok(record.map(|record| record.aggregate()).transpose()?)
    }

    /// The products whose stock an order may still move: those that it names, or all of the run if nobody can say.
    async fn stock_of(&self, order: Uuid) -> Vec<String> {
        match self.order(order).await {
            Ok(Some(order)) => order.items.iter().map(|item| item.product.to_string()).collect(),
            _ => self.run.products(),
        }
    }

    /// Removes the items of sagas that no watchdog looks for any more. Only the Rust lane has items of sagas.
    async fn forget_sagas(&mut self, ended: Vec<Ended>) {
        let mut items = Vec::new();
        for Ended { id, at_once } in ended {
            let item = Item::of(SAGAS, id.to_string());
            match self.run.tables().has(SAGAS, &item.key).await {
                Ok(false) => {}
                Ok(true) if at_once => items.push(item),
                Ok(true) => self.expiring += 1,
                Err(error) => self.complaints.push(format!("the saga {id} stays: {error:#}")),
            }
        }
        if items.is_empty() {
            return;
        }
        say!("waiting {} s for the last watchdogs of the sagas", A_WATCHDOG_ENDS.as_secs());
        tokio::time::sleep(A_WATCHDOG_ENDS).await;
        for item in items {
            self.remove(&item).await;
        }
    }

    async fn remove_all(&mut self, items: &[Item]) -> bool {
        let mut are_away = true;
        for item in items {
            are_away &= self.remove(item).await;
        }
        are_away
    }

    /// Whether the item is away: it was removed, or never made.
    async fn remove(&mut self, item: &Item) -> bool {
        match self.run.tables().remove(Table::new(item.table), &item.key).await {
            Ok(was_there) => {
                self.removed += usize::from(was_there);
                true
            }
            Err(error) => {
                self.complaints.push(format!("{error:#}"));
                false
            }
        }
    }
}

#[cfg(test)]
mod tests;
