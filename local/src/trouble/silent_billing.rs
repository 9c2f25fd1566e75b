//! A participant that never answers.

use std::time::Duration;

use operate::Card;

use super::effect::Effect;
use super::kind::{Order, Promise, Trouble};

pub(super) const TROUBLE: Trouble = Trouble {
    id: "silent-billing",
    title: "Billing never answers",
    promise: Promise::Silence,
    shows: "What nobody answers for two and a half minutes counts as unknown. It may have happened or not, so it is undone as well, and undoing what never happened succeeds.",
    look_for: "“Authorize card” is repeated, at last given up without an answer, and everything is undone, “Cancel card” first. The order is not accepted, and nothing is charged.",
    takes: Duration::from_secs(150),
    lasts: Duration::from_secs(170),
    order: Order::Piece(Card::Good),
    effect: Effect::LosesReplies(&["AuthorizeCardFunction"]),
};
