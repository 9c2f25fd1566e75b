//! Messages wait because nobody takes them.

use std::time::Duration;

use operate::Card;

use super::effect::Effect;
use super::kind::{Order, Promise, Trouble};

pub(super) const TROUBLE: Trouble = Trouble {
    id: "stopped-queue",
    title: "A queue stops",
    promise: Promise::Once,
    shows: "A message that nobody takes waits in its queue, and nothing is lost. Its repeats wait with it, and only the first that is taken has an effect.",
    look_for: "“Create ticket” waits until the queue goes on, then the saga goes on at once. The stock has moved once, however many commands were waiting.",
    takes: Duration::from_secs(20),
    lasts: Duration::from_secs(15),
    order: Order::Piece(Card::Good),
    effect: Effect::Stops("CreateTicketFunction"),
};
