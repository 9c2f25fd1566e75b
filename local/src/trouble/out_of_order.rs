//! An old message arrives after the messages that followed it.

use std::time::Duration;

use operate::Card;

use super::effect::Effect;
use super::kind::{Order, Promise, Trouble};

pub(super) const TROUBLE: Trouble = Trouble {
    id: "out-of-order",
    title: "Messages arrive out of order",
    promise: Promise::Once,
    shows: "Nothing relies on an order of messages: what comes too late finds in the inbox that it was handled, or that its saga is over.",
    look_for: "The card is declined and everything is undone. A copy of each message that a function sends arrives six seconds late: in the Rust lane, “Create ticket” comes again after “Reject ticket”. The ticket stays rejected, and the stock stays where it was.",
    takes: Duration::from_secs(8),
    lasts: Duration::from_secs(30),
    order: Order::Piece(Card::Declined),
    effect: Effect::SendsTwice { later: Duration::from_secs(6) },
};
