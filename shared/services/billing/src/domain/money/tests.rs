use proptest::prelude::*;

use super::*;

#[test]
fn an_amount_is_never_negative() {
    let eur = Currency::parse("EUR").expect("a currency");
    assert_eq!(Money::new(eur, -1), Err(MoneyError::Negative));
    assert_eq!(Money::new(eur, 0).map(Money::minor_units), Ok(0));
    assert_eq!(Money::new(eur, i64::MAX).map(|money| money.to_string()), Ok("92233720368547758.07 EUR".to_owned()));
}

#[test]
fn a_stored_amount_is_checked_when_it_is_read() {
    assert!(serde_json::from_str::<Money>(r#"{"currency":"EUR","minor_units":1}"#).is_ok());
    assert!(serde_json::from_str::<Money>(r#"{"currency":"EUR","minor_units":-1}"#).is_err());
    assert!(serde_json::from_str::<Money>(r#"{"currency":"euro","minor_units":1}"#).is_err());
}

#[test]
fn what_is_wrong_is_said() {
    assert_eq!(MoneyError::UnknownCurrency.to_string(), "the currency is no ISO 4217 code such as EUR");
    assert_eq!(MoneyError::Negative.to_string(), "the amount is negative");
}

proptest! {
    #![proptest_config(testkit::properties())]

    #[test]
    fn an_amount_is_what_it_was_made_of(code in "[A-Z]{3}", minor_units: i64) {
        let money = Money::new(Currency::parse(&code).expect("a currency"), minor_units);
        if minor_units < 0 {
            prop_assert_eq!(money, Err(MoneyError::Negative));
        } else {
            let money = money.expect("an amount");
            prop_assert_eq!((money.currency().to_string(), money.minor_units()), (code.clone(), minor_units));
            let shown = contracts::Amount { minor_units, currency: &code }.to_string();
            prop_assert_eq!(money.to_string(), shown);
            let stored = serde_json::json!({"currency": code, "minor_units": minor_units});
            prop_assert_eq!(serde_json::to_value(money).expect("JSON"), stored.clone());
            prop_assert_eq!(serde_json::from_value::<Money>(stored).expect("money"), money);
        }
    }

    #[test]
    fn only_three_capital_letters_are_a_currency(
        text in prop_oneof!["[A-Z]{3}", "[A-Z]{0,5}", "[A-Za-z0-9]{3}", "[A-Za-z0-9é€]{0,5}"],
    ) {
        let is_code = text.len() == 3 && text.chars().all(|letter| letter.is_ascii_uppercase());
        match Currency::parse(&text) {
            Ok(currency) => prop_assert!(is_code && currency.to_string() == text),
            Err(error) => prop_assert!(!is_code && error == MoneyError::UnknownCurrency),
        }
    }
}
