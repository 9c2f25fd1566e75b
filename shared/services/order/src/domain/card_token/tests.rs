use proptest::prelude::*;
use proptest::test_runner::Config;

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
    for whole in ["9999999999999995", "9999-9999-9999-9995", "9999.9999.9999.9995"] {
        assert_eq!(parse(whole), Err(CardTokenError::CardNumber), "{whole}, whatever it begins with");
    }
}

#[test]
fn a_cards_number_is_found_between_letters_and_between_other_numbers() {
    for number in NUMBERS {
        for token in [
            format!("{number}-123"),
            format!("{number}-12-30"),
            format!("12/30/{number}:123"),
            format!("tok1-{number}"),
            format!("pm2card{number}"),
            format!("{number}a123"),
            format!("1a{number}a1"),
            format!("9.{number}"),
            format!("f{number}{}", "f".repeat(30)),
        ] {
            assert_eq!(parse(&token), Err(CardTokenError::CardNumber), "{token}");
        }
    }
}

#[test]
fn a_cards_number_in_groups_is_found_whatever_parts_them() {
    let grouped = [
        "4222 222 222 222",
        "3056 930902 5904",
        "3782 822463 10005",
        "4242 4242 4242 4242",
        "42424242 42424242",
        "4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2",
        "6205 5000 0000 0000 004",
        "620550 0000000000004",
    ];
    for number in grouped {
        for separator in [".", "_", "-", "/", ":", "+", "%20", "--", "%", "=", "~"] {
            let number = number.replace(' ', separator);
            for token in [
                number.clone(),
                format!("tok_{number}"),
                format!("tok1{separator}{number}"),
                format!("{number}{separator}123"),
                format!("{number}{separator}12/30"),
                format!("a{number}z"),
                format!("card={number};cvv=123"),
            ] {
                assert_eq!(parse(&token), Err(CardTokenError::CardNumber), "{token}");
            }
        }
    }
    assert_eq!(parse("4242%204242424248"), Err(CardTokenError::CardNumber), "a % that begins no space");
}

/// Numbers of cards could be read into all of these.
#[test]
fn an_id_in_hexadecimal_is_a_token_whatever_its_digits() {
    for id in [
        // A UUID: 8 and 4 and 4 digits, 4 and 12, 4 and 4 and 4 and 4.
        "42424242-4242-4242-a111-a24242424242",
        "a2424242-4242-a242-4242-424242424242",
        "A4F24242-4242-4242-4242-A24242424242",
        // 128, 160 and 256 bits.
        "4242424242424242a0b1c2d3e4f5a6b7",
        "A0BF4242424242424242C2D3E4F5A6B7C8D9E0F1",
        "a0b1c2d3e4f5a6b7a0b1c2d3e4f5a6b7a0b1c2d3e4f5a6bf4242424242424242",
    ] {
        for token in [id.to_owned(), format!("tok_{id}"), format!("pm_{id}.x")] {
            assert!(parse(&token).is_ok(), "{token}");
        }
    }
    for token in [
        // No letter in the UUID, and numbers in the place of its groups.
        "42424242-4242-4242-1234-123456789012",
        "4242424242424242-a234-1234-1234-123456789012",
        "4242424242424242-1234-a234-1234-123456789012",
        // A digit more or fewer, and a letter that is no digit.
        "4242424242424242a0b1c2d3e4f5a6b",
        "4242424242424242a0b1c2d3e4f5a6b7c",
        "4242424242424242a0b1c2d3e4f5a6bg",
        // A number beside an id.
        "4242424242424242.a0b1c2d3e4f5a6b7a0b1c2d3e4f5a6b7",
        "a0b1c2d3e4f5a6b7a0b1c2d3e4f5a6b7-4242424242424242",
    ] {
        assert_eq!(parse(token), Err(CardTokenError::CardNumber), "{token}");
    }
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
        "tok_1700000000.004",
        // Too short or too long with any of the numbers beside it.
        "tok_424242424242-12345678",
        "tok_1-42424242424242424242-1",
        // Letters among the digits.
        "tok_42424242a42424242",
        "4242x4242x4242x4242",
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

    /// Whatever stands before and after it, but for digits, which would make another number of it.
    #[test]
    fn a_number_is_found_within_any_text(
        head in "([!-~]{0,40}[!-/:-~])?",
        tail in "([!-/:-~][!-~]{0,40})?",
        number in prop::sample::select(&NUMBERS[..]),
        separator in "[!-/:-@\\[-`{-~]{0,2}",
        places in prop::collection::btree_set(1..13_usize, 0..4),
    ) {
        let part = |(place, digit)| if places.contains(&place) { format!("{separator}{digit}") } else { format!("{digit}") };
        let parted: String = number.chars().enumerate().map(part).collect();
        prop_assert_eq!(parse(&format!("{head}{parted}{tail}")), Err(CardTokenError::CardNumber));
    }

    #[test]
    fn what_has_too_few_digits_is_a_token(token in "[!-/:-~]{0,50}([0-9]{1,12}[!-/:-~]{0,50})?") {
        prop_assert_eq!(parse(&token).is_ok(), !token.is_empty());
    }

    #[test]
    fn what_providers_draw_is_a_token(token in prop_oneof!["tok_[0-9A-Za-z]{24}", "[0-9a-z]{26}", "[0-9A-Za-z_-]{43}", "(tok_)?[0-9a-f]{32}", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"]) {
        prop_assert!(parse(&token).is_ok());
    }
}

proptest! {
    #![proptest_config(Config { cases: 1000, ..testkit::properties() })]

    #[test]
    fn every_text_is_a_token_or_refused(text in prop_oneof!["[!-~]{0,140}", "[0-9./_%-]{1,128}", "[0-9a-f-]{1,128}", "\\PC{0,40}"]) {
        if let Ok(token) = CardToken::parse(text.clone()) {
            prop_assert_eq!(token.expose(), text);
        }
    }
}
