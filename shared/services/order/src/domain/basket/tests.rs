use proptest::prelude::*;

use super::*;
use crate::domain::Currency;

fn item(product: &str, quantity: i32) -> BasketItem {
    let (product, quantity) =
        (ProductId::parse(product).expect("a product"), Quantity::new(quantity).expect("a quantity"));
    BasketItem { product, quantity, shown_price: None }
}

#[test]
fn a_basket_is_bounded() {
    assert_eq!(Basket::new(Vec::new()), Err(BasketError::BadLength));
    let items: Vec<BasketItem> = (0..51).map(|index| item(&format!("p{index}"), 1)).collect();
    assert_eq!(Basket::new(items.clone()), Err(BasketError::BadLength));
    assert!(Basket::new(items[..50].to_vec()).is_ok());
    for (items, fits) in [(0, false), (1, true), (50, true), (51, false), (usize::MAX, false)] {
        assert_eq!(Basket::check_length(items).is_ok(), fits, "{items}");
    }
}

#[test]
fn quantities_are_positive_and_bounded() {
    for quantity in [i32::MIN, -1, 0, 1001, i32::MAX] {
        assert_eq!(Quantity::new(quantity), Err(QuantityError), "{quantity}");
    }
    for quantity in [1, 1000] {
        assert_eq!(Quantity::new(quantity).map(|quantity| i32::try_from(quantity.get())), Ok(Ok(quantity)));
    }
}

#[test]
fn what_is_wrong_is_said() {
    let said = [
        (QuantityError.to_string(), "must be a whole number from 1 to 1000"),
        (BasketError::BadLength.to_string(), "must be a list of 1 to 50 items"),
        (
            BasketError::Repeated(vec![1]).to_string(),
            "must be the only item of its product: send one item with the whole quantity",
        ),
    ];
    for (error, expected) in said {
        assert_eq!(error, expected);
    }
}

proptest! {
    #![proptest_config(testkit::properties())]

    #[test]
    fn a_basket_holds_what_was_listed_or_says_which_products_come_again(
        listed in proptest::collection::vec(("p[0-9]", 1..=1000_i32, 0..=i64::MAX), 1..8),
    ) {
        let price = |units| Money::new(Currency::parse("EUR").expect("a currency"), units).ok();
        let items: Vec<BasketItem> = listed.iter()
            .map(|(product, quantity, units)| BasketItem { shown_price: price(*units), ..item(product, *quantity) })
            .collect();
        let again: Vec<usize> = (0..listed.len())
            .filter(|index| listed[..*index].iter().any(|before| before.0 == listed[*index].0))
            .collect();
        match Basket::new(items.clone()) {
            Ok(basket) => {
                prop_assert!(again.is_empty());
                prop_assert_eq!(basket.items(), items);
            }
            Err(error) => prop_assert_eq!(error, BasketError::Repeated(again)),
        }
    }
}
