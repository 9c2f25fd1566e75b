//! Where a story is played: what people do there, and what the services make of it, is noted in its timeline.

use anyhow::Result;
use time::OffsetDateTime;

use super::ending::Ending;
use super::front_door::FrontDoor;
use super::progress::Found;
use super::timeline::{Timeline, Tone};

/// The sandbox's card that is always approved.
pub(super) const GOOD_CARD: &str = "tok_visa";

/// One story being played, with a product of its own.
pub(super) struct Stage<'a> {
    door: &'a FrontDoor,
    product: &'static str,
    timeline: Timeline,
    /// What must hold at the end.
    pub(super) ending: Ending,
}

impl<'a> Stage<'a> {
    pub(super) fn set(door: &'a FrontDoor, product: &'static str) -> Self {
        let timeline = Timeline::from(OffsetDateTime::now_utc());
        Self { door, product, timeline, ending: Ending::default() }
    }

    /// What happened, and how it ended.
    pub(super) fn clear(self) -> (Timeline, Ending) {
        (self.timeline, self.ending)
    }

    /// The cook counts the product.
    pub(super) async fn set_stock(&mut self, available: u32) -> Result<()> {
        let at = OffsetDateTime::now_utc();
        self.door.set_stock(self.product, available).await?;
        self.timeline.person(at, "cook", "SetStock", "done", &format!("{available} x {}", self.product));
        Ok(())
    }

    /// The customer orders the product, and waits until the saga is over.
    pub(super) async fn order(&mut self, quantity: u32, card: &str) -> Result<Found> {
        let at = OffsetDateTime::now_utc();
        let order = self.door.create_order(self.product, quantity, card).await?;
        let detail = format!("{quantity} x {} with {card}, order {}", self.product, order.order_id);
        self.timeline.person(at, "customer", "CreateOrder", order.status(), &detail);
        let found = self.door.settled(&order.order_id, 1).await?;
        self.timeline.sagas(&found.sagas);
        Ok(found)
    }

    /// The customer cancels the order, and waits until that saga is over.
    pub(super) async fn cancel(&mut self, order: &Found) -> Result<Found> {
        let at = OffsetDateTime::now_utc();
        let order_id = &order.order.order_id;
        let status = self.door.cancel_order(order_id).await?;
        self.timeline.person(at, "customer", "CancelOrder", status.status(), "");
        let found = self.door.settled(order_id, order.sagas.len() + 1).await?;
        self.timeline.sagas(&found.sagas[order.sagas.len()..]);
        Ok(found)
    }

    /// The cook starts to cook the order.
    pub(super) async fn start_cooking(&mut self, order: &Found) -> Result<()> {
        let at = OffsetDateTime::now_utc();
        self.door.start_ticket(&order.order.order_id).await?;
        self.timeline.person(at, "cook", "StartTicket", "done", "the food is in the oven");
        Ok(())
    }

    /// The order must have come to this status, for this reason.
    pub(super) fn ends(&mut self, found: &Found, status: &str, reason: &str) {
        self.ending.must_be("the order", found.order.status(), status);
        if reason.is_empty() {
            self.ending.must("it gives no reason", found.order.reason.is_empty());
        } else {
            self.ending.must_be("its reason", &found.order.reason, reason);
        }
    }

    /// A function must have come to this outcome, which means this for the story.
    pub(super) fn step(&mut self, found: &Found, function: &str, outcome: &str, meaning: &str) {
        let actual = found.outcome(function).unwrap_or_default();
        self.ending.must_be(&format!("{meaning}: {function}"), actual, outcome);
    }

    /// A function must not have been asked.
    pub(super) fn never_asked(&mut self, found: &Found, function: &str, meaning: &str) {
        self.ending.must(&format!("{meaning}: {function} was never asked"), found.outcome(function).is_none());
    }

    /// There must be exactly `left` of the product. Nobody may read the stock, so orders show it: one for all of it is
    /// approved, and then one for a single piece is refused.
    pub(super) async fn stock_is(&mut self, left: u32, meaning: &str) -> Result<()> {
        let all = if left == 0 { None } else { Some(self.try_order(left).await?) };
        let more = self.try_order(1).await?;
        let enough = all.as_ref().is_none_or(|found| found.order.status() == "APPROVED");
        let no_more = more.order.status() == "REJECTED" && more.order.reason == "OUT_OF_STOCK";
        let shown = match left {
            0 => "an order for 1 is OUT_OF_STOCK".to_owned(),
            _ => format!("an order for {left} is APPROVED, then one for 1 is OUT_OF_STOCK"),
        };
        self.ending.must(&format!("{meaning}: {shown}"), enough && no_more);
        Ok(())
    }

    /// An order that only shows how much there is.
    async fn try_order(&mut self, quantity: u32) -> Result<Found> {
        let at = OffsetDateTime::now_utc();
        let order = self.door.create_order(self.product, quantity, GOOD_CARD).await?;
        let found = self.door.settled(&order.order_id, 1).await?;
        let tone = if found.order.reason.is_empty() { Tone::Good } else { Tone::Bad };
        let mut detail = format!("{quantity} x {} with {GOOD_CARD}, to see what is left", self.product);
        if !found.order.reason.is_empty() {
            detail = format!("{}: {detail}", found.order.reason);
        }
        self.timeline.outcome(at, "customer", "CreateOrder", (found.order.status(), tone), &detail);
        Ok(found)
    }
}
