use proptest::prelude::*;

use super::*;

#[test]
fn a_product_id_is_short_and_plain() {
    assert!(ProductId::parse("quattro-formaggi_2").is_ok());
    for text in ["", "Margherita", "a b", "é", &"a".repeat(65)] {
        assert!(ProductId::parse(text).is_err(), "{text}");
    }
    for letter in (0..=u8::MAX).map(char::from) {
        let is_plain = matches!(letter, 'a'..='z' | '0'..='9' | '-' | '_');
        assert_eq!(ProductId::parse(&letter.to_string()).is_ok(), is_plain, "{letter:?}");
    }
}

#[test]
fn what_an_id_must_be_is_said_without_repeating_what_it_was() {
    let error = ProductId::parse(&"É".repeat(100)).expect_err("no id");
    assert_eq!(error.to_string(), "must be a text of 1 to 64 lower-case letters, digits, - or _");
}

proptest! {
    #![proptest_config(testkit::properties())]

    #[test]
    fn an_id_is_what_it_was_parsed_from_wherever_it_is_read(
        text in prop_oneof!["[a-z0-9_-]{1,64}", "[a-z0-9_-]{64}"],
        other in prop_oneof!["[a-z0-9_-]{0,70}", ".{0,70}"],
    ) {
        let id = ProductId::parse(&text).expect("an id");
        prop_assert_eq!((id.as_str(), id.to_string(), String::from(id.clone())), (text.as_str(), text.clone(), text.clone()));
        prop_assert_eq!(serde_json::to_value(&id).expect("JSON"), text.as_str());
        prop_assert_eq!(serde_json::from_value::<ProductId>(text.as_str().into()).expect("an id"), id);
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter);
        let is_id = (1..=64).contains(&other.len()) && other.chars().all(plain);
        prop_assert_eq!(ProductId::parse(&other).is_ok(), is_id);
        prop_assert_eq!(serde_json::from_value::<ProductId>(other.into()).is_ok(), is_id);
    }
}
