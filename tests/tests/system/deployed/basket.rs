//! Orders of several products, and what every service has to say about their money, their lines and their stock.

use anyhow::{Context, Result, ensure};
use local::seed::{Money, Product};
use serde_json::{Value, json};
use tests::basket::{CURRENCY, LINES, TOTAL};
use tests::{Client, System};
use uuid::Uuid;

/// What is ordered: three products that no other test knows, at three prices, in three quantities.
pub(super) struct Basket {
    products: [Product; 3],
}

/// What the services have to say in the end.
pub(super) struct End {
    pub(super) order: &'static str,
    pub(super) ticket: &'static str,
    /// What became of the card; `None` when it was never asked.
    pub(super) card: Option<&'static str>,
    /// Whether the stock is taken.
    pub(super) is_taken: bool,
}

impl Basket {
    /// Puts three new products on the menu; so many of each are there.
    pub(super) async fn new(system: &System, stock: [u32; 3]) -> Result<Self> {
        let tag = Uuid::new_v4();
        let of = |index: usize| Product {
            id: format!("p{index}-{tag}"),
            name: format!("Product {index}"),
            unit_price: Money { currency: CURRENCY.to_owned(), minor_units: LINES[index].0.unsigned_abs() },
            stock: stock[index],
        };
        let products = [0, 1, 2].map(of);
        system.offer(&products).await?;
        let cook = system.cook()?;
        for product in &products {
            cook.set_stock(&product.id, product.stock).await?;
        }
        Ok(Self { products })
    }

    fn lines(&self) -> impl Iterator<Item = (&Product, i64, u32)> {
        self.products.iter().zip(LINES).map(|(product, (price, quantity))| (product, price, quantity))
    }

    /// Orders it; gives the order's id.
    pub(super) async fn place(&self, customer: &Client, card: &str) -> Result<String> {
        let basket: Vec<(&str, u32)> =
            self.lines().map(|(product, _, quantity)| (product.id.as_str(), quantity)).collect();
        let placed = customer.place_all(&basket, card).await?;
        self.costs_what_the_menu_says(&placed)?;
        Ok(placed["orderId"].as_str().context("no order id")?.to_owned())
    }

    /// The order as a customer is shown it.
    pub(super) fn costs_what_the_menu_says(&self, order: &Value) -> Result<()> {
        let money = |minor_units: i64| json!({"currency": CURRENCY, "minorUnits": minor_units.to_string()});
        let line = |(product, price, quantity): (&Product, i64, u32)| json!({"productId": product.id, "quantity": quantity, "unitPrice": money(price)});
        let items: Value = self.lines().map(line).collect();
        ensure!(order["items"] == items && order["total"] == money(TOTAL), "{order:#} instead of {items:#}");
        Ok(())
    }

    /// What every service has stored.
    pub(super) async fn check(&self, system: &System, customer: &str, order_id: &str, end: End) -> Result<()> {
        let total = json!({"currency": CURRENCY, "minor_units": TOTAL});
        let order = system.stored("OrdersTable", order_id).await?.context("no order")?;
        ensure!(order.state["status"]["name"] == end.order && order.state["total"] == total, "{order:#?}");
        let ticket = system.stored("TicketsTable", order_id).await?.context("no ticket")?;
        let line = |(product, _, quantity): (&Product, i64, u32)| json!({"product": product.id, "quantity": quantity});
        let items: Value = self.lines().map(line).collect();
        ensure!(ticket.state["status"] == end.ticket && ticket.state["items"] == items, "{ticket:#?}");
        ensure!(ticket.attributes.get("status") == Some(&json!(end.ticket)), "{ticket:#?}");

        let card = system.stored("AuthorizationsTable", order_id).await?.map(|record| record.state);
        ensure!(card.is_some() == end.card.is_some(), "the card was asked: {card:?}");
        if let (Some(card), Some(status)) = (card, end.card) {
            let charge = json!({"customer_id": format!("auth0|{customer}"), "amount": total});
            ensure!(card["status"] == status && card["charge"] == charge, "{card:#} instead of {status}, {charge:#}");
        }
        self.check_stock(system, end.is_taken).await
    }

    /// How much of each product is left.
    pub(super) async fn check_stock(&self, system: &System, is_taken: bool) -> Result<()> {
        for (product, _, quantity) in self.lines() {
            let left = i64::from(product.stock) - if is_taken { i64::from(quantity) } else { 0 };
            let found = system.stock(&product.id).await?;
            ensure!(found == left, "{found} of {} are left instead of {left}", product.id);
        }
        Ok(())
    }
}
