/// A person of the examples, the demo and the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    /// The person who orders food.
    Customer,
    /// The person who cooks it.
    Cook,
}

impl Person {
    /// The `sub` of this person's token in the examples.
    #[must_use]
    pub fn subject(self) -> &'static str {
        match self {
            Self::Customer => "auth0|customer-1",
            Self::Cook => "auth0|cook-1",
        }
    }

    /// The API permissions of this person's tokens.
    #[must_use]
    pub fn permissions(self) -> &'static [&'static str] {
        match self {
            Self::Customer => &["create:orders", "cancel:orders", "read:orders", "read:products"],
            Self::Cook => &["read:tickets", "update:tickets", "update:stock"],
        }
    }
}
