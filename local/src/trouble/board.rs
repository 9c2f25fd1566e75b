//! Which troubles are on. Each ends by itself, and so does the board: what was switched off is on again when it is gone, or at
//! the next start if this process was killed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use serde::Serialize;
use thiserror::Error;
use time::OffsetDateTime;
use tokio::sync::Mutex;
use tokio::task::AbortHandle;

use super::ALL;
use super::effect::{Begun, End};
use super::kind::{Order, Trouble};
use super::world::World;

/// The time between two tries to end a trouble that does not end.
const AGAIN: Duration = Duration::from_secs(1);

/// The troubles of a running local AWS.
#[derive(Debug)]
pub(crate) struct Board {
    world: World,
    on: Mutex<BTreeMap<&'static str, On>>,
}

/// A trouble that is on.
#[derive(Debug)]
struct On {
    since: OffsetDateTime,
    end: End,
    timer: AbortHandle,
}

/// A trouble as callers see it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shown {
    id: &'static str,
    title: &'static str,
    promise: &'static str,
    shows: &'static str,
    look_for: &'static str,
    takes_seconds: u64,
    lasts_seconds: u64,
    order: ShownOrder,
    on: Option<Times>,
    /// The title of the trouble that is on and in its way.
    waits_for: Option<&'static str>,
}

/// The order that meets a trouble: the card's token, and whether to order more than there is.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownOrder {
    card_token: &'static str,
    more_than_there_is: bool,
}

/// When a trouble began, and when it will have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Times {
    #[serde(with = "time::serde::rfc3339")]
    since: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    ends_at: OffsetDateTime,
}

/// Why a trouble was not switched on or off.
#[derive(Debug, Error)]
pub(crate) enum Refusal {
    /// Nobody knows it.
    #[error("there is no trouble of this name: take an id from the list")]
    Unknown,
    /// It is on.
    #[error("\"{0}\" is on: wait until it ends by itself, or end it first")]
    IsOn(&'static str),
    /// Another trouble acts on the same function.
    #[error("\"{0}\" is on and stops the same queue: wait until it ends by itself, or end it first")]
    InTheWay(&'static str),
    /// The local AWS did not do it.
    #[error("the local AWS did not do it ({0:#}): look at the log of `make up`, then try again")]
    Failed(anyhow::Error),
}

impl Board {
    /// A board of troubles that are all off: what a killed process left switched off is switched on.
    ///
    /// # Errors
    /// When the emulator does not switch it on.
    pub(crate) async fn start(world: World) -> Result<Self> {
        for function in ALL.iter().filter_map(|trouble| trouble.effect.stops()) {
            // Not every stack has every function.
            if let Ok(name) = world.name(function) {
                world.mappings.switch(&name, true).await?;
            }
        }
        Ok(Self { world, on: Mutex::default() })
    }

    /// All troubles.
    pub(crate) async fn list(&self) -> Vec<Shown> {
        let on = self.on.lock().await;
        ALL.iter().map(|trouble| shown(trouble, &on)).collect()
    }

    /// Switches a trouble on. An order that is trouble by itself needs nothing, and is never on.
    ///
    /// # Errors
    /// When there is no such trouble, it is on, or it cannot be switched on.
    pub(crate) async fn begin(self: &Arc<Self>, id: &str) -> Result<Shown, Refusal> {
        let trouble = find(id)?;
        let mut on = self.on.lock().await;
        if on.contains_key(trouble.id) {
            return Err(Refusal::IsOn(trouble.title));
        }
        if let Some(other) = in_the_way(trouble, &on) {
            return Err(Refusal::InTheWay(other.title));
        }
        if trouble.lasts.is_zero() {
            return Ok(shown(trouble, &on));
        }
        let Begun { end, done } = trouble.effect.begin(&self.world).await.map_err(Refusal::Failed)?;
        let board = Arc::clone(self);
        let timer = tokio::spawn(async move {
            tokio::select! { () = done => {}, () = tokio::time::sleep(trouble.lasts) => {} }
            while board.end(trouble.id).await.is_err() {
                tokio::time::sleep(AGAIN).await;
            }
        });
        on.insert(trouble.id, On { since: OffsetDateTime::now_utc(), end, timer: timer.abort_handle() });
        Ok(shown(trouble, &on))
    }

    /// Switches a trouble off. A trouble that is off, as it may have ended by itself, stays off.
    ///
    /// # Errors
    /// When there is no such trouble, or it cannot be switched off: then it stays on.
    pub(crate) async fn end(&self, id: &str) -> Result<Shown, Refusal> {
        let trouble = find(id)?;
        let mut on = self.on.lock().await;
        if let Some(ending) = on.get(trouble.id) {
            ending.end.now().await.map_err(Refusal::Failed)?;
        }
        if let Some(ended) = on.remove(trouble.id) {
            // Its own task may be the caller: it waits for nothing any more.
            ended.timer.abort();
        }
        Ok(shown(trouble, &on))
    }

    /// Switches all troubles off.
    ///
    /// # Errors
    /// When a trouble cannot be switched off; the others are off.
    pub(crate) async fn end_all(&self) -> Result<Vec<Shown>, Refusal> {
        let mut failed = None;
        for trouble in &ALL {
            failed = self.end(trouble.id).await.err().or(failed);
        }
        match failed {
            Some(refusal) => Err(refusal),
            None => Ok(self.list().await),
        }
    }
}

fn find(id: &str) -> Result<&'static Trouble, Refusal> {
    ALL.iter().find(|trouble| trouble.id == id).ok_or(Refusal::Unknown)
}

/// The trouble that is on and stops the same function.
fn in_the_way(trouble: &Trouble, on: &BTreeMap<&'static str, On>) -> Option<&'static Trouble> {
    let stops = trouble.effect.stops()?;
    ALL.iter().find(|other| other.id != trouble.id && on.contains_key(other.id) && other.effect.stops() == Some(stops))
}

fn shown(trouble: &Trouble, on: &BTreeMap<&'static str, On>) -> Shown {
    let Trouble { id, title, promise, shows, look_for, takes, lasts, order, .. } = trouble;
    let times = |on: &On| Times { since: on.since, ends_at: on.since + *lasts };
    let (takes_seconds, lasts_seconds) = (takes.as_secs(), lasts.as_secs());
    let waits_for = in_the_way(trouble, on).map(|other| other.title);
    let order = ShownOrder { card_token: order.card(), more_than_there_is: matches!(order, Order::MoreThanThereIs) };
    let on = on.get(id).map(times);
    Shown { id, title, promise: promise.words(), shows, look_for, takes_seconds, lasts_seconds, order, on, waits_for }
}

#[cfg(test)]
mod tests;
