//! The worst moment to die: the work is done, and nobody knows.

use std::time::Duration;

use operate::Card;

use super::effect::Effect;
use super::kind::{Order, Promise, Trouble};

pub(super) const TROUBLE: Trouble = Trouble {
    id: "killed-function",
    title: "A function is killed while it works",
    promise: Promise::Once,
    shows: "A step saves its outcome and the reply in one write. A function that dies between its write and its reply loses neither: the message comes again, and the inbox answers.",
    look_for: "Kitchen’s function is killed once, after it has written the ticket and before it has replied. “Create ticket” waits, is repeated and answered. There is one ticket, and the stock has moved once.",
    takes: Duration::from_secs(10),
    lasts: Duration::from_secs(60),
    order: Order::Piece(Card::Good),
    effect: Effect::Kills { function: "CreateTicketFunction", action: "SendMessage" },
};
