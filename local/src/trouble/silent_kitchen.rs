//! A participant works and nobody hears of it.

use std::time::Duration;

use operate::Card;

use super::effect::Effect;
use super::kind::{Order, Promise, Trouble};

pub(super) const TROUBLE: Trouble = Trouble {
    id: "silent-kitchen",
    title: "Kitchen is silent",
    promise: Promise::Silence,
    shows: "A command that nobody answers is repeated under its old id, and whoever has carried it out before answers again and does nothing twice.",
    look_for: "“Create ticket” waits and is repeated. Kitchen has written the ticket at the first try, and its replies get lost; the first reply after the silence lets the saga go on. There is one ticket, and the stock has moved once.",
    takes: Duration::from_secs(30),
    lasts: Duration::from_secs(20),
    order: Order::Piece(Card::Good),
    effect: Effect::LosesReplies(&[
        "CreateTicketFunction",
        "ApproveTicketFunction",
        "RejectTicketFunction",
        "CancelTicketFunction",
    ]),
};
