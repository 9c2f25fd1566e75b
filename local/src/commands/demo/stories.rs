//! The five stories.

use anyhow::Result;

use super::stage::{GOOD_CARD, Stage};

/// A story; each has a product of its own, so that its stock tells of nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Story {
    Approved,
    CardDeclined,
    OutOfStock,
    Canceled,
    CookingHasStarted,
}

impl Story {
    pub(super) const ALL: [Self; 5] =
        [Self::Approved, Self::CardDeclined, Self::OutOfStock, Self::Canceled, Self::CookingHasStarted];

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Approved => "an order is approved",
            Self::CardDeclined => "the card is declined",
            Self::OutOfStock => "there is not enough left",
            Self::Canceled => "the customer cancels in time",
            Self::CookingHasStarted => "the customer cancels too late",
        }
    }

    pub(super) fn premise(self) -> &'static str {
        match self {
            Self::Approved => "Kitchen has the food and the card is good: every step succeeds.",
            Self::CardDeclined => "Kitchen has reserved the food before the card is asked: that is undone.",
            Self::OutOfStock => "Kitchen refuses the very first step: nothing but the order itself is undone.",
            Self::Canceled => "Nobody cooks yet: the food goes back and the money on the card is released.",
            Self::CookingHasStarted => "The food is in the oven: the cancellation is undone, the order stays approved.",
        }
    }

    pub(super) fn product(self) -> &'static str {
        match self {
            Self::Approved => "margherita",
            Self::CardDeclined => "funghi",
            Self::OutOfStock => "lasagne",
            Self::Canceled => "gnocchi",
            Self::CookingHasStarted => "tiramisu",
        }
    }

    /// Plays the story and fills its check list.
    pub(super) async fn play(self, stage: &mut Stage<'_>) -> Result<()> {
        match self {
            Self::Approved => approved(stage).await,
            Self::CardDeclined => card_declined(stage).await,
            Self::OutOfStock => out_of_stock(stage).await,
            Self::Canceled => canceled(stage).await,
            Self::CookingHasStarted => cooking_has_started(stage).await,
        }
    }
}

async fn approved(stage: &mut Stage<'_>) -> Result<()> {
    stage.set_stock(2).await?;
    let found = stage.order(2, GOOD_CARD).await?;
    stage.ends(&found, "APPROVED", "");
    stage.step(&found, "create-ticket", "SUCCEEDED", "kitchen reserved the food");
    stage.step(&found, "authorize-card", "SUCCEEDED", "billing holds the money");
    stage.step(&found, "approve-ticket", "SUCCEEDED", "the cooks may begin");
    stage.stock_is(0, "the stock is taken").await
}

async fn card_declined(stage: &mut Stage<'_>) -> Result<()> {
    stage.set_stock(5).await?;
    let found = stage.order(5, "tok_declined").await?;
    stage.ends(&found, "REJECTED", "CARD_DECLINED");
    stage.step(&found, "create-ticket", "SUCCEEDED", "kitchen had reserved the food");
    stage.step(&found, "authorize-card", "REFUSED", "billing holds nothing");
    stage.step(&found, "reject-ticket", "SUCCEEDED", "kitchen has undone it");
    stage.stock_is(5, "the stock is back").await
}

async fn out_of_stock(stage: &mut Stage<'_>) -> Result<()> {
    stage.set_stock(3).await?;
    let found = stage.order(4, GOOD_CARD).await?;
    stage.ends(&found, "REJECTED", "OUT_OF_STOCK");
    stage.step(&found, "create-ticket", "REFUSED", "kitchen has too little");
    stage.never_asked(&found, "authorize-card", "the card is left alone");
    stage.stock_is(3, "nothing was reserved").await
}

async fn canceled(stage: &mut Stage<'_>) -> Result<()> {
    stage.set_stock(4).await?;
    let placed = stage.order(4, GOOD_CARD).await?;
    stage.ending.must_be("the order at first", placed.order.status(), "APPROVED");
    let found = stage.cancel(&placed).await?;
    stage.ends(&found, "CANCELED", "");
    stage.step(&found, "cancel-ticket", "SUCCEEDED", "kitchen has let go");
    stage.step(&found, "cancel-card", "SUCCEEDED", "the authorization is voided");
    stage.stock_is(4, "the stock is back").await
}

async fn cooking_has_started(stage: &mut Stage<'_>) -> Result<()> {
    stage.set_stock(3).await?;
    let placed = stage.order(3, GOOD_CARD).await?;
    stage.ending.must_be("the order at first", placed.order.status(), "APPROVED");
    stage.start_cooking(&placed).await?;
    let found = stage.cancel(&placed).await?;
    stage.ends(&found, "APPROVED", "COOKING_HAS_STARTED");
    stage.step(&found, "cancel-ticket", "REFUSED", "kitchen keeps cooking");
    stage.step(&found, "reject-cancellation", "SUCCEEDED", "the request to cancel is undone");
    stage.never_asked(&found, "cancel-card", "the money stays held");
    stage.stock_is(0, "the stock stays taken").await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_story_has_a_product_of_its_own_from_the_menu() {
        let menu: BTreeSet<String> = local::seed::products().unwrap().into_iter().map(|product| product.id).collect();
        let products: BTreeSet<String> = Story::ALL.iter().map(|story| story.product().to_owned()).collect();
        assert_eq!(products.len(), Story::ALL.len());
        assert!(products.is_subset(&menu), "{products:?}");
    }
}
