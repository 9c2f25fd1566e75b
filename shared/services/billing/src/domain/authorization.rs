//! An authorization: what a customer's card holds for an order.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Money;

/// What a card is asked to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The customer who ordered.
    pub customer_id: String,
    /// The order's total.
    pub amount: Money,
}

/// Why a card holds nothing: for programs and for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decline {
    /// The reason, for a program.
    pub reason: DeclineReason,
    /// The reason in words, for a person.
    pub message: String,
}

/// Why a card holds nothing, as the saga is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeclineReason {
    /// The card cannot be used.
    CardDeclined,
    /// The card can be used, but not for so much.
    InsufficientFunds,
}

/// What a customer's card holds for one order, whose id is the item's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Authorization {
    /// The card holds the amount.
    Authorized {
        /// What it holds.
        charge: Charge,
    },
    /// The card holds nothing, and never did.
    Declined {
        /// What it was asked to hold.
        charge: Charge,
        /// Why it does not.
        decline: Decline,
    },
    /// The card holds nothing, and never will again for this order.
    Voided {
        /// What it held, or was to hold; `None` in a tombstone, where the cancellation came first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        charge: Option<Charge>,
    },
}

/// What a repeated request to hold an amount finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repeat<'a> {
    /// The card holds it.
    Authorized,
    /// The card refused.
    Declined(&'a Decline),
    /// The cancellation came first: what the card may hold has to be released, and this remembered.
    Canceled(Authorization),
}

/// What a command does to an authorization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transition {
    /// The authorization is now this.
    Changed(Authorization),
    /// The command took effect before, or there is nothing it could act on.
    Already,
}

/// An order has been charged with something else before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the order was to be charged {known}, not {asked}, or another customer")]
pub struct OtherCharge {
    known: Money,
    asked: Money,
}

impl Authorization {
    /// The mark that a cancellation leaves when it comes before the authorization that it cancels.
    pub fn tombstone() -> Self {
        Self::Voided { charge: None }
    }

    /// Recognises a request that was made before.
    ///
    /// # Errors
    /// The request is for another amount or another customer.
    pub fn repeat(&self, asked: &Charge) -> Result<Repeat<'_>, OtherCharge> {
        match self {
            Self::Authorized { charge } => charge.must_equal(asked).map(|()| Repeat::Authorized),
            Self::Declined { charge, decline } => charge.must_equal(asked).map(|()| Repeat::Declined(decline)),
            Self::Voided { charge: Some(charge) } => charge.must_equal(asked).map(|()| Repeat::Canceled(self.clone())),
            Self::Voided { charge: None } => Ok(Repeat::Canceled(Self::Voided { charge: Some(asked.clone()) })),
        }
    }

    /// Releases what the card holds.
    pub fn void(&self) -> Transition {
        match self {
            Self::Authorized { charge } => Transition::Changed(Self::Voided { charge: Some(charge.clone()) }),
            // A declined card holds nothing, and a repeated request is declined again: nothing is left to forbid.
            Self::Declined { .. } | Self::Voided { .. } => Transition::Already,
        }
    }
}

impl Charge {
    fn must_equal(&self, asked: &Self) -> Result<(), OtherCharge> {
        if self == asked { Ok(()) } else { Err(OtherCharge { known: self.amount, asked: asked.amount }) }
    }
}

#[cfg(test)]
mod tests;
