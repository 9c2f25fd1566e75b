use proptest::prelude::*;

use super::*;

/// Test cards of the providers and numbers like them: of each scheme and of each length.
const NUMBERS: [&str; 10] = [
    "4222222222222",
    "30569309025904",
    "378282246310005",
    "4242424242424242",
    "5555555555554444",
    "2223003122003222",
    "6011111111111117",
    "3530111333300000",
    "6205500000000000004",
    "4000000000000000006",
];

fn parse(token: &str) -> Result<CardToken, CardTokenError> {
    CardToken::parse(token.to_owned())
}

#[test]
fn a_token_is_visible_and_bounded() {
    for token in ["!", "tok_visa", &"x".repeat(128)] {
        assert_eq!(parse(token).expect("a token").expose(), token);
    }
    for token in ["", &"x".repeat(129), "tok visa", "tok\u{7}", "tök", "4242 4242 4242 4242"] {
        assert_eq!(parse(token), Err(CardTokenError::Malformed), "{token:?}");
    }
}

#[test]
fn a_cards_number_is_no_token_however_it_is_written() {
    for number in NUMBERS {
        let (first, rest) = number.split_at(4);
        let dashed = format!("{first}-{}", rest.split("").collect::<Vec<_>>().join("-").trim_matches('-'));
        for token in [
            number.to_owned(),
            format!("{first}-{rest}"),
            dashed.clone(),
            format!("tok_{number}"),
            format!("tok_{dashed}"),
            format!("tok{number}"),
            format!("{number}_tok"),
            format!("card:{number}/12/29"),
            format!("pan={number};cvv=123"),
        ] {
            assert_eq!(parse(&token), Err(CardTokenError::CardNumber), "{token}");
        }
    }
    assert_eq!(parse("9999999999999995"), Err(CardTokenError::CardNumber), "whatever it begins with");
}

#[test]
fn what_no_scheme_gives_is_a_token() {
    for token in [
        // The check digit is another, it is too short or too long.
        "4242424242424241",
        "424242424242",
        "42424242424242424242",
        "tok_4242424242424241",
        // A time in milliseconds, and an account, that pass Luhn's check.
        "tok_1700000000004",
        "ref_7219687191761341",
        "ref_2220000000000000",
        "ref_2721000000000004",
        // Letters among the digits.
        "tok_1a4242424242424242",
        "tok_4242424242424242a1",
        // What providers make.
        "tok_1MsWY22eZvKYlo2CHvVHeN3W",
        "pm_1MqLiJLkdIwHu7ixUEgbFdYF",
        "8f42a7d2-1111-4111-8111-424242424242",
        "cnon:card-nonce-ok",
        "tok_ubfj2q76miwundwlk72vxt2i7q",
    ] {
        assert!(parse(token).is_ok(), "{token}");
    }
}

#[test]
fn a_token_is_never_shown() {
    assert_eq!(format!("{:?}", parse("tok_visa").expect("a token")), "CardToken(redacted)");
    let said = [CardTokenError::Malformed, CardTokenError::CardNumber].map(|error| error.to_string());
    assert_eq!(said[0], "must be a text of 1 to 128 visible ASCII characters");
    assert!(said[1].starts_with("the card token is the number of a card"), "{}", said[1]);
}

proptest! {
    #![proptest_config(testkit::properties())]

    /// Of ten numbers that differ in their last digit just one passes.
    #[test]
    fn one_check_digit_is_right(head in "[0-9]{12,18}") {
        let refused = (0..10).filter(|digit| parse(&format!("{head}{digit}")).is_err()).count();
        prop_assert_eq!(refused, 1);
    }

    #[test]
    fn a_digit_that_is_mistyped_is_found(head in "[0-9]{12,18}", place: prop::sample::Index, by in 1..10_u8) {
        let digits: Vec<u8> = (0..10).map(|digit| format!("{head}{digit}")).find(|number| parse(number).is_err()).expect("a number").into_bytes();
        let mut mistyped = digits.clone();
        let place = place.index(digits.len());
        mistyped[place] = (digits[place] - b'0' + by) % 10 + b'0';
        prop_assert!(parse(&String::from_utf8(mistyped).expect("digits")).is_ok());
    }

    #[test]
    fn what_providers_draw_is_a_token(token in prop_oneof!["tok_[0-9A-Za-z]{24}", "[0-9a-f]{32}", "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"]) {
        prop_assert!(parse(&token).is_ok());
    }
}
