//! A card, as the payment provider's token stands for it.
//!
//! A token that holds the number of a card is refused, so that a mistake in an app does not bring numbers into this service's
//! data. A number is 13 to 19 digits that begin as a card scheme's numbers do and pass Luhn's check: a whole run of digits, or
//! whole runs one after another that no letter parts, in whatever groups. A token without letters is refused whatever the
//! number begins with.
//!
//! Random tokens in base 36, 62 or 64 hardly ever hold a number: none did of a million of each. In hexadecimal long runs of
//! digits are common: one in 1300 tokens of 32 digits would be refused, and one in 700 UUIDs, by their groups. So 32, 40 or
//! 64 hexadecimal digits between separators are an id, and a UUID's dashes join nothing unless it has no letter at all; of a
//! million of each none is refused. Of 24 hexadecimal digits one token in 2000 still is.
//!
//! This finds mistakes, no disguise: a number stays unseen that letters part, that other digits touch (`4242…` and the expiry
//! in one run of 20), or that stands in what looks like such an id.

use std::fmt;

use thiserror::Error;
use uuid::Uuid;

const MAX_LENGTH: usize = 128;
const UUID_LENGTH: usize = 36;
/// Of 128, 160 and 256 bits in hexadecimal.
const ID_LENGTHS: [usize; 3] = [32, 40, 64];

/// The payment provider's token for a card: a secret, which is never logged, and never the number of a card.
#[derive(Clone, PartialEq, Eq)]
pub struct CardToken(String);

/// Why a text is not a card token. The text may be a secret, so the error does not show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CardTokenError {
    /// It is empty, too long, or has other characters.
    #[error("must be a text of 1 to {MAX_LENGTH} visible ASCII characters")]
    Malformed,
    /// It is the number of a card, or holds one.
    #[error(
        "the card token is the number of a card, which this service must never see: send the token that the payment \
         provider's library makes of the number in the customer's browser or app"
    )]
    CardNumber,
}

impl CardToken {
    /// Checks a token as it came in.
    ///
    /// # Errors
    /// See [`CardTokenError`].
    pub fn parse(token: String) -> Result<Self, CardTokenError> {
        if !(1..=MAX_LENGTH).contains(&token.len()) || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(CardTokenError::Malformed);
        }
        if holds_card_number(&token) {
            return Err(CardTokenError::CardNumber);
        }
        Ok(Self(token))
    }

    /// The secret itself, for the saga's data only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CardToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CardToken(redacted)")
    }
}

/// A `%20` is a space that a form has encoded, or a `%` and two digits: both are looked at.
fn holds_card_number(token: &str) -> bool {
    let token = without_ids(token);
    [token.replace("%20", " "), token].iter().any(|text| is_card_number(text) || has_number_between_letters(text))
}

/// The token with a letter where digits are no number: in place of an id of 32, 40 or 64 hexadecimal digits, and in place of
/// the dashes of a UUID, whose groups of digits are no longer joined then.
fn without_ids(token: &str) -> String {
    let mut text = token.to_owned();
    for start in (0..token.len()).filter(|start| token.get(*start..start + UUID_LENGTH).is_some_and(is_uuid)) {
        let apart = text[start..start + UUID_LENGTH].replace('-', "x");
        text.replace_range(start..start + UUID_LENGTH, &apart);
    }
    let parts = text
        .split_inclusive(is_separator)
        .map(|part| if is_id(part.trim_end_matches(is_separator)) { "x" } else { part });
    parts.collect()
}

/// A UUID without a letter comes once in three millions; it may rather be numbers.
fn is_uuid(text: &str) -> bool {
    text.contains(|letter: char| letter.is_ascii_alphabetic()) && Uuid::try_parse(text).is_ok()
}

fn is_id(word: &str) -> bool {
    ID_LENGTHS.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_separator(letter: char) -> bool {
    !letter.is_ascii_alphanumeric()
}

fn has_number_between_letters(text: &str) -> bool {
    text.split(|letter: char| letter.is_ascii_alphabetic()).any(|joined| {
        let runs: Vec<&str> = joined.split(is_separator).collect();
        (0..runs.len()).any(|first| runs.get(first..).is_some_and(begins_with_number))
    })
}

/// Whether the first of these runs of digits, or the first few together, are the number of a card.
fn begins_with_number(runs: &[&str]) -> bool {
    let mut number = String::new();
    runs.iter().any(|run| {
        number.push_str(run);
        is_of_a_card_scheme(&number) && is_card_number(&number)
    })
}

/// Visa, Mastercard, American Express, Diners, JCB, Discover, UnionPay and Maestro: 3 to 6, and Mastercard's 2221 to 2720.
fn is_of_a_card_scheme(number: &str) -> bool {
    let first_four = number.get(..4).and_then(|digits| digits.parse::<u16>().ok());
    first_four.is_some_and(|digits| (2221..=2720).contains(&digits) || (3000..=6999).contains(&digits))
}

/// Whether this is 13 to 19 digits, whatever parts them but letters, that pass the check of ISO/IEC 7812 (Luhn's).
fn is_card_number(text: &str) -> bool {
    let digits: Option<Vec<u32>> =
        text.chars().filter(|letter| !is_separator(*letter)).map(|letter| letter.to_digit(10)).collect();
    digits.is_some_and(|digits| (13..=19).contains(&digits.len()) && passes_luhn(&digits))
}

fn passes_luhn(digits: &[u32]) -> bool {
    let doubled = |digit: u32| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let from_the_right = digits.iter().rev().enumerate();
    let sum: u32 = from_the_right.map(|(place, digit)| if place % 2 == 1 { doubled(*digit) } else { *digit }).sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests;
