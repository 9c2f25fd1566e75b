//! The demo tells the stories with products of the menu, the smoke test with products of its own; the deployed tests play them
//! with a basket of their own.

use contracts::Reason;

use super::card::Card;

/// What people do with one order, and how it must end.
#[derive(Debug)]
pub struct Story {
    /// A short name, as a part of a product's id.
    pub name: &'static str,
    /// What happens, as a clause.
    pub title: &'static str,
    /// Why it ends the way it does.
    pub premise: &'static str,
    /// The product that the demo orders. Each story has its own, so that its stock shows nothing else.
    pub product: &'static str,
    /// How many pieces of the product the cook has in the demo.
    pub stock: u32,
    /// How many pieces the customer orders in the demo.
    pub quantity: u32,
    /// The card that the customer pays with.
    pub card: Card,
    /// Whether the cook starts cooking once the order is approved.
    pub starts_cooking: bool,
    /// Whether the customer cancels the order once it is approved.
    pub cancels: bool,
    /// What must hold when the order's sagas are over.
    pub end: End,
}

/// What must hold when a story is over.
#[derive(Debug)]
pub struct End {
    /// The order's status.
    pub order: &'static str,
    /// The reason that the order gives.
    pub reason: Option<Reason>,
    /// The ticket's status.
    pub ticket: &'static str,
    /// The status of the card's authorization; `None` when the card was never asked.
    pub authorization: Option<&'static str>,
    /// The outcomes of commands that show how the order came here.
    pub steps: &'static [Step],
    /// Whether what was ordered is gone from the stock.
    pub takes_stock: bool,
    /// What the stock means for the story.
    pub stock_means: &'static str,
}

/// A command of a saga and its outcome.
#[derive(Debug)]
pub struct Step {
    /// The function that carries the command out.
    pub function: &'static str,
    /// The outcome; `None` when the function must not have been asked.
    pub outcome: Option<&'static str>,
    /// What the outcome means for the story.
    pub means: &'static str,
}

const fn succeeds(function: &'static str, means: &'static str) -> Step {
    Step { function, outcome: Some("SUCCEEDED"), means }
}

const fn refuses(function: &'static str, means: &'static str) -> Step {
    Step { function, outcome: Some("REFUSED"), means }
}

const fn is_never_asked(function: &'static str, means: &'static str) -> Step {
    Step { function, outcome: None, means }
}

impl Story {
    /// Every story, in the order in which the demo tells them.
    pub const ALL: [Self; 5] =
        [Self::APPROVED, Self::CARD_DECLINED, Self::OUT_OF_STOCK, Self::CANCELED, Self::CANCELED_TOO_LATE];

    /// An order is approved.
    pub const APPROVED: Self = Self {
        name: "approved",
        title: "an order is approved",
        premise: "Kitchen has the food and the card is good: every step succeeds.",
        product: "margherita",
        stock: 2,
        quantity: 2,
        card: Card::Good,
        starts_cooking: false,
        cancels: false,
        end: End {
            order: "APPROVED",
            reason: None,
            ticket: "APPROVED",
            authorization: Some("AUTHORIZED"),
            steps: &[
                succeeds("create-ticket", "kitchen reserved the food"),
                succeeds("authorize-card", "billing holds the money"),
                succeeds("approve-ticket", "the cooks may begin"),
            ],
            takes_stock: true,
            stock_means: "the stock is taken",
        },
    };

    /// The card is declined after the food was reserved.
    pub const CARD_DECLINED: Self = Self {
        name: "card-declined",
        title: "the card is declined",
        premise: "Kitchen has reserved the food before the card is asked: that is undone.",
        product: "funghi",
        stock: 5,
        quantity: 5,
        card: Card::Declined,
        starts_cooking: false,
        cancels: false,
        end: End {
            order: "REJECTED",
            reason: Some(Reason::CardDeclined),
            ticket: "REJECTED",
            authorization: Some("DECLINED"),
            steps: &[
                succeeds("create-ticket", "kitchen had reserved the food"),
                refuses("authorize-card", "billing holds nothing"),
                succeeds("reject-ticket", "kitchen has undone it"),
            ],
            takes_stock: false,
            stock_means: "the stock is back",
        },
    };

    /// Kitchen has less than was ordered.
    pub const OUT_OF_STOCK: Self = Self {
        name: "out-of-stock",
        title: "there is not enough left",
        premise: "Kitchen refuses the very first step: nothing but the order itself is undone.",
        product: "lasagne",
        stock: 3,
        quantity: 4,
        card: Card::Good,
        starts_cooking: false,
        cancels: false,
        end: End {
            order: "REJECTED",
            reason: Some(Reason::OutOfStock),
            ticket: "REJECTED",
            authorization: None,
            steps: &[
                refuses("create-ticket", "kitchen has too little"),
                is_never_asked("authorize-card", "the card is left alone"),
            ],
            takes_stock: false,
            stock_means: "nothing was reserved",
        },
    };

    /// The customer cancels before anybody cooks.
    pub const CANCELED: Self = Self {
        name: "canceled",
        title: "the customer cancels in time",
        premise: "Nobody cooks yet: the food goes back and the money on the card is released.",
        product: "gnocchi",
        stock: 4,
        quantity: 4,
        card: Card::Good,
        starts_cooking: false,
        cancels: true,
        end: End {
            order: "CANCELED",
            reason: None,
            ticket: "CANCELED",
            authorization: Some("VOIDED"),
            steps: &[
                succeeds("cancel-ticket", "kitchen has let go"),
                succeeds("cancel-card", "the authorization is voided"),
            ],
            takes_stock: false,
            stock_means: "the stock is back",
        },
    };

    /// The customer cancels after cooking has started.
    pub const CANCELED_TOO_LATE: Self = Self {
        name: "canceled-too-late",
        title: "the customer cancels too late",
        premise: "The food is in the oven: the cancellation is undone, the order stays approved.",
        product: "tiramisu",
        stock: 3,
        quantity: 3,
        card: Card::Good,
        starts_cooking: true,
        cancels: true,
        end: End {
            order: "APPROVED",
            reason: Some(Reason::CookingHasStarted),
            ticket: "PREPARING",
            authorization: Some("AUTHORIZED"),
            steps: &[
                refuses("cancel-ticket", "kitchen keeps cooking"),
                succeeds("reject-cancellation", "the request to cancel is undone"),
                is_never_asked("cancel-card", "the money stays held"),
            ],
            takes_stock: true,
            stock_means: "the stock stays taken",
        },
    };

    /// How many pieces of its product the demo must find at the end.
    #[must_use]
    pub fn left(&self) -> u32 {
        if self.end.takes_stock { self.stock.saturating_sub(self.quantity) } else { self.stock }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::menu::product::Product;

    #[test]
    fn every_story_has_a_product_of_its_own_from_the_menu() {
        let menu: BTreeSet<String> = Product::menu().unwrap().into_iter().map(|product| product.id).collect();
        let products: BTreeSet<String> = Story::ALL.iter().map(|story| story.product.to_owned()).collect();
        assert_eq!(products.len(), Story::ALL.len());
        assert!(products.is_subset(&menu), "{products:?}");
    }
}
