//! Every way that an order of three products can go.

use anyhow::{Result, ensure};
use contracts::kitchen_api::v1::StartTicketRequest;
use orchestration::Registry;
use order::sagas::registry;
use saga::Outcome;
use time::Duration;

use super::restaurant::{BASKET, COOK, Restaurant, STOCK};

/// A way that an order can go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Path {
    Approved,
    CardDeclined,
    InsufficientFunds,
    OutOfStock,
    UnknownProduct,
    KitchenIsSilent,
    BillingIsSilent,
    StuckAfterThePivot,
    Canceled,
    CanceledTooLate,
}

impl Path {
    pub(super) const ALL: [Self; 10] = [
        Self::Approved,
        Self::CardDeclined,
        Self::InsufficientFunds,
        Self::OutOfStock,
        Self::UnknownProduct,
        Self::KitchenIsSilent,
        Self::BillingIsSilent,
        Self::StuckAfterThePivot,
        Self::Canceled,
        Self::CanceledTooLate,
    ];

    /// The name of its snapshot.
    pub(super) fn name(self) -> String {
        let mut name = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_uppercase() && !name.is_empty() {
                name.push('_');
            }
            name.extend(letter.to_lowercase());
        }
        name
    }

    fn card(self) -> &'static str {
        match self {
            Self::CardDeclined => "tok_declined",
            Self::InsufficientFunds => "tok_insufficient_funds",
            _ => "tok_visa",
        }
    }

    /// How much there is of the third product: nobody has counted it, too little, or enough.
    fn stock(self) -> Vec<(&'static str, i32)> {
        match self {
            Self::UnknownProduct => STOCK[..2].to_vec(),
            Self::OutOfStock => vec![STOCK[0], STOCK[1], ("espresso", 3)],
            _ => STOCK.to_vec(),
        }
    }

    /// The participant that does not answer.
    fn silent(self) -> Option<&'static str> {
        match self {
            Self::KitchenIsSilent => Some("create-ticket"),
            Self::BillingIsSilent => Some("authorize-card"),
            Self::StuckAfterThePivot => Some("approve-ticket"),
            _ => None,
        }
    }

    /// Plays it to its end; Anna looks at her order wherever it stands for a while, and the operator at its sagas.
    pub(super) async fn play(self) -> Result<(Restaurant, String)> {
        self.play_with(registry()).await
    }

    /// The same where these are the sagas.
    pub(super) async fn play_with(self, sagas: Registry) -> Result<(Restaurant, String)> {
        let gives_up = self.silent().is_some_and(|silent| gives_up(&sagas, silent));
        let mut restaurant = Restaurant::open(&self.stock(), sagas).await?;
        if let Some(silent) = self.silent() {
            restaurant.bus.pause(silent);
        }
        let order_id = restaurant.place(&BASKET, self.card()).await?;
        restaurant.find(&order_id).await?;
        if let Some(silent) = self.silent() {
            let long = restaurant.bus.now() + Duration::minutes(if gives_up { 2 } else { 6 });
            restaurant.bus.run_until(long).await;
            restaurant.find(&order_id).await?;
            restaurant.watch().await?;
            if gives_up {
                restaurant.bus.run().await;
            }
            restaurant.bus.resume(silent);
        }
        restaurant.bus.run().await;
        if matches!(self, Self::Canceled | Self::CanceledTooLate) {
            restaurant.find(&order_id).await?;
            if self == Self::CanceledTooLate {
                let request = StartTicketRequest { order_id: order_id.clone(), ..Default::default() };
                restaurant.call(&kitchen::api::StartTicket, "tickets", COOK, &request).await?;
            }
            restaurant.cancel(&order_id).await?;
            restaurant.find(&order_id).await?;
            restaurant.bus.run().await;
        }
        restaurant.find(&order_id).await?;
        restaurant.watch().await?;
        ensure!(restaurant.bus.dead_letters().is_empty(), "{self:?}: {:?}", restaurant.bus.dead_letters());
        Ok((restaurant, order_id))
    }
}

/// Whether a saga gives up the command with this handler when it stays silent, and does not repeat it for ever.
fn gives_up(sagas: &Registry, handler: &str) -> bool {
    sagas.definitions().any(|definition| {
        let position = definition.position_of(handler);
        position.is_some_and(|position| definition.after(position, Outcome::Unknown).is_some())
    })
}
