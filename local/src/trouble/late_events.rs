//! The outbox is published late.

use std::time::Duration;

use operate::Card;

use super::effect::Effect;
use super::kind::{Order, Promise, Trouble};

pub(super) const TROUBLE: Trouble = Trouble {
    id: "late-events",
    title: "Events are published late",
    promise: Promise::Once,
    shows: "An order and its event are one write. If the event cannot be published yet, it waits in the order’s outbox and the table’s stream; it is never lost.",
    look_for: "The order is being checked, and no saga has begun. When the relay goes on, it publishes the event, and the saga begins.",
    takes: Duration::from_secs(15),
    lasts: Duration::from_secs(12),
    order: Order::Piece(Card::Good),
    effect: Effect::Stops("RelayOutboxFunction"),
};
