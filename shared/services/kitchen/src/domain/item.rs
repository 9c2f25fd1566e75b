//! What a ticket asks the cooks for.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How many different products one ticket may have; with the ticket itself they fit into one transaction.
pub const MAX_ITEMS: usize = 50;
/// How much of one product one ticket may have.
pub const MAX_QUANTITY: u32 = 1000;
const MAX_ID_LENGTH: usize = 64;

/// A product's identity, such as `margherita`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProductId(String);

/// The text is not a product's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be a text of 1 to {MAX_ID_LENGTH} lower-case letters, digits, - or _")]
pub struct ProductIdError;

impl ProductId {
    /// Parses an identity.
    ///
    /// # Errors
    /// Anything but 1 to 64 lower-case letters, digits, `-` or `_`.
    pub fn parse(text: &str) -> Result<Self, ProductIdError> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_';
        if (1..=MAX_ID_LENGTH).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ProductIdError)
        }
    }

    /// The identity as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProductId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for ProductId {
    type Error = ProductIdError;

    fn try_from(text: String) -> Result<Self, ProductIdError> {
        Self::parse(&text)
    }
}

impl From<ProductId> for String {
    fn from(id: ProductId) -> Self {
        id.0
    }
}

/// How much of one product: 1 to [`MAX_QUANTITY`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Quantity(u32);

/// The number is not a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the quantity is {0}: ask for 1 to {MAX_QUANTITY}")]
pub struct QuantityError(i64);

impl Quantity {
    /// Checks a quantity.
    ///
    /// # Errors
    /// Anything but 1 to [`MAX_QUANTITY`].
    pub fn new(quantity: i64) -> Result<Self, QuantityError> {
        match u32::try_from(quantity) {
            Ok(number) if (1..=MAX_QUANTITY).contains(&number) => Ok(Self(number)),
            _ => Err(QuantityError(quantity)),
        }
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<i64> for Quantity {
    type Error = QuantityError;

    fn try_from(quantity: i64) -> Result<Self, QuantityError> {
        Self::new(quantity)
    }
}

impl From<Quantity> for i64 {
    fn from(quantity: Quantity) -> Self {
        quantity.0.into()
    }
}

/// One product to cook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The product.
    pub product: ProductId,
    /// How much of it.
    pub quantity: Quantity,
}

/// 1 to [`MAX_ITEMS`] different products.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Item>", into = "Vec<Item>")]
pub struct Items(Vec<Item>);

/// Why a list of items is invalid.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ItemsError {
    /// The list is empty.
    #[error("items is empty: ask for at least one product")]
    Empty,
    /// The list has too many products.
    #[error("these are more than {MAX_ITEMS} different products: split the order")]
    TooMany,
    /// The quantity of this product is more than a ticket may ask for.
    #[error("{product}: {source}")]
    BadQuantity {
        /// The product.
        product: ProductId,
        /// What is wrong with its quantity.
        source: QuantityError,
    },
    /// See [`ProductIdError`].
    #[error(transparent)]
    BadProduct(#[from] ProductIdError),
}

impl Items {
    /// Checks products and quantities as they came in.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse<'a>(items: impl IntoIterator<Item = (&'a str, i32)>) -> Result<Self, ItemsError> {
        let item = |(product, quantity): (&str, i32)| {
            let product = ProductId::parse(product)?;
            match Quantity::new(quantity.into()) {
                Ok(quantity) => Ok(Item { product, quantity }),
                Err(source) => Err(ItemsError::BadQuantity { product, source }),
            }
        };
        Self::merge(items.into_iter().map(item))
    }

    /// Adds up the quantities of a product that is listed twice: one write can change each counter only once.
    fn merge(items: impl Iterator<Item = Result<Item, ItemsError>>) -> Result<Self, ItemsError> {
        let mut merged: Vec<Item> = Vec::new();
        for item in items {
            let Item { product, quantity } = item?;
            let known = merged.iter_mut().find(|known| known.product == product);
            if let Some(known) = known {
                let sum = i64::from(known.quantity) + i64::from(quantity);
                known.quantity = Quantity::new(sum).map_err(|source| ItemsError::BadQuantity { product, source })?;
            } else if merged.len() == MAX_ITEMS {
                return Err(ItemsError::TooMany);
            } else {
                merged.push(Item { product, quantity });
            }
        }
        if merged.is_empty() { Err(ItemsError::Empty) } else { Ok(Self(merged)) }
    }

    /// The products, in the order in which they were first listed.
    pub fn as_slice(&self) -> &[Item] {
        &self.0
    }
}

impl TryFrom<Vec<Item>> for Items {
    type Error = ItemsError;

    fn try_from(items: Vec<Item>) -> Result<Self, ItemsError> {
        Self::merge(items.into_iter().map(Ok))
    }
}

impl From<Items> for Vec<Item> {
    fn from(items: Items) -> Self {
        items.0
    }
}

#[cfg(test)]
mod tests;
