use anyhow::Result;
use contracts::Reason;
use serde::de::DeserializeOwned;
use serde_json::Value;
use time::OffsetDateTime;

use super::card::Card;
use super::ending::Ending;
use super::progress::{Found, Order};
use super::story::{End, Story};
use super::timeline::{Style, Timeline, Tone};
use crate::api::client::Client;

/// The people of a story, each with a client of their own.
#[derive(Clone, Debug)]
pub struct Cast {
    /// The person who orders.
    pub customer: Client,
    /// The person who counts the stock and cooks.
    pub cook: Client,
}

/// A story that was played: what people and services did, and whether it ended as it must.
#[derive(Debug)]
pub struct Played {
    timeline: Timeline,
    ending: Ending,
    order_id: Option<String>,
}

impl Played {
    /// Plays `story` with `product`, which nobody else may order meanwhile. A story that cannot be played to its end has ended
    /// wrong, and its list says why.
    pub async fn by(cast: &Cast, story: &Story, product: &str) -> Self {
        let timeline = Timeline::from(OffsetDateTime::now_utc());
        let mut stage = Stage { cast, product, timeline, ending: Ending::default(), order_id: None };
        if let Err(error) = stage.play(story).await {
            stage.ending.must(&format!("the story is played to its end, but {error:#}"), false);
        }
        let Stage { timeline, ending, order_id, .. } = stage;
        Self { timeline, ending, order_id }
    }

    /// Whether it ended as it must.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.ending.is_good()
    }

    /// What people and services did, as a table.
    #[must_use]
    pub fn timeline(&self, style: Style) -> String {
        self.timeline.render(style)
    }

    /// What must hold in the end, with a line per check.
    #[must_use]
    pub fn ending(&self, style: Style) -> String {
        self.ending.render(style)
    }

    /// The list of what must hold, for more checks.
    pub(crate) fn checks(&mut self) -> &mut Ending {
        &mut self.ending
    }

    /// The order that the story is about, if it was placed.
    pub(crate) fn order_id(&self) -> Option<&str> {
        self.order_id.as_deref()
    }
}

/// A story that is being played, with a timeline of what people and services do.
struct Stage<'a> {
    cast: &'a Cast,
    product: &'a str,
    timeline: Timeline,
    ending: Ending,
    order_id: Option<String>,
}

impl Stage<'_> {
    /// Plays the story and fills its check list.
    async fn play(&mut self, story: &Story) -> Result<()> {
        self.set_stock(story.stock).await?;
        let mut found = self.order(story.quantity, story.card).await?;
        if story.cancels {
            self.ending.must_be("the order at first", found.order.status(), "APPROVED");
            if story.starts_cooking {
                self.start_cooking(&found).await?;
            }
            found = self.cancel(&found).await?;
        }
        self.check(&found, &story.end);
        self.check_stock(story.left(), story.end.stock_means).await
    }

    /// The cook counts the product.
    async fn set_stock(&mut self, available: u32) -> Result<()> {
        let at = OffsetDateTime::now_utc();
        self.cast.cook.set_stock(self.product, available).await?;
        self.timeline.person(at, "cook", "SetStock", "done", &format!("{available} x {}", self.product));
        Ok(())
    }

    /// The customer orders the product, and waits until the saga is over.
    async fn order(&mut self, quantity: u32, card: Card) -> Result<Found> {
        let at = OffsetDateTime::now_utc();
        let order: Order = read(self.cast.customer.place_all(&[(self.product, quantity)], card).await?)?;
        let detail = format!("{quantity} x {} with {}, order {}", self.product, card.token(), order.order_id);
        self.timeline.person(at, "customer", "CreateOrder", order.status(), &detail);
        self.order_id = Some(order.order_id.clone());
        let found = self.settled(&order.order_id, 1).await?;
        self.timeline.sagas(&found.sagas);
        Ok(found)
    }

    /// The customer cancels the order, and waits until that saga is over.
    async fn cancel(&mut self, order: &Found) -> Result<Found> {
        let at = OffsetDateTime::now_utc();
        let order_id = &order.order.order_id;
        let canceled: Order = read(self.cast.customer.cancel(order_id).await?.ok()?["order"].take())?;
        self.timeline.person(at, "customer", "CancelOrder", canceled.status(), "");
        let found = self.settled(order_id, order.sagas.len() + 1).await?;
        self.timeline.sagas(&found.sagas[order.sagas.len()..]);
        Ok(found)
    }

    /// The cook starts to cook the order.
    async fn start_cooking(&mut self, order: &Found) -> Result<()> {
        let at = OffsetDateTime::now_utc();
        self.cast.cook.start_ticket(&order.order.order_id).await?;
        self.timeline.person(at, "cook", "StartTicket", "done", "the food is in the oven");
        Ok(())
    }

    async fn settled(&self, order_id: &str, sagas: usize) -> Result<Found> {
        read(self.cast.customer.settled(order_id, sagas).await?)
    }

    /// Checks the order and the commands that brought it here.
    fn check(&mut self, found: &Found, end: &End) {
        self.ending.must_be("the order", found.order.status(), end.order);
        let reason = &found.order.reason;
        if let Some(expected) = end.reason {
            self.ending.must_be("its reason", reason, expected.name());
        } else {
            let instead = if reason.is_empty() { String::new() } else { format!(", but it gives {reason}") };
            self.ending.must(&format!("it gives no reason{instead}"), reason.is_empty());
        }
        for step in end.steps {
            let (function, actual) = (step.function, found.outcome(step.function));
            match step.outcome {
                Some(outcome) => {
                    self.ending.must_be(&format!("{}: {function}", step.means), actual.unwrap_or_default(), outcome);
                }
                None => self.ending.must(&format!("{}: {function} was never asked", step.means), actual.is_none()),
            }
        }
    }

    /// Checks that exactly `left` pieces of the product are there. Nobody may read the stock, so orders show it: an order for
    /// all of it is approved, and then an order for a single piece is refused.
    async fn check_stock(&mut self, left: u32, means: &str) -> Result<()> {
        let all = if left == 0 { None } else { Some(self.try_order(left).await?) };
        let more = self.try_order(1).await?;
        let enough = all.as_ref().is_none_or(|found| found.order.status() == "APPROVED");
        let no_more = more.order.status() == "REJECTED" && more.order.reason == Reason::OutOfStock.name();
        let shown = match left {
            0 => "an order for 1 is OUT_OF_STOCK".to_owned(),
            _ => format!("an order for {left} is APPROVED, then one for 1 is OUT_OF_STOCK"),
        };
        self.ending.must(&format!("{means}: {shown}"), enough && no_more);
        Ok(())
    }

    /// Places an order that only shows how much there is.
    async fn try_order(&mut self, quantity: u32) -> Result<Found> {
        let at = OffsetDateTime::now_utc();
        let order_id = self.cast.customer.place(self.product, quantity, Card::Good).await?;
        let found = self.settled(&order_id, 1).await?;
        let tone = if found.order.reason.is_empty() { Tone::Good } else { Tone::Bad };
        let mut detail = format!("{quantity} x {} with {}, to see what is left", self.product, Card::Good.token());
        if !found.order.reason.is_empty() {
            detail = format!("{}: {detail}", found.order.reason);
        }
        self.timeline.outcome(at, "customer", "CreateOrder", (found.order.status(), tone), &detail);
        Ok(found)
    }
}

fn read<T: DeserializeOwned>(answer: Value) -> Result<T> {
    Ok(serde_json::from_value(answer)?)
}

#[cfg(test)]
mod tests;
