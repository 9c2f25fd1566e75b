//! An undo overtakes the command that it undoes.

use std::time::Duration;

use operate::Card;

use super::effect::Effect;
use super::kind::{Order, Promise, Trouble};

pub(super) const TROUBLE: Trouble = Trouble {
    id: "undo-first",
    title: "An undo overtakes its command",
    promise: Promise::Silence,
    shows: "An undo that comes first leaves a tombstone, and the command that comes after it is refused: nothing stays reserved for an order that is gone.",
    look_for: "“Create ticket” lies in its queue until it is given up. “Reject ticket” is carried out before it, and the order is not accepted. When the queue goes on, “Create ticket” finds the tombstone: nothing more happens, and the menu has as much as before.",
    takes: Duration::from_secs(150),
    lasts: Duration::from_secs(170),
    order: Order::Piece(Card::Good),
    effect: Effect::Stops("CreateTicketFunction"),
};
