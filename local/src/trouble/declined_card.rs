//! A step is refused after another step has taken effect.

use std::time::Duration;

use operate::Card;

use super::effect::Effect;
use super::kind::{Order, Trouble};

pub(super) const TROUBLE: Trouble = Trouble {
    id: "declined-card",
    title: "The card is declined",
    shows: "When a step is refused, the steps before it are undone, the last one first, and the customer learns why.",
    look_for: "AuthorizeCard is refused. RejectTicket puts the stock back, RejectOrder tells the reason, and nothing is charged.",
    lasts: Duration::ZERO,
    order: Order::Piece(Card::Declined),
    effect: Effect::Nothing,
};
