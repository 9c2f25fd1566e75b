//! A participant that never answers.

use std::time::Duration;

use operate::Card;

use super::effect::Effect;
use super::kind::{Order, Trouble};

pub(super) const TROUBLE: Trouble = Trouble {
    id: "silent-billing",
    title: "Billing never answers",
    shows: "What nobody answers for two and a half minutes counts as unknown. It may have happened or not, so it is undone as well, and undoing what never happened succeeds.",
    look_for: "AuthorizeCard is repeated, at last given up as unknown, and everything is undone, CancelCard first. The order is rejected without an answer of the card. This takes two and a half minutes.",
    lasts: Duration::from_secs(170),
    order: Order::Piece(Card::Good),
    effect: Effect::LosesReplies(&["AuthorizeCardFunction"]),
};
