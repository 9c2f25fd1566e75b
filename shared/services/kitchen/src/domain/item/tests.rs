use proptest::prelude::*;

use super::*;

fn listed_as(items: &Items) -> Vec<(&str, u32)> {
    items.as_slice().iter().map(|item| (item.product.as_str(), item.quantity.get())).collect()
}

#[test]
fn a_product_id_is_a_short_word() {
    for good in ["a", "margherita", "pizza-4_cheese", &"x".repeat(64)] {
        assert_eq!(ProductId::parse(good).expect("an id").as_str(), good);
    }
    // `#` would reach the items that recognise repeated calls.
    for bad in ["", "Margherita", "piz za", "claim#1", "café", &"x".repeat(65)] {
        assert!(ProductId::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_quantity_is_positive_and_bounded() {
    for bad in [i64::MIN, -1, 0, 1001, i64::MAX] {
        assert_eq!(Quantity::new(bad), Err(QuantityError(bad)));
    }
    assert_eq!(Quantity::new(1).map(Quantity::get), Ok(1));
    assert_eq!(Quantity::new(1000).map(Quantity::get), Ok(1000));
}

#[test]
fn a_product_listed_twice_is_one_item() {
    let items = Items::parse([("cola", 1), ("margherita", 2), ("cola", 3)]).expect("items");
    assert_eq!(listed_as(&items), [("cola", 4), ("margherita", 2)]);
    let error = Items::parse([("cola", 600), ("cola", 401)]).expect_err("too many colas");
    assert_eq!(error.to_string(), "cola: the quantity is 1001: ask for 1 to 1000");
}

#[test]
fn the_number_of_products_is_bounded() {
    assert_eq!(Items::parse([]), Err(ItemsError::Empty));
    let names: Vec<String> = (0..51).map(|index| format!("p{index}")).collect();
    assert_eq!(Items::parse(names.iter().map(|name| (name.as_str(), 1))), Err(ItemsError::TooMany));
    let fifty = names.iter().take(50).map(|name| (name.as_str(), 1));
    assert!(Items::parse(fifty.clone()).is_ok());
    assert!(Items::parse(fifty.clone().chain(fifty)).is_ok(), "a repeat is no further product");
}

#[test]
fn stored_items_are_checked_when_they_are_read() {
    for bad in [
        r#"[]"#,
        r#"[{"product":"cola","quantity":0}]"#,
        r#"[{"product":"cola","quantity":-1}]"#,
        r#"[{"product":"Cola","quantity":1}]"#,
    ] {
        assert!(serde_json::from_str::<Items>(bad).is_err(), "{bad}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    let error = ProductId::parse(&"É".repeat(100)).expect_err("no id");
    assert_eq!(error.to_string(), "must be a text of 1 to 64 lower-case letters, digits, - or _");
    assert_eq!(QuantityError(0).to_string(), "the quantity is 0: ask for 1 to 1000");
    assert_eq!(ItemsError::Empty.to_string(), "items is empty: ask for at least one product");
    assert_eq!(ItemsError::TooMany.to_string(), "these are more than 50 different products: split the order");
}

/// Lists with products that come again, and sums on both sides of the limit.
fn listed() -> impl Strategy<Value = Vec<(String, i32)>> {
    let quantity = prop_oneof![8 => 1..=600_i32, 1 => Just(0), 1 => Just(1000), 1 => Just(1001), 1 => any::<i32>()];
    let product = prop_oneof![6 => "[a-z]{1,2}", 1 => "[A-Z]{0,2}"];
    prop_oneof![
        4 => proptest::collection::vec((product, quantity), 0..8),
        1 => (45..56_usize).prop_map(|count| (0..count).map(|number| (format!("p{number}"), 1)).collect()),
    ]
}

/// What a person would make of it, without saying what is wrong.
fn added_up(items: &[(String, i32)]) -> Option<Vec<(String, i64)>> {
    let mut sums: Vec<(String, i64)> = Vec::new();
    for (product, quantity) in items {
        if product.is_empty() || product.bytes().any(|byte| byte.is_ascii_uppercase()) || *quantity < 1 {
            return None;
        }
        match sums.iter_mut().find(|(known, _)| known == product) {
            Some((_, sum)) => *sum += i64::from(*quantity),
            None => sums.push((product.clone(), i64::from(*quantity))),
        }
    }
    let fits = (1..=50).contains(&sums.len()) && sums.iter().all(|(_, sum)| *sum <= 1000);
    fits.then_some(sums)
}

proptest! {
    #![proptest_config(testkit::properties())]

    #[test]
    fn a_list_is_added_up_by_product_or_refused(items in listed()) {
        let parsed = Items::parse(items.iter().map(|(product, quantity)| (product.as_str(), *quantity))).ok();
        let found = parsed.as_ref().map(|items| {
            listed_as(items).into_iter().map(|(product, sum)| (product.to_owned(), i64::from(sum))).collect::<Vec<_>>()
        });
        prop_assert_eq!(found, added_up(&items));
        if let Some(items) = parsed {
            let stored = serde_json::to_value(&items).expect("JSON");
            prop_assert_eq!(serde_json::from_value::<Items>(stored).expect("items"), items);
        }
    }

    #[test]
    fn a_quantity_is_what_it_was_made_of(number: i64, small in -2..1003_i64) {
        for number in [number, small] {
            let is_quantity = (1..=1000).contains(&number);
            match Quantity::new(number) {
                Ok(quantity) => prop_assert!(is_quantity && i64::from(quantity) == number),
                Err(error) => prop_assert!(!is_quantity && error == QuantityError(number)),
            }
            prop_assert_eq!(serde_json::from_value::<Quantity>(number.into()).is_ok(), is_quantity);
        }
    }
}
