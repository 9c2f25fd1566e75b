use proptest::prelude::*;

use super::*;

fn eur(minor_units: i64) -> Money {
    Money::new(Currency::parse("EUR").expect("a currency"), minor_units).expect("an amount")
}

#[test]
fn money_is_added_and_multiplied_exactly() {
    assert_eq!(eur(250).plus(eur(50)), Ok(eur(300)));
    assert_eq!(eur(250).times(3), Ok(eur(750)));
    assert_eq!(eur(0).times(u32::MAX), Ok(eur(0)));
}

#[test]
fn what_does_not_fit_is_an_error_not_another_amount() {
    assert_eq!(eur(i64::MAX).plus(eur(1)), Err(MoneyError::Overflow));
    assert_eq!(eur(i64::MAX / 2).times(3), Err(MoneyError::Overflow));
    assert_eq!(Money::new(eur(0).currency(), -1), Err(MoneyError::Negative));
}

#[test]
fn currencies_do_not_mix() {
    let usd = Money::zero(Currency::parse("USD").expect("a currency"));
    assert!(matches!(eur(1).plus(usd), Err(MoneyError::MixedCurrencies(_, _))));
}

#[test]
fn stored_money_is_checked_when_it_is_read() {
    assert!(serde_json::from_str::<Money>(r#"{"currency":"EUR","minor_units":-1}"#).is_err());
    assert!(serde_json::from_str::<Money>(r#"{"currency":"euro","minor_units":1}"#).is_err());
}

#[test]
fn what_is_wrong_is_said() {
    let (eur, usd) = (eur(1).currency(), Currency::parse("USD").expect("a currency"));
    let said = [
        (MoneyError::UnknownCurrency, "must be a text of 3 capital letters"),
        (MoneyError::Negative, "must be a whole number from 0 to 9223372036854775807"),
        (MoneyError::Overflow, "the amount is too large"),
        (MoneyError::MixedCurrencies(eur, usd), "EUR and USD cannot be added"),
    ];
    for (error, expected) in said {
        assert_eq!(error.to_string(), expected);
    }
    assert_eq!(Money::zero(usd).to_string(), "0.00 USD");
}

/// An amount as it is reckoned with more room than it has.
fn exact(currency: Currency, minor_units: i128) -> Result<Money, MoneyError> {
    i64::try_from(minor_units).map_err(|_| MoneyError::Overflow).and_then(|fits| Money::new(currency, fits))
}

proptest! {
    #![proptest_config(testkit::properties())]

    #[test]
    fn a_sum_is_exact_or_refused(one in 0..=i64::MAX, other in 0..=i64::MAX, small in 0..1000_i64) {
        let currency = eur(0).currency();
        for (one, other) in [(one, other), (one, small), (i64::MAX - small, small), (i64::MAX - small, small + 1)] {
            prop_assert_eq!(eur(one).plus(eur(other)), exact(currency, i128::from(one) + i128::from(other)));
        }
    }

    #[test]
    fn a_multiple_is_exact_or_refused(price in 0..=i64::MAX, small in 0..=1_000_000_i64, quantity: u32) {
        let currency = eur(0).currency();
        for price in [price, small, i64::MAX / i64::from(quantity.max(1))] {
            prop_assert_eq!(eur(price).times(quantity), exact(currency, i128::from(price) * i128::from(quantity)));
        }
    }

    #[test]
    fn two_currencies_are_never_added(one in "[A-Z]{3}", other in "[A-Z]{3}", amounts: (u32, u32)) {
        let of = |code: &str, amount: u32| Money::new(Currency::parse(code).expect("a currency"), amount.into());
        let sum = of(&one, amounts.0).expect("an amount").plus(of(&other, amounts.1).expect("an amount"));
        prop_assert_eq!(sum.is_ok(), one == other);
        if one != other {
            let (one, other) = (Currency::parse(&one).expect("a currency"), Currency::parse(&other).expect("a currency"));
            prop_assert_eq!(sum, Err(MoneyError::MixedCurrencies(one, other)));
        }
    }

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
