//! Queues deliver at least once.

use std::time::Duration;

use operate::Card;

use super::effect::Effect;
use super::kind::{Order, Promise, Trouble};

pub(super) const TROUBLE: Trouble = Trouble {
    id: "delivered-twice",
    title: "Every message is delivered twice",
    promise: Promise::Once,
    shows: "Queues deliver at least once, and each item has an inbox: a message that it has seen is answered with what was sent for it, and has no other effect.",
    look_for: "The order is approved as ever. Every message that a function sent was there twice (in the Step Functions lane the state machine sends the commands, once), and the list of messages shows each once.",
    takes: Duration::from_secs(2),
    lasts: Duration::from_secs(30),
    order: Order::Piece(Card::Good),
    effect: Effect::SendsTwice { later: Duration::ZERO },
};
