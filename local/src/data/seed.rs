//! The product catalogue and the stock of a fresh system.

use std::collections::HashMap;

use anyhow::{Context, Result};
use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::front::client::Client;
use crate::stack::clients::Clients;

const PRODUCTS: &str = include_str!("../../seed/products.json");

/// A product of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its id.
    pub id: String,
    /// Its name on the menu.
    pub name: String,
    /// The price of a piece.
    pub unit_price: Money,
    /// The number of pieces that a fresh system has.
    pub stock: u32,
}

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// The ISO 4217 code.
    pub currency: String,
    /// Cents for EUR.
    pub minor_units: u64,
}

impl Product {
    /// The menu of a fresh system: the products of `seed/products.json`.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn menu() -> Result<Vec<Self>> {
        serde_json::from_str(PRODUCTS).context("local/seed/products.json is damaged: compare it with `Product`")
    }

    /// A product that is named after its id.
    #[must_use]
    pub fn new(id: &str, currency: &str, minor_units: u64, stock: u32) -> Self {
        let unit_price = Money { currency: currency.to_owned(), minor_units };
        Self { id: id.to_owned(), name: id.to_owned(), unit_price, stock }
    }
}

/// Writes `products` into the catalogue's table `table`, in place of the products of an earlier run.
///
/// # Errors
/// When the table does not take them.
pub(crate) async fn write_catalogue(clients: &Clients, table: &str, products: &[Product]) -> Result<()> {
    for product in products {
        let price = HashMap::from([
            ("currency".to_owned(), AttributeValue::S(product.unit_price.currency.clone())),
            ("minor_units".to_owned(), AttributeValue::N(product.unit_price.minor_units.to_string())),
        ]);
        let state = HashMap::from([
            ("name".to_owned(), AttributeValue::S(product.name.clone())),
            ("unit_price".to_owned(), AttributeValue::M(price)),
        ]);
        let put = clients
            .dynamodb
            .put_item()
            .table_name(table)
            .item("key", AttributeValue::S(product.id.clone()))
            .item("version", AttributeValue::N("1".to_owned()))
            .item("schema", AttributeValue::N("1".to_owned()))
            .item("state", AttributeValue::M(state));
        put.send().await.with_context(|| format!("cannot write the product {}", product.id))?;
    }
    Ok(())
}

/// Sets the stock of `products` through the API at `api` with a cook's `token`. The idempotency keys are the same every time,
/// so stock that an earlier run has sold stays sold.
///
/// # Errors
/// When the API refuses; the error holds its answer.
pub(crate) async fn set_stock(api: String, token: String, products: &[Product]) -> Result<()> {
    let cook = Client::new(reqwest::Client::builder().no_proxy().build()?, api, Some(token));
    for Product { id, stock, .. } in products {
        let key = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("order-saga/seed/stock/{id}").as_bytes()).to_string();
        let body = json!({"productId": id, "available": stock});
        let answer = cook.call("/kitchen_api.v1.KitchenService/SetStock", &body, Some(&key)).await?;
        answer.ok().with_context(|| format!("cannot set the stock of {id}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_takes_the_menu() {
        let products = Product::menu().unwrap();
        let mut ids: Vec<_> = products.iter().map(|product| product.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), products.len());
        assert!(
            products.iter().all(|product| product.unit_price.currency == "EUR" && product.unit_price.minor_units > 0)
        );
        assert!(products.iter().all(|product| product.stock > 0 && product.stock <= 1_000_000));
    }
}
