//! An old message arrives after the messages that followed it.

use std::time::Duration;

use operate::Card;

use super::effect::Effect;
use super::kind::{Order, Trouble};

pub(super) const TROUBLE: Trouble = Trouble {
    id: "out-of-order",
    title: "Messages arrive out of order",
    shows: "Nothing relies on an order of messages: what comes too late finds in the inbox that it was handled, or that its saga is over.",
    look_for: "The card is declined and everything is undone. A copy of each message that a function sends arrives six seconds late: in the Rust lane, CreateTicket comes again after RejectTicket. The ticket stays rejected, and the stock stays where it was.",
    lasts: Duration::from_secs(30),
    order: Order::Piece(Card::Declined),
    effect: Effect::SendsTwice { later: Duration::from_secs(6) },
};
