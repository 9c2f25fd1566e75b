//! A step is refused after another step has taken effect.

use std::time::Duration;

use operate::Card;

use super::effect::Effect;
use super::kind::{Order, Promise, Trouble};

pub(super) const TROUBLE: Trouble = Trouble {
    id: "declined-card",
    title: "The card is declined",
    promise: Promise::Ends,
    shows: "When a step is refused, the steps before it are undone, the last one first, and the customer learns why.",
    look_for: "“Authorize card” is refused. “Reject ticket” puts the stock back, “Reject order” tells the reason, and nothing is charged.",
    takes: Duration::from_secs(2),
    lasts: Duration::ZERO,
    order: Order::Piece(Card::Declined),
    effect: Effect::Nothing,
};
