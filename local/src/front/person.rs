/// A person of the examples, the demo, the console and the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    /// The person who orders food.
    Customer,
    /// Another person who orders food, and who sees none of the first person's orders.
    AnotherCustomer,
    /// The person who cooks it.
    Cook,
    /// The person who watches the sagas.
    Operator,
}

impl Person {
    /// Everybody who can sign in.
    pub const ALL: [Self; 4] = [Self::Customer, Self::AnotherCustomer, Self::Cook, Self::Operator];

    /// The `sub` of this person's token in the examples.
    #[must_use]
    pub fn subject(self) -> &'static str {
        match self {
            Self::Customer => "auth0|customer-1",
            Self::AnotherCustomer => "auth0|customer-2",
            Self::Cook => "auth0|cook-1",
            Self::Operator => "auth0|operator-1",
        }
    }

    /// The name that the app shows.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "Anna",
            Self::AnotherCustomer => "Berta",
            Self::Cook => "Carlo",
            Self::Operator => "Olga",
        }
    }

    /// What the person is, as the sign-in page says after the name.
    #[must_use]
    pub fn role(self) -> &'static str {
        match self {
            Self::Customer => "a customer",
            Self::AnotherCustomer => "another customer",
            Self::Cook => "a cook",
            Self::Operator => "an operator",
        }
    }

    /// The API permissions of this person's tokens.
    #[must_use]
    pub fn permissions(self) -> &'static [&'static str] {
        match self {
            Self::Customer | Self::AnotherCustomer => {
                &["create:orders", "cancel:orders", "read:orders", "read:products", "read:stock"]
            }
            Self::Cook => &["read:tickets", "update:tickets", "update:stock", "read:stock", "read:products"],
            Self::Operator => &["read:operations"],
        }
    }
}
