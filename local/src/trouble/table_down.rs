//! A function cannot reach its tables.

use std::time::Duration;

use operate::Card;

use super::effect::Effect;
use super::kind::{Order, Promise, Trouble};

pub(super) const TROUBLE: Trouble = Trouble {
    id: "table-down",
    title: "Kitchen’s tables do not answer",
    promise: Promise::Once,
    shows: "A step that cannot save has done nothing and says nothing: its message is left on the queue and comes again, and the saga repeats the command.",
    look_for: "“Create ticket” waits and is repeated. The first try after the outage writes the ticket and takes the stock, once.",
    takes: Duration::from_secs(30),
    lasts: Duration::from_secs(15),
    order: Order::Piece(Card::Good),
    effect: Effect::Refuses { function: "CreateTicketFunction", service: "dynamodb" },
};
