//! The first step is refused.

use std::time::Duration;

use super::effect::Effect;
use super::kind::{Order, Trouble};

pub(super) const TROUBLE: Trouble = Trouble {
    id: "sold-out",
    title: "There is too little in stock",
    shows: "Stock is never oversold: Kitchen reserves all of an order's pieces and writes the ticket in one transaction, or refuses.",
    look_for: "CreateTicket is refused, so there is no ticket to undo: RejectOrder alone tells the reason. The card is never asked.",
    lasts: Duration::ZERO,
    order: Order::MoreThanThereIs,
    effect: Effect::Nothing,
};
