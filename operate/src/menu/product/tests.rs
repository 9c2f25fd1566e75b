//! A menu's file, right and wrong.

use serde_json::json;

use super::*;

/// What is wrong with a list of products.
fn complaint(products: &Value) -> String {
    format!("{:#}", Product::parse(&products.to_string()).unwrap_err())
}

/// A good product with one field changed, or added.
fn with(field: &str, value: Value) -> Value {
    let mut product =
        json!({"id": "soup", "name": "Soup", "unit_price": {"currency": "EUR", "minor_units": 590}, "stock": 7});
    product[field] = value;
    product
}

#[test]
fn the_menu_of_a_fresh_system_is_right() {
    let products = Product::menu().unwrap();
    assert!(products.len() >= 5);
    assert!(products.iter().all(|product| product.stock > 0));
}

#[test]
fn a_menu_is_read_as_it_is_written() {
    let soup = Product { name: "Soup".to_owned(), ..Product::new("soup", "EUR", 590, 7) };
    assert_eq!(Product::parse(&json!([with("stock", json!(7))]).to_string()).unwrap(), [soup]);
}

#[test]
fn what_is_wrong_is_said_with_the_product_that_it_is_wrong_with() {
    let good = with("id", json!("bread"));
    let money = |currency: &str, minor_units: Value| json!({"currency": currency, "minor_units": minor_units});
    let wrong = [
        ("id", json!("Soup of the day"), "id: must be a text of 1 to 64 lower-case letters, digits, - or _"),
        ("name", json!("  "), "name: write 1 to 200 characters"),
        ("name", json!("x".repeat(201)), "name: write 1 to 200 characters"),
        ("stock", json!(1_000_001), "stock: must be a whole number from 0 to 1000000"),
        ("stock", json!(-1), "invalid value: integer `-1`, expected u32"),
        ("unit_price", money("eur", json!(5)), "unit_price.currency: must be a text of 3 capital letters"),
        ("unit_price", money("EUR", json!(0)), "unit_price.minor_units is 0: write 1 to 100000000"),
        ("unit_price", money("EUR", json!(100_000_001)), "unit_price.minor_units is 100000001"),
        ("unit_price", money("EUR", json!(5.9)), "expected u64"),
        ("unit_price", money("CHF", json!(5)), "costs CHF and \"bread\" EUR: give all the same currency"),
        ("spicy", json!(true), "unknown field `spicy`"),
        ("id", json!("bread"), "stands twice in the list"),
    ];
    for (field, value, expected) in wrong {
        let complaint = complaint(&json!([good, with(field, value)]));
        assert!(complaint.starts_with("product 2 (") && complaint.contains(expected), "{complaint}");
    }
}

#[test]
fn a_list_is_bounded_and_not_empty() {
    assert!(complaint(&json!([])).contains("the list is empty"));
    assert!(complaint(&json!({"soup": 1})).contains("no JSON list of products"));
    let many: Vec<Value> = (0..=MAX_PRODUCTS).map(|number| with("id", json!(format!("soup-{number}")))).collect();
    assert!(complaint(&json!(many)).contains("more than 1000 products"));
}

#[test]
fn a_file_that_is_missing_or_too_long_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("menu.json");
    let complaint = |file: &Path| format!("{:#}", Product::read(file).unwrap_err());
    assert!(complaint(&file).contains("cannot read") && complaint(&file).contains("menu.json"));
    fs::write(&file, " ".repeat(usize::try_from(MAX_BYTES).unwrap() + 1)).unwrap();
    assert!(complaint(&file).contains("1048577 bytes"), "{}", complaint(&file));
}
