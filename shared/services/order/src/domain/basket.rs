//! What a customer wants, before the catalogue has been asked.

use std::collections::BTreeSet;

use thiserror::Error;

use super::{Money, ProductId};

/// How many different products one order may have.
pub const MAX_ITEMS: usize = 50;
/// How much of one product one order may have.
pub const MAX_QUANTITY: u32 = 1000;

/// 1 to [`MAX_ITEMS`] different products.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basket(Vec<BasketItem>);

/// One product of a basket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasketItem {
    /// The product.
    pub product: ProductId,
    /// How much of the product.
    pub quantity: Quantity,
    /// The price that the customer was shown.
    pub shown_price: Option<Money>,
}

/// How much of one product: 1 to [`MAX_QUANTITY`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity(u32);

/// The number is not a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be a whole number from 1 to {MAX_QUANTITY}")]
pub struct QuantityError;

/// Why items are no basket.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BasketError {
    /// There are no items, or too many.
    #[error("must be a list of 1 to {MAX_ITEMS} items")]
    BadLength,
    /// The items at these indexes name a product that an item before them names.
    #[error("must be the only item of its product: send one item with the whole quantity")]
    Repeated(Vec<usize>),
}

impl Quantity {
    /// Checks a quantity.
    ///
    /// # Errors
    /// Anything but 1 to [`MAX_QUANTITY`].
    pub fn new(quantity: i32) -> Result<Self, QuantityError> {
        match u32::try_from(quantity) {
            Ok(number) if (1..=MAX_QUANTITY).contains(&number) => Ok(Self(number)),
            _ => Err(QuantityError),
        }
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl Basket {
    /// Whether a basket may have so many items.
    ///
    /// # Errors
    /// Anything but 1 to [`MAX_ITEMS`].
    pub fn check_length(items: usize) -> Result<(), BasketError> {
        if (1..=MAX_ITEMS).contains(&items) { Ok(()) } else { Err(BasketError::BadLength) }
    }

    /// A basket of these items, as the customer listed them.
    ///
    /// # Errors
    /// See [`BasketError`].
    pub fn new(items: Vec<BasketItem>) -> Result<Self, BasketError> {
        Self::check_length(items.len())?;
        let mut seen = BTreeSet::new();
        let is_repeated = |(index, item)| (!seen.insert(&(item as &BasketItem).product)).then_some(index);
        let repeated: Vec<usize> = items.iter().enumerate().filter_map(is_repeated).collect();
        if repeated.is_empty() { Ok(Self(items)) } else { Err(BasketError::Repeated(repeated)) }
    }

    /// The products, as the customer listed them.
    pub fn items(&self) -> &[BasketItem] {
        &self.0
    }
}

#[cfg(test)]
mod tests;
