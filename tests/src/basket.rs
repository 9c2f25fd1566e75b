//! Orders of three products, and what every service has to say about their money, their lines and their stock.

use anyhow::{Context, Result, ensure};
use local::{Card, Client, Product, Story};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::System;

/// The currency of every basket: not the menu's euro, so that a currency that stands in the code is seen.
pub const CURRENCY: &str = "CHF";
/// What each product costs, and how many pieces of it are ordered: no two of the numbers are alike, so that a mix-up is seen.
pub const LINES: [(i64, u32); 3] = [(1150, 2), (690, 3), (295, 4)];
/// What a person reckons from that.
pub const TOTAL: i64 = 5550;

/// Three products that no other test knows, at three prices, ordered in three quantities.
pub struct Basket {
    products: [Product; 3],
}

impl Basket {
    /// Puts three new products on the menu, with this much stock of each.
    ///
    /// # Errors
    /// The system does not take them.
    pub async fn new(system: &System, stock: [u32; 3]) -> Result<Self> {
        let tag = Uuid::new_v4();
        let of = |index: usize| {
            Product::new(&format!("p{index}-{tag}"), CURRENCY, LINES[index].0.unsigned_abs(), stock[index])
        };
        let products = [0, 1, 2].map(of);
        system.aws().offer(&products).await?;
        let cook = system.cook()?;
        for product in &products {
            cook.set_stock(&product.id, product.stock).await?;
        }
        Ok(Self { products })
    }

    fn lines(&self) -> impl Iterator<Item = (&Product, i64, u32)> {
        self.products.iter().zip(LINES).map(|(product, (price, quantity))| (product, price, quantity))
    }

    /// Orders everything in it, and returns the order's id.
    ///
    /// # Errors
    /// The order was refused, or its money or lines are wrong.
    pub async fn place(&self, customer: &Client, card: Card) -> Result<String> {
        let basket: Vec<(&str, u32)> =
            self.lines().map(|(product, _, quantity)| (product.id.as_str(), quantity)).collect();
        let placed = customer.place_all(&basket, card).await?;
        self.costs_what_the_menu_says(&placed)?;
        Ok(placed["orderId"].as_str().context("no order id")?.to_owned())
    }

    /// Checks the money and the lines of an order as a customer is shown it.
    ///
    /// # Errors
    /// Something is wrong; the error shows the order.
    pub fn costs_what_the_menu_says(&self, order: &Value) -> Result<()> {
        let money = |minor_units: i64| json!({"currency": CURRENCY, "minorUnits": minor_units.to_string()});
        let line = |(product, price, quantity): (&Product, i64, u32)| json!({"productId": product.id, "quantity": quantity, "unitPrice": money(price)});
        let items: Value = self.lines().map(line).collect();
        ensure!(order["items"] == items && order["total"] == money(TOTAL), "{order:#} instead of {items:#}");
        Ok(())
    }

    /// Checks what every service has stored when `story` is over.
    ///
    /// # Errors
    /// A service has stored something else; the error shows it.
    pub async fn check(&self, system: &System, customer: &str, order_id: &str, story: &Story) -> Result<()> {
        let end = &story.end;
        let total = json!({"currency": CURRENCY, "minor_units": TOTAL});
        let order = system.stored("OrdersTable", order_id).await?.context("no order")?;
        ensure!(order.state["status"]["name"] == end.order && order.state["total"] == total, "{order:#?}");
        let ticket = system.stored("TicketsTable", order_id).await?.context("no ticket")?;
        let line = |(product, _, quantity): (&Product, i64, u32)| json!({"product": product.id, "quantity": quantity});
        let items: Value = self.lines().map(line).collect();
        ensure!(ticket.state["status"] == end.ticket && ticket.state["items"] == items, "{ticket:#?}");
        ensure!(ticket.attributes.get("status") == Some(&json!(end.ticket)), "{ticket:#?}");

        let card = system.stored("AuthorizationsTable", order_id).await?.map(|record| record.state);
        ensure!(card.is_some() == end.authorization.is_some(), "the card was asked: {card:?}");
        if let (Some(card), Some(status)) = (card, end.authorization) {
            let charge = json!({"customer_id": format!("auth0|{customer}"), "amount": total});
            ensure!(card["status"] == status && card["charge"] == charge, "{card:#} instead of {status}, {charge:#}");
        }
        self.check_stock(system, end.takes_stock).await
    }

    /// Checks how much of each product is left.
    ///
    /// # Errors
    /// There is more or less of a product.
    pub async fn check_stock(&self, system: &System, is_taken: bool) -> Result<()> {
        for (product, _, quantity) in self.lines() {
            let left = i64::from(product.stock) - if is_taken { i64::from(quantity) } else { 0 };
            let found = system.stock(&product.id).await?;
            ensure!(found == left, "{found} of {} are left instead of {left}", product.id);
        }
        Ok(())
    }
}
