//! Money as people read it.

use std::fmt;

/// Currencies whose minor unit is not a hundredth, by the number of its digits, as ISO 4217 has them in 2026.
const EXCEPTIONS: [(usize, &[&str]); 3] = [
    (
        0,
        &[
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
            "XOF", "XPF",
        ],
    ),
    (3, &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
    (4, &["CLF", "UYW"]),
];

/// An amount that is shown in the major unit of its currency.
///
/// A code that ISO 4217 has come to know since, or never knew, counts as a currency of hundredths, as nearly all are: an
/// amount is shown somehow rather than not at all.
///
/// ```
/// use contracts::Amount;
///
/// let shown = |minor_units, currency| Amount { minor_units, currency }.to_string();
/// assert_eq!(shown(450, "EUR"), "4.50 EUR");
/// assert_eq!(shown(450, "JPY"), "450 JPY");
/// assert_eq!(shown(450, "KWD"), "0.450 KWD");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount<'a> {
    /// Cents for EUR.
    pub minor_units: i64,
    /// The ISO 4217 code.
    pub currency: &'a str,
}

impl fmt::Display for Amount<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, units) = (if self.minor_units < 0 { "-" } else { "" }, self.minor_units.unsigned_abs());
        let digits = minor_digits(self.currency);
        // At least one digit stands before the point.
        let text = format!("{units:0>width$}", width = digits + 1);
        match text.split_at_checked(text.len().saturating_sub(digits)) {
            Some((major, minor)) if digits > 0 => write!(formatter, "{sign}{major}.{minor} {}", self.currency),
            _ => write!(formatter, "{sign}{text} {}", self.currency),
        }
    }
}

fn minor_digits(currency: &str) -> usize {
    let exception = EXCEPTIONS.iter().find(|(_, currencies)| currencies.contains(&currency));
    exception.map_or(2, |(digits, _)| *digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_shown_in_its_currencys_major_unit() {
        for (minor_units, currency, shown) in [
            (0, "EUR", "0.00 EUR"),
            (5, "EUR", "0.05 EUR"),
            (50, "CHF", "0.50 CHF"),
            (1_150, "USD", "11.50 USD"),
            (i64::MAX, "EUR", "92233720368547758.07 EUR"),
            (i64::MIN, "EUR", "-92233720368547758.08 EUR"),
            (-5, "EUR", "-0.05 EUR"),
            (0, "JPY", "0 JPY"),
            (1_150, "JPY", "1150 JPY"),
            (7, "KWD", "0.007 KWD"),
            (1_150, "TND", "1.150 TND"),
            (1_150, "CLF", "0.1150 CLF"),
            (1_150, "XYZ", "11.50 XYZ"),
        ] {
            assert_eq!(Amount { minor_units, currency }.to_string(), shown);
        }
    }

    #[test]
    fn the_exceptions_are_those_of_iso_4217() {
        let count = EXCEPTIONS.map(|(digits, currencies)| (digits, currencies.len()));
        assert_eq!(count, [(0, 17), (3, 7), (4, 2)]);
        for currency in ["XPF", "VND", "XOF", "CLP"] {
            assert_eq!(minor_digits(currency), 0, "{currency}");
        }
        // Of two digits although their neighbours have none.
        for currency in ["UYU", "XCD", "HUF", "TWD", "IDR", "MGA", "MRU"] {
            assert_eq!(minor_digits(currency), 2, "{currency}");
        }
    }
}
