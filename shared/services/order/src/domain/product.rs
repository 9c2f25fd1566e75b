//! What the restaurant sells.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Money;

const MAX_ID_LENGTH: usize = 64;

/// A product's identity, such as `margherita`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProductId(String);

/// The text is not a product's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be a text of 1 to {MAX_ID_LENGTH} lower-case letters, digits, - or _")]
pub struct ProductIdError;

/// One product of the catalogue; its identity is the item's key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The name as the menu shows it.
    pub name: String,
    /// The price of one piece.
    pub unit_price: Money,
}

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

#[cfg(test)]
mod tests;
