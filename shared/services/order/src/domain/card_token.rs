//! A card, as the payment provider's token stands for it.

use std::fmt;

use thiserror::Error;

const MAX_LENGTH: usize = 128;

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
        if is_card_number(&token) || token.split(is_between_words).any(ends_in_card_number) {
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

fn is_between_words(letter: char) -> bool {
    !letter.is_ascii_alphanumeric() && letter != '-'
}

/// Whether a word of a token, such as `4242424242424242` in `tok_4242424242424242`, is a card's number in other clothes: all
/// of its digits are one number, with nothing but dashes between them, and the number is one that card schemes give.
///
/// No provider's token trips over this but by a chance in hundreds of millions: in random letters and digits, in hexadecimal
/// and in a UUID, 13 digits that no letter parts, and no other digit, hardly ever come. What does come is a
/// number with a name before it, such as a time in milliseconds or an account; those begin with a 1 until 2033, or with digits
/// that no card scheme gives.
fn ends_in_card_number(word: &str) -> bool {
    let number = word.trim_matches(|letter: char| !letter.is_ascii_digit());
    is_of_a_card_scheme(number) && is_card_number(number)
}

/// Visa, Mastercard, American Express, Diners, JCB, Discover, UnionPay and Maestro: 3 to 6, and Mastercard's 2221 to 2720.
fn is_of_a_card_scheme(number: &str) -> bool {
    let first_four = number.get(..4).and_then(|digits| digits.parse::<u16>().ok());
    first_four.is_some_and(|digits| (2221..=2720).contains(&digits) || (3000..=6999).contains(&digits))
}

/// Whether this is 13 to 19 digits, with or without dashes between them, that pass the check of ISO/IEC 7812 (Luhn's).
fn is_card_number(text: &str) -> bool {
    let digits: Option<Vec<u32>> =
        text.chars().filter(|letter| *letter != '-').map(|letter| letter.to_digit(10)).collect();
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
