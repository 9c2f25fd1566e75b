//! The products of a menu's file, checked by the rules of the services that will read them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use kitchen::domain::Available;
use order::domain::{Currency, ProductId};
use serde::Deserialize;
use serde_json::Value;

/// The menu of a fresh system.
const PRODUCTS: &str = include_str!("../../menu/products.json");
/// The longest file that is read.
const MAX_BYTES: u64 = 1024 * 1024;
const MAX_PRODUCTS: usize = 1000;
const MAX_NAME_LENGTH: usize = 200;
/// The highest price of a piece, in minor units: a typing error rather than a price.
const MAX_PRICE: u64 = 100_000_000;

/// A product of a menu.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its id.
    pub id: String,
    /// Its name on the menu.
    pub name: String,
    /// The price of a piece.
    pub unit_price: Money,
    /// The number of pieces that there are at first.
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
    /// The menu of a fresh system: the products of `menu/products.json`.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn menu() -> Result<Vec<Self>> {
        Self::parse(PRODUCTS).context("operate/menu/products.json is damaged: compare it with `Product`")
    }

    /// The menu in `file`, which is written as `menu/products.json` is.
    ///
    /// # Errors
    /// When the file cannot be read or holds something else; the error names the product and what to change.
    pub fn read(file: &Path) -> Result<Vec<Self>> {
        let name = file.display();
        let length = fs::metadata(file).with_context(|| format!("cannot read {name}"))?.len();
        ensure!(length <= MAX_BYTES, "{name} has {length} bytes: split the menu into files of at most {MAX_BYTES}");
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
        Self::parse(&text).with_context(|| name.to_string())
    }

    /// Reads a list of products.
    ///
    /// # Errors
    /// The first thing that is wrong, with the product that it is wrong with.
    pub fn parse(text: &str) -> Result<Vec<Self>> {
        let listed: Vec<Value> = serde_json::from_str(text).context("this is no JSON list of products")?;
        ensure!(!listed.is_empty(), "the list is empty: name at least one product");
        ensure!(listed.len() <= MAX_PRODUCTS, "these are more than {MAX_PRODUCTS} products: split the list");
        let (mut ids, mut products) = (BTreeSet::new(), Vec::<Self>::new());
        for (value, number) in listed.into_iter().zip(1..) {
            let id = value["id"].as_str().map(|id| format!(" ({id:?})")).unwrap_or_default();
            let name = || format!("product {number}{id}");
            let product: Self = serde_json::from_value(value).with_context(name)?;
            product.check().with_context(name)?;
            ensure!(ids.insert(product.id.clone()), "{} stands twice in the list: remove one of the two", name());
            if let Some(first) = products.first().filter(|first| first.currency() != product.currency()) {
                let (one, other) = (first.currency(), product.currency());
                bail!(
                    "{} costs {other} and {:?} {one}: give all the same currency, or no order can have both",
                    name(),
                    first.id
                );
            }
            products.push(product);
        }
        Ok(products)
    }

    /// A product that is named after its id.
    #[must_use]
    pub fn new(id: &str, currency: &str, minor_units: u64, stock: u32) -> Self {
        let unit_price = Money { currency: currency.to_owned(), minor_units };
        Self { id: id.to_owned(), name: id.to_owned(), unit_price, stock }
    }

    fn currency(&self) -> &str {
        &self.unit_price.currency
    }

    fn check(&self) -> Result<()> {
        ProductId::parse(&self.id).context("id")?;
        Currency::parse(self.currency()).context("unit_price.currency")?;
        Available::new(self.stock.into()).context("stock")?;
        let (length, price) = (self.name.chars().count(), self.unit_price.minor_units);
        let printable = !self.name.trim().is_empty() && !self.name.chars().any(char::is_control);
        ensure!(
            printable && length <= MAX_NAME_LENGTH,
            "name: write 1 to {MAX_NAME_LENGTH} characters without control characters"
        );
        ensure!(
            (1..=MAX_PRICE).contains(&price),
            "unit_price.minor_units is {price}: write 1 to {MAX_PRICE}, in minor units such as cents"
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests;
