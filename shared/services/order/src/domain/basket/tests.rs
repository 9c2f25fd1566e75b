use proptest::prelude::*;

use super::*;

fn parse(items: &[(&str, i32)]) -> Result<Basket, BasketError> {
    Basket::parse(items.iter().map(|(product, quantity)| (*product, *quantity, None)))
}

#[test]
fn a_basket_is_bounded() {
    assert_eq!(parse(&[]), Err(BasketError::Empty));
    let products: Vec<String> = (0..51).map(|index| format!("p{index}")).collect();
    let items: Vec<(&str, i32)> = products.iter().map(|product| (product.as_str(), 1)).collect();
    assert_eq!(parse(&items), Err(BasketError::TooManyItems(51)));
    assert!(parse(&items[..50]).is_ok());
}

#[test]
fn quantities_are_positive_and_bounded() {
    for quantity in [i32::MIN, -1, 0, 1001, i32::MAX] {
        assert!(matches!(parse(&[("a", quantity)]), Err(BasketError::BadQuantity { .. })), "{quantity}");
    }
    assert!(parse(&[("a", 1), ("b", 1000)]).is_ok());
}

#[test]
fn a_product_is_listed_once() {
    assert!(matches!(parse(&[("a", 1), ("a", 1)]), Err(BasketError::Duplicate(_))));
}

#[test]
fn a_price_that_is_none_is_refused() {
    let negative = Some(Err(MoneyError::Negative(-1)));
    assert_eq!(Basket::parse([("a", 1, negative)].into_iter()), Err(BasketError::BadPrice(MoneyError::Negative(-1))));
}

#[test]
fn what_is_wrong_is_said() {
    let product = ProductId::parse("cola").expect("a product");
    let said = [
        (BasketError::Empty, "items is empty: order at least one product"),
        (BasketError::TooManyItems(51), "51 items are too many: order at most 50 different products"),
        (
            BasketError::BadQuantity { product: product.clone(), quantity: 1001 },
            "the quantity of cola is 1001: order 1 to 1000",
        ),
        (BasketError::Duplicate(product), "cola is listed twice: send one item with the whole quantity"),
        (
            BasketError::BadPrice(MoneyError::Negative(-1)),
            "the unit price is invalid: an amount of -1 minor units is negative",
        ),
    ];
    for (error, expected) in said {
        assert_eq!(error.to_string(), expected);
    }
}

/// Products that may come twice, and quantities on both sides of the limits.
fn listed() -> impl Strategy<Value = Vec<(String, i32)>> {
    let quantity = prop_oneof![8 => 1..=1000_i32, 1 => Just(0), 1 => Just(1001), 1 => any::<i32>()];
    let product = prop_oneof![6 => "[a-z0-9_-]{4,64}", 1 => "p[0-9]", 1 => "[A-Za-z ]{0,3}"];
    prop_oneof![
        4 => proptest::collection::vec((product, quantity), 0..8),
        1 => (45..56_usize).prop_map(|count| (0..count).map(|number| (format!("p{number}"), 1)).collect()),
    ]
}

/// What a person would find wrong with it first.
fn verdict(items: &[(String, i32)]) -> Result<(), String> {
    if items.is_empty() {
        return Err("empty".to_owned());
    }
    if items.len() > 50 {
        return Err("too many".to_owned());
    }
    for (index, (product, quantity)) in items.iter().enumerate() {
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter);
        if product.is_empty() || product.len() > 64 || !product.chars().all(plain) {
            return Err("product".to_owned());
        }
        if *quantity < 1 || *quantity > 1000 {
            return Err(format!("quantity {quantity}"));
        }
        if items[..index].iter().any(|(before, _)| before == product) {
            return Err("duplicate".to_owned());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(testkit::properties())]

    #[test]
    fn a_basket_holds_what_was_listed_or_says_what_is_wrong_first(items in listed()) {
        let parsed = Basket::parse(items.iter().map(|(product, quantity)| (product.as_str(), *quantity, None)));
        let found = match &parsed {
            Ok(_) => Ok(()),
            Err(BasketError::Empty) => Err("empty".to_owned()),
            Err(BasketError::TooManyItems(count)) => {
                prop_assert_eq!(*count, items.len());
                Err("too many".to_owned())
            }
            Err(BasketError::BadQuantity { quantity, .. }) => Err(format!("quantity {quantity}")),
            Err(BasketError::Duplicate(_)) => Err("duplicate".to_owned()),
            Err(BasketError::BadProduct(_)) => Err("product".to_owned()),
            Err(BasketError::BadPrice(_)) => Err("price".to_owned()),
        };
        prop_assert_eq!(found, verdict(&items));
        if let Ok(basket) = parsed {
            let held: Vec<(String, i32)> = basket.items().iter()
                .map(|item| (item.product.to_string(), i32::try_from(item.quantity).expect("a quantity")))
                .collect();
            prop_assert_eq!(held, items);
        }
    }

    #[test]
    fn the_price_that_was_shown_is_kept_with_its_product(price in 0..=i64::MAX) {
        let shown = Money::new(crate::domain::Currency::parse("EUR").expect("a currency"), price).expect("a price");
        let basket = Basket::parse([("a", 1, None), ("b", 2, Some(Ok(shown)))].into_iter()).expect("a basket");
        let prices: Vec<Option<Money>> = basket.items().iter().map(|item| item.shown_price).collect();
        prop_assert_eq!(prices, [None, Some(shown)]);
    }
}
