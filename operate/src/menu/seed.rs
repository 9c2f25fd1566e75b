//! Puts products on the menu and gives them their first stock. Doing it again changes nothing that is right, and takes nothing
//! back that was sold.
//!
//! The menu belongs to Order, the stock to Kitchen, and neither reads the other's. A product becomes one that the kitchen makes
//! when it comes on the menu: whoever writes the product writes its item of stock too, with none of it. SetStock counts what
//! has such an item, and refuses everything else.

use anyhow::{Context, Result, bail};
use kitchen::{STOCK, StoredStock};
use messaging::{Record, SaveError, Store, Write};
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

/// Puts `product` on the menu: no RPC writes products, so this writes into the catalogue's table, and for the kitchen into that
/// of the stock. A product that is there with another name or price is changed.
///
/// # Errors
/// When a table does not take it.
pub async fn offer(tables: &Tables, product: &Product) -> Result<Outcome> {
    make(tables, product).await?;
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

/// Lets the kitchen make `product`, unless it does so already; says whether the product was never counted.
async fn make(tables: &Tables, product: &Product) -> Result<bool> {
    if let Some(found) = found(tables, product).await? {
        return Ok(found.is_uncounted());
    }
    let cannot = || format!("cannot write the stock of {} into the table {}", product.id, tables.name(STOCK));
    let stock = StoredStock::uncounted(kitchen::domain::ProductId::parse(&product.id).with_context(cannot)?);
    let record = Record::of(product.id.clone(), 1, &stock).with_context(cannot)?;
    match tables.store(STOCK).save(&Write::of(record)).await {
        // Somebody else was faster, and may have counted it.
        Ok(()) | Err(SaveError::Conflict) => {
            Ok(found(tables, product).await?.is_some_and(|found| found.is_uncounted()))
        }
        Err(error) => Err(error).with_context(cannot),
    }
}

/// What the kitchen has of `product`, if it makes it.
async fn found(tables: &Tables, product: &Product) -> Result<Option<StoredStock>> {
    let cannot =
        || format!("cannot read the table {}: is STACK the stack's name, and is it there?", tables.name(STOCK));
    let record = tables.store(STOCK).load(&product.id).await.with_context(cannot)?;
    record.map(|record| record.aggregate()).transpose().with_context(cannot)
}

/// Gives `product` its first stock through the API, as `cook`. A product that was counted keeps what is left of it.
///
/// # Errors
/// When the table cannot be read or written, or the API refuses; the error holds its answer.
pub async fn stock(tables: &Tables, cook: &Client, product: &Product) -> Result<Outcome> {
    if !make(tables, product).await? {
        return Ok(Outcome::Kept);
    }
    let set = cook.set_stock(&product.id, product.stock).await;
    set.with_context(|| format!("cannot set the stock of {}", product.id))?;
    // The API tells nobody which stack it is of, so what it has written is looked for.
    if found(tables, product).await?.is_none_or(|found| found.is_uncounted()) {
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
