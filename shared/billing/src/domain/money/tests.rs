use super::*;

#[test]
fn an_amount_is_never_negative() {
    let eur = Currency::parse("EUR").expect("a currency");
    assert_eq!(Money::new(eur, -1), Err(MoneyError::Negative(-1)));
    assert_eq!(Money::new(eur, 0).map(Money::minor_units), Ok(0));
    assert_eq!(Money::new(eur, i64::MAX).map(|money| money.to_string()), Ok(format!("{} EUR", i64::MAX)));
}

#[test]
fn a_currency_is_three_capital_letters() {
    for code in ["", "EU", "EURO", "eur", "E1R", "€"] {
        assert!(Currency::parse(code).is_err(), "{code}");
    }
}

#[test]
fn a_stored_amount_is_checked_when_it_is_read() {
    assert!(serde_json::from_str::<Money>(r#"{"currency":"EUR","minor_units":1}"#).is_ok());
    assert!(serde_json::from_str::<Money>(r#"{"currency":"EUR","minor_units":-1}"#).is_err());
    assert!(serde_json::from_str::<Money>(r#"{"currency":"euro","minor_units":1}"#).is_err());
}
