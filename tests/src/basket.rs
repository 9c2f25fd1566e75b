//! The basket by which the tests see that money and quantities stay what they were: no two of its prices or quantities are alike.

/// Not the menu's euro, so that a currency that stands in the code is seen.
pub const CURRENCY: &str = "CHF";
/// What each product costs, and how many of it are ordered.
pub const LINES: [(i64, u32); 3] = [(1150, 2), (690, 3), (295, 4)];
/// What a person reckons from that.
pub const TOTAL: i64 = 5550;
