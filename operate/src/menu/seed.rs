//! Puts products on the menu and gives them their first stock. Doing it again changes nothing that is right, and takes nothing
//! back that was sold.

use anyhow::{Context, Result, bail};
use kitchen::STOCK;
use messaging::{Record, Store, Write};
use order::PRODUCTS;
use order::domain::{self, Currency, Money, ProductId};

use super::product::Product;
use crate::api::client::Client;
use crate::tables::Tables;

/// What became of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was written.
    Written,
    /// It was there and is right.
    Kept,
}

/// Puts `product` on the menu: no RPC writes products, so this writes into the catalogue's table. A product that is there with
/// another name or price is changed.
///
/// # Errors
/// When the table does not take it.
pub async fn offer(tables: &Tables, product: &Product) -> Result<Outcome> {
    let store = tables.store(PRODUCTS);
    let cannot = || format!("cannot write the product {} into the table {}", product.id, tables.name(PRODUCTS));
    let wanted = stored(product).with_context(cannot)?;
    let found = store.load(&product.id).await.with_context(cannot)?;
    if found.as_ref().is_some_and(|record| record.aggregate::<domain::Product>().as_ref() == Ok(&wanted)) {
        return Ok(Outcome::Kept);
    }
    let version = found.map_or(0, |record| record.version) + 1;
    let record = Record::of(product.id.clone(), version, &wanted).with_context(cannot)?;
    store.save(&Write::of(record)).await.with_context(cannot)?;
    Ok(Outcome::Written)
}

/// Gives `product` its first stock through the API, as `cook`. A product that has stock keeps what is left of it.
///
/// # Errors
/// When the table cannot be read, or the API refuses; the error holds its answer.
pub async fn stock(tables: &Tables, cook: &Client, product: &Product) -> Result<Outcome> {
    let is_there = async || -> Result<bool> {
        let found = tables.store(STOCK).load(&product.id).await;
        let hint =
            || format!("cannot read the table {}: is STACK the stack's name, and is it there?", tables.name(STOCK));
        Ok(found.with_context(hint)?.is_some())
    };
    if is_there().await? {
        return Ok(Outcome::Kept);
    }
    let set = cook.set_stock(&product.id, product.stock).await;
    set.with_context(|| format!("cannot set the stock of {}", product.id))?;
    // The API tells nobody which stack it is of, so what it has written is looked for.
    if !is_there().await? {
        let table = tables.name(STOCK);
        bail!("the API has set the stock of {}, but not in {table}: API is of another stack than STACK", product.id);
    }
    Ok(Outcome::Written)
}

/// The product as Order stores it.
fn stored(product: &Product) -> Result<domain::Product> {
    ProductId::parse(&product.id)?;
    let currency = Currency::parse(&product.unit_price.currency)?;
    let unit_price = Money::new(currency, i64::try_from(product.unit_price.minor_units)?)?;
    Ok(domain::Product { name: product.name.clone(), unit_price })
}
