//! An order and its life.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Basket, Money, MoneyError, Product, ProductId};

/// How many of its latest sagas an order remembers.
pub const MAX_SAGAS: usize = 8;

/// One order of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Derived from the call that placed it.
    pub id: Uuid,
    /// The subject of the token that placed it.
    pub customer: String,
    /// At most [`super::MAX_ITEMS`].
    pub items: Vec<LineItem>,
    /// The sum over the items.
    pub total: Money,
    /// How far it has come.
    pub status: Status,
    /// When it was placed.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Fingerprint of the content of the call that placed it.
    pub fingerprint: Uuid,
    /// The latest sagas about it, oldest first, at most [`MAX_SAGAS`].
    pub sagas: Vec<Uuid>,
}

/// One product at the price it was ordered for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineItem {
    /// The product.
    pub product: ProductId,
    /// How much of the product was ordered.
    pub quantity: u32,
    /// The price of one piece.
    pub unit_price: Money,
}

/// How far an order has come. A pending status is a semantic lock: it belongs to the saga `owner`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Kitchen and Billing are being asked.
    ApprovalPending {
        /// The saga that holds the lock.
        owner: Uuid,
    },
    /// It will be cooked, unless it is canceled in time.
    Approved {
        /// Why the last attempt to cancel it was refused.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cancellation_refused: Option<String>,
    },
    /// Kitchen or Billing has refused the order, or has not answered.
    Rejected {
        /// The reason, as the customer is told.
        reason: String,
    },
    /// Kitchen is being asked to let go.
    CancelPending {
        /// The saga that holds the lock.
        owner: Uuid,
    },
    /// It was canceled.
    Canceled,
}

/// What a command does to an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transition {
    /// The order is now this.
    Changed(Order),
    /// The command took effect before.
    Already,
}

/// A command that an order in this status can never accept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{command} does not fit an order that is {status:?}")]
pub struct Illegal {
    /// The command.
    pub command: &'static str,
    /// The order's status.
    pub status: Status,
}

/// Why an order cannot be canceled now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CancellationRefused {
    /// Another saga holds the lock.
    #[error("the order is being worked on: wait until it is approved or rejected, then try again")]
    Locked,
    /// The order was rejected, so there is nothing to cancel.
    #[error("the order was rejected: there is nothing to cancel")]
    Rejected,
    /// The order was canceled before.
    #[error("the order is canceled already")]
    Canceled,
}

/// Why an order cannot be placed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Placement {
    /// The catalogue does not have the product.
    #[error("there is no product {0}: choose from ListProducts")]
    UnknownProduct(ProductId),
    /// The customer saw another price.
    #[error("{product} costs {actual}, not {shown}: show the customer the new price and order again")]
    PriceChanged {
        /// The product.
        product: ProductId,
        /// What the customer was shown.
        shown: Money,
        /// What the catalogue says.
        actual: Money,
    },
    /// The total is too high to be approved without a person.
    #[error("the total of {total} is above the limit of {limit}: order less, or call the restaurant")]
    AboveLimit {
        /// The sum over the items.
        total: Money,
        /// The approval limit, in the total's currency.
        limit: Money,
    },
    /// See [`MoneyError`].
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// What an order is besides its basket.
#[derive(Debug, Clone, Copy)]
pub struct NewOrder<'a> {
    /// Derived from the call that places it.
    pub id: Uuid,
    /// The subject of the token that places it.
    pub customer: &'a str,
    /// Fingerprint of the content of the call.
    pub fingerprint: Uuid,
    /// The saga that will hold the lock.
    pub saga: Uuid,
    /// The time of the call.
    pub now: OffsetDateTime,
}

impl Order {
    /// Places an order: prices come from the catalogue, and its saga holds the lock.
    ///
    /// `catalogue` looks a product up; `limit` is in minor units.
    ///
    /// # Errors
    /// See [`Placement`].
    pub fn place<'a>(
        new: NewOrder<'_>,
        basket: &Basket,
        catalogue: impl Fn(&ProductId) -> Option<&'a Product>,
        limit: i64,
    ) -> Result<Self, Placement> {
        let mut items = Vec::with_capacity(basket.items().len());
        let mut total: Option<Money> = None;
        for item in basket.items() {
            let product = catalogue(&item.product).ok_or_else(|| Placement::UnknownProduct(item.product.clone()))?;
            let actual = product.unit_price;
            if let Some(shown) = item.shown_price.filter(|shown| *shown != actual) {
                return Err(Placement::PriceChanged { product: item.product.clone(), shown, actual });
            }
            let quantity = item.quantity.get();
            let price = actual.times(quantity)?;
            total = Some(total.unwrap_or(Money::zero(actual.currency())).plus(price)?);
            items.push(LineItem { product: item.product.clone(), quantity, unit_price: actual });
        }
        let total = total.ok_or(MoneyError::Overflow)?;
        if total.minor_units() > limit {
            return Err(Placement::AboveLimit { total, limit: Money::new(total.currency(), limit)? });
        }
        Ok(Self {
            id: new.id,
            customer: new.customer.to_owned(),
            items,
            total,
            status: Status::ApprovalPending { owner: new.saga },
            created_at: new.now,
            fingerprint: new.fingerprint,
            sagas: vec![new.saga],
        })
    }

    /// Ends create-order well.
    ///
    /// # Errors
    /// An order that was not to be approved by this saga.
    pub fn approve(&self, saga: Uuid) -> Result<Transition, Illegal> {
        match &self.status {
            Status::ApprovalPending { owner } if *owner == saga => {
                Ok(self.becomes(Status::Approved { cancellation_refused: None }))
            }
            Status::Approved { .. } | Status::CancelPending { .. } | Status::Canceled => Ok(Transition::Already),
            Status::ApprovalPending { .. } | Status::Rejected { .. } => self.illegal("ApproveOrder"),
        }
    }

    /// Undoes the placement.
    ///
    /// # Errors
    /// An order that was not to be rejected by this saga.
    pub fn reject(&self, saga: Uuid, reason: &str) -> Result<Transition, Illegal> {
        match &self.status {
            Status::ApprovalPending { owner } if *owner == saga => {
                Ok(self.becomes(Status::Rejected { reason: reason.to_owned() }))
            }
            Status::Rejected { .. } => Ok(Transition::Already),
            Status::ApprovalPending { .. }
            | Status::Approved { .. }
            | Status::CancelPending { .. }
            | Status::Canceled => self.illegal("RejectOrder"),
        }
    }

    /// Takes the lock for a cancellation by `saga`.
    ///
    /// # Errors
    /// See [`CancellationRefused`].
    pub fn request_cancellation(&self, saga: Uuid) -> Result<Self, CancellationRefused> {
        match &self.status {
            Status::Approved { .. } => {
                let mut order = Self { status: Status::CancelPending { owner: saga }, ..self.clone() };
                order.sagas.push(saga);
                let excess = order.sagas.len().saturating_sub(MAX_SAGAS);
                order.sagas.drain(..excess);
                Ok(order)
            }
            Status::ApprovalPending { .. } | Status::CancelPending { .. } => Err(CancellationRefused::Locked),
            Status::Rejected { .. } => Err(CancellationRefused::Rejected),
            Status::Canceled => Err(CancellationRefused::Canceled),
        }
    }

    /// Ends cancel-order well.
    ///
    /// # Errors
    /// An order that was not to be canceled by this saga.
    pub fn confirm_cancellation(&self, saga: Uuid) -> Result<Transition, Illegal> {
        match &self.status {
            Status::CancelPending { owner } if *owner == saga => Ok(self.becomes(Status::Canceled)),
            Status::Canceled => Ok(Transition::Already),
            Status::CancelPending { .. }
            | Status::ApprovalPending { .. }
            | Status::Approved { .. }
            | Status::Rejected { .. } => self.illegal("ConfirmCancellation"),
        }
    }

    /// Undoes the request to cancel.
    ///
    /// # Errors
    /// An order that this saga did not lock.
    pub fn reject_cancellation(&self, saga: Uuid, reason: &str) -> Result<Transition, Illegal> {
        match &self.status {
            Status::CancelPending { owner } if *owner == saga => {
                Ok(self.becomes(Status::Approved { cancellation_refused: Some(reason.to_owned()) }))
            }
            // This saga's attempt is over, and another attempt has begun or ended since.
            Status::Approved { .. } | Status::CancelPending { .. } => Ok(Transition::Already),
            Status::Canceled if self.sagas.last() != Some(&saga) => Ok(Transition::Already),
            Status::ApprovalPending { .. } | Status::Rejected { .. } | Status::Canceled => {
                self.illegal("RejectCancellation")
            }
        }
    }

    fn becomes(&self, status: Status) -> Transition {
        Transition::Changed(Self { status, ..self.clone() })
    }

    fn illegal(&self, command: &'static str) -> Result<Transition, Illegal> {
        Err(Illegal { command, status: self.status.clone() })
    }
}

#[cfg(test)]
mod tests;
