//! The first step is refused.

use std::time::Duration;

use super::effect::Effect;
use super::kind::{Order, Promise, Trouble};

pub(super) const TROUBLE: Trouble = Trouble {
    id: "sold-out",
    title: "There is too little in stock",
    promise: Promise::Ends,
    shows: "Stock is never oversold: Kitchen reserves all of an order’s pieces and writes the ticket in one transaction, or refuses.",
    look_for: "“Create ticket” is refused, so there is no ticket to undo: “Reject order” alone tells the reason. The card is never asked.",
    takes: Duration::from_secs(2),
    lasts: Duration::ZERO,
    order: Order::MoreThanThereIs,
    effect: Effect::Nothing,
};
