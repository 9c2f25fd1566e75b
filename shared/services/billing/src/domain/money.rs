//! An amount: an integer in a currency's minor units, never a float.

use std::fmt;

use contracts::Amount;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An ISO 4217 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// An amount that is never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredMoney", into = "StoredMoney")]
pub struct Money {
    currency: Currency,
    minor_units: i64,
}

/// Why an amount is invalid.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// The currency is not three capital letters.
    #[error("the currency is no ISO 4217 code such as EUR")]
    UnknownCurrency,
    /// The amount is below zero.
    #[error("the amount is negative")]
    Negative,
}

impl Currency {
    /// Parses an ISO 4217 code.
    ///
    /// # Errors
    /// Anything but three capital letters.
    pub fn parse(code: &str) -> Result<Self, MoneyError> {
        match code.as_bytes() {
            [a, b, c] if code.bytes().all(|byte| byte.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(MoneyError::UnknownCurrency),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{}", char::from(*byte)))
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(code: String) -> Result<Self, MoneyError> {
        Self::parse(&code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.to_string()
    }
}

impl Money {
    /// An amount in a currency's minor units.
    ///
    /// # Errors
    /// A negative amount.
    pub fn new(currency: Currency, minor_units: i64) -> Result<Self, MoneyError> {
        if minor_units < 0 { Err(MoneyError::Negative) } else { Ok(Self { currency, minor_units }) }
    }

    /// The currency.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// The amount, in minor units.
    pub fn minor_units(self) -> i64 {
        self.minor_units
    }
}

impl fmt::Display for Money {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        Amount { minor_units: self.minor_units, currency: &self.currency.to_string() }.fmt(formatter)
    }
}

#[derive(Serialize, Deserialize)]
struct StoredMoney {
    currency: Currency,
    minor_units: i64,
}

impl TryFrom<StoredMoney> for Money {
    type Error = MoneyError;

    fn try_from(stored: StoredMoney) -> Result<Self, MoneyError> {
        Self::new(stored.currency, stored.minor_units)
    }
}

impl From<Money> for StoredMoney {
    fn from(money: Money) -> Self {
        Self { currency: money.currency, minor_units: money.minor_units }
    }
}

#[cfg(test)]
mod tests;
