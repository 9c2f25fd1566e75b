//! How much of a product can still be reserved.

use thiserror::Error;

use super::ProductId;

/// The most of one product that staff can say is there.
pub const MAX_AVAILABLE: u32 = 1_000_000;

/// A count of what is there: 0 to [`MAX_AVAILABLE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Available(u32);

/// The number is not a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be a whole number from 0 to {MAX_AVAILABLE}")]
pub struct AvailableError;

impl Available {
    /// Checks a count.
    ///
    /// # Errors
    /// Anything but 0 to [`MAX_AVAILABLE`].
    pub fn new(available: i64) -> Result<Self, AvailableError> {
        match u32::try_from(available) {
            Ok(number) if number <= MAX_AVAILABLE => Ok(Self(number)),
            _ => Err(AvailableError),
        }
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

/// A product's stock as the staff have just counted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stock {
    /// The product.
    pub product: ProductId,
    /// How much of it can be reserved.
    pub available: Available,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_bounded() {
        for bad in [i64::MIN, -1, 1_000_001, i64::MAX] {
            assert_eq!(Available::new(bad), Err(AvailableError));
        }
        assert_eq!(AvailableError.to_string(), "must be a whole number from 0 to 1000000");
        assert_eq!(Available::new(0).map(Available::get), Ok(0));
        assert_eq!(Available::new(1_000_000).map(Available::get), Ok(1_000_000));
    }
}
