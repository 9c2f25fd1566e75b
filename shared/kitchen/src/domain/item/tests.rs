use super::*;

fn listed(items: &Items) -> Vec<(&str, u32)> {
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
    assert_eq!(listed(&items), [("cola", 4), ("margherita", 2)]);
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
