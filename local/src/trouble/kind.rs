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
    /// The promise that it puts to the test.
    pub promise: Promise,
    /// How the system keeps it.
    pub shows: &'static str,
    /// What to look for on the order's page, whose words for commands these are.
    pub look_for: &'static str,
    /// How long the order takes that meets it.
    pub takes: Duration,
    /// How long it is on at the most; zero for an order that is trouble enough by itself.
    pub lasts: Duration,
    /// The order that meets it.
    pub order: Order,
    /// What it does.
    pub effect: Effect,
}

/// A promise of the engine's that anybody can put to the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Promise {
    /// Everything or nothing.
    Ends,
    /// Repeats, deaths and delays double nothing and lose nothing.
    Once,
    /// What is not answered is asked again, and at last undone.
    Silence,
}

impl Promise {
    /// Its words in the engine's README.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Ends => "A saga ends, once every service answers",
            Self::Once => "A step takes effect once",
            Self::Silence => "Silence is not failure",
        }
    }
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
