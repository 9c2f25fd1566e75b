//! What a customer wants, before the catalogue has been asked.

use std::collections::BTreeSet;

use thiserror::Error;

use super::{Money, MoneyError, ProductId, ProductIdError};

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
    /// 1 to [`MAX_QUANTITY`].
    pub quantity: u32,
    /// The price that the customer was shown.
    pub shown_price: Option<Money>,
}

/// Why a basket is invalid.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BasketError {
    /// The basket is empty.
    #[error("items is empty: order at least one product")]
    Empty,
    /// The basket has too many items.
    #[error("{0} items are too many: order at most {MAX_ITEMS} different products")]
    TooManyItems(usize),
    /// The quantity of one product is zero, negative or too large.
    #[error("the quantity of {product} is {quantity}: order 1 to {MAX_QUANTITY}")]
    BadQuantity {
        /// The product.
        product: ProductId,
        /// The quantity that was asked for.
        quantity: i32,
    },
    /// Two items name the same product.
    #[error("{0} is listed twice: send one item with the whole quantity")]
    Duplicate(ProductId),
    /// See [`ProductIdError`].
    #[error(transparent)]
    BadProduct(#[from] ProductIdError),
    /// See [`MoneyError`].
    #[error("the unit price is invalid: {0}")]
    BadPrice(#[from] MoneyError),
}

impl Basket {
    /// Checks products, quantities and prices as they came in.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse<'a>(
        items: impl ExactSizeIterator<Item = (&'a str, i32, Option<Result<Money, MoneyError>>)>,
    ) -> Result<Self, BasketError> {
        match items.len() {
            0 => return Err(BasketError::Empty),
            count if count > MAX_ITEMS => return Err(BasketError::TooManyItems(count)),
            _ => {}
        }
        let mut seen = BTreeSet::new();
        let mut basket = Vec::with_capacity(items.len());
        for (product, quantity, shown_price) in items {
            let product = ProductId::parse(product)?;
            let bad = || BasketError::BadQuantity { product: product.clone(), quantity };
            let quantity = u32::try_from(quantity).map_err(|_| bad())?;
            if !(1..=MAX_QUANTITY).contains(&quantity) {
                return Err(bad());
            }
            if !seen.insert(product.clone()) {
                return Err(BasketError::Duplicate(product));
            }
            basket.push(BasketItem { product, quantity, shown_price: shown_price.transpose()? });
        }
        Ok(Self(basket))
    }

    /// The products, as the customer listed them.
    pub fn items(&self) -> &[BasketItem] {
        &self.0
    }
}

#[cfg(test)]
mod tests;
