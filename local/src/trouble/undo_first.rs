//! An undo overtakes the command that it undoes.

use std::time::Duration;

use operate::Card;

use super::effect::Effect;
use super::kind::{Order, Trouble};

pub(super) const TROUBLE: Trouble = Trouble {
    id: "undo-first",
    title: "An undo overtakes its command",
    shows: "An undo that comes first leaves a tombstone, and the command that comes after it is refused: nothing stays reserved for an order that is gone.",
    look_for: "CreateTicket lies in its queue until it counts as unknown. RejectTicket is carried out before it, and the order is rejected. When the queue goes on, CreateTicket finds the tombstone, and no stock is taken. This takes two and a half minutes.",
    lasts: Duration::from_secs(170),
    order: Order::Piece(Card::Good),
    effect: Effect::Stops("CreateTicketFunction"),
};
