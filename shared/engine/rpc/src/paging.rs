//! Page sizes.

use crate::RpcError;

/// How many items a page has when the caller does not say.
pub const DEFAULT_PAGE_SIZE: u32 = 20;
/// How many items a page has at most.
pub const MAX_PAGE_SIZE: u32 = 100;

/// The page size a request asks for; 0, which is what an absent field reads as, stands for the default.
///
/// # Errors
/// A size outside 1 to [`MAX_PAGE_SIZE`].
pub fn page_size(requested: i32) -> Result<u32, RpcError> {
    match u32::try_from(requested) {
        Ok(0) => Ok(DEFAULT_PAGE_SIZE),
        Ok(size) if size <= MAX_PAGE_SIZE => Ok(size),
        _ => Err(RpcError::invalid("page_size", format!("must be a whole number from 0 to {MAX_PAGE_SIZE}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_bounded_size() {
        for (requested, size) in [(0, 20), (1, 1), (20, 20), (100, 100)] {
            assert_eq!(page_size(requested), Ok(size));
        }
        for requested in [i32::MIN, -1, 101, i32::MAX] {
            let refused = RpcError::invalid("page_size", "must be a whole number from 0 to 100");
            assert_eq!(page_size(requested), Err(refused));
        }
    }
}
