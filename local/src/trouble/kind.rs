//! What a trouble is.

use std::time::Duration;

use operate::Card;

use super::effect::Effect;

/// Something that goes wrong while it is on.
#[derive(Debug)]
pub(super) struct Trouble {
    /// Its name in addresses.
    pub id: &'static str,
    /// What goes wrong, in a few words.
    pub title: &'static str,
    /// The promise of the system that it puts to the test.
    pub shows: &'static str,
    /// What to look for on the order's page.
    pub look_for: &'static str,
    /// How long it is on at the most; zero for an order that is trouble enough by itself.
    pub lasts: Duration,
    /// The order that meets it.
    pub order: Order,
    /// What it does.
    pub effect: Effect,
}

/// The order that meets a trouble.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    /// One piece, paid with this card.
    Piece(Card),
    /// One piece more than there is, paid with a good card.
    MoreThanThereIs,
}

impl Order {
    /// The card's token.
    pub(super) fn card(self) -> &'static str {
        match self {
            Self::Piece(card) => card.token(),
            Self::MoreThanThereIs => Card::Good.token(),
        }
    }
}
