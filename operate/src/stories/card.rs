/// A card that the payment sandbox knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    /// Is approved.
    Good,
    /// Is declined: `CARD_DECLINED`.
    Declined,
    /// Is approved after two seconds.
    Late,
    /// Is approved, but the answer to an order's first request is lost.
    SilentAtFirst,
}

impl Card {
    /// The token that an order names it by.
    #[must_use]
    pub fn token(self) -> &'static str {
        match self {
            Self::Good => "tok_visa",
            Self::Declined => "tok_declined",
            Self::Late => "tok_late",
            Self::SilentAtFirst => "tok_never_first",
        }
    }
}
