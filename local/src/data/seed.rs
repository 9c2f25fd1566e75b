//! Fills a fresh system: the product catalogue and what the kitchen has in stock.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::stack::clients::Clients;

const PRODUCTS: &str = include_str!("../../seed/products.json");

/// A product of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its id.
    pub id: String,
    /// What the menu calls it.
    pub name: String,
    /// What one of it costs.
    pub unit_price: Money,
    /// How many there are at first.
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

/// The products of `seed/products.json`.
///
/// # Errors
/// When the file is damaged.
pub fn products() -> Result<Vec<Product>> {
    serde_json::from_str(PRODUCTS).context("local/seed/products.json is damaged")
}

/// Writes `products` into the catalogue's table `table`, over those of an earlier run.
///
/// # Errors
/// When the table does not take them.
pub async fn write_catalogue(clients: &Clients, table: &str, products: &[Product]) -> Result<()> {
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

/// Sets the stock of `products` through the API at `api`, as kitchen staff do. The idempotency keys are always the same
/// ones, so stock that an earlier run has sold stays sold.
///
/// # Errors
/// When the API refuses; the error holds its answer.
pub async fn set_stock(api: &str, token: &str, products: &[Product]) -> Result<()> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    for product in products {
        let key = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("order-saga/seed/stock/{}", product.id).as_bytes());
        let request = client
            .post(format!("{api}/kitchen_api.v1.KitchenService/SetStock"))
            .bearer_auth(token)
            .header("idempotency-key", key.to_string())
            .json(&json!({"productId": product.id, "available": product.stock}));
        let answer = request.send().await.context("the API does not answer")?;
        let status = answer.status();
        if !status.is_success() {
            bail!("SetStock of {} answered {status}: {}", product.id, answer.text().await.unwrap_or_default());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_menu_is_one_the_system_takes() {
        let products = products().unwrap();
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
