//! The same amounts and quantities everywhere, reckoned from the menu and the basket by nobody's code but this.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::journal::Heard;
use super::paths::Path;
use super::restaurant::{ANNA, BASKET, CURRENCY, MENU, Restaurant, STOCK};
use crate::block_on;

/// Two pizzas at 11.50, three tiramisù at 6.90 and four espressi at 2.95.
const TOTAL: i64 = 2 * 1150 + 3 * 690 + 4 * 295;

fn price(product: &str) -> i64 {
    MENU.iter().find(|(known, ..)| *known == product).map_or(0, |(.., price)| *price)
}

/// Money in ProtoJSON.
fn money(minor_units: i64) -> Value {
    json!({"currency": CURRENCY, "minorUnits": minor_units.to_string()})
}

/// The lines of the basket in ProtoJSON.
fn lines() -> Value {
    BASKET.iter().map(|(product, quantity)| json!({"productId": product, "quantity": quantity})).collect()
}

/// The lines of the basket with what each product costs, in ProtoJSON.
fn priced_lines() -> Value {
    let line = |(product, quantity): &(&str, i32)| json!({"productId": product, "quantity": quantity, "unitPrice": money(price(product))});
    BASKET.iter().map(line).collect()
}

fn payloads<'a>(heard: &'a [Heard], type_name: &str) -> Vec<&'a Value> {
    heard.iter().filter(|heard| heard.type_name() == type_name).map(|heard| &heard.body["payload"]).collect()
}

/// What is left of each product when an order took its stock, or gave it back.
fn left(is_taken: bool, third: i64) -> Vec<(String, i64)> {
    let stock = [i64::from(STOCK[0].1), i64::from(STOCK[1].1), third];
    let taken = |quantity: i32| if is_taken { i64::from(quantity) } else { 0 };
    let of = |((product, quantity), stock): (&(&str, i32), i64)| ((*product).to_owned(), stock - taken(*quantity));
    BASKET.iter().zip(stock).map(of).collect()
}

#[test]
fn the_basket_comes_to_what_a_person_reckons() {
    assert_eq!(TOTAL, 5550);
    assert_eq!(BASKET.iter().map(|(product, quantity)| price(product) * i64::from(*quantity)).sum::<i64>(), TOTAL);
}

#[test]
fn what_is_told_is_the_basket_at_the_menus_prices() -> Result<()> {
    for path in Path::ALL {
        let (restaurant, order_id) = block_on(path.play())?;
        let heard = restaurant.heard();
        let created = payloads(&heard, "order.v1.OrderCreated");
        ensure!(created.len() == 1, "{path:?}: {created:?}");
        ensure!(created[0]["total"] == money(TOTAL) && created[0]["items"] == lines(), "{path:?}: {created:?}");
        let tickets = payloads(&heard, "kitchen.v1.CreateTicket");
        ensure!(
            !tickets.is_empty() && tickets.iter().all(|ticket| ticket["items"] == lines()),
            "{path:?}: {tickets:?}"
        );
        let charges = payloads(&heard, "billing.v1.AuthorizeCard");
        let asks_a_card = !matches!(path, Path::OutOfStock | Path::UnknownProduct | Path::KitchenIsSilent);
        ensure!(charges.is_empty() != asks_a_card, "{path:?}: {charges:?}");
        for charge in charges {
            let asked = json!({"currency": charge["currency"], "minorUnits": charge["minorUnits"]});
            ensure!(asked == money(TOTAL) && charge["customerId"] == ANNA, "{path:?}: {charge}");
        }
        let order = |called: &super::journal::Called| called.answer["order"].clone();
        let mut orders: Vec<Value> = restaurant.calls.iter().map(order).filter(|order| !order.is_null()).collect();
        orders.retain(|order| order["orderId"] == order_id.as_str());
        ensure!(orders.len() >= 3, "{path:?}: the customer sees {orders:?}");
        for order in orders {
            ensure!(order["total"] == money(TOTAL) && order["items"] == priced_lines(), "{path:?}: {order}");
        }
    }
    Ok(())
}

#[test]
fn what_is_kept_is_the_basket_at_the_menus_prices() -> Result<()> {
    for path in Path::ALL {
        let (restaurant, order_id) = block_on(path.play())?;
        let order = restaurant.stored("orders", &order_id)?;
        let amount = json!({"currency": CURRENCY, "minor_units": TOTAL});
        ensure!(order["total"] == amount, "{path:?}: {order}");
        let line = |(product, quantity): &(&str, i32)| {
            let unit_price = json!({"currency": CURRENCY, "minor_units": price(product)});
            json!({"product": product, "quantity": quantity, "unit_price": unit_price})
        };
        ensure!(order["items"] == BASKET.iter().map(line).collect::<Value>(), "{path:?}: {order}");
        let ticket = restaurant.stored("tickets", &order_id)?;
        let line = |(product, quantity): &(&str, i32)| json!({"product": product, "quantity": quantity});
        // Of a ticket whose undo came first only the undo is known.
        let items: Value = if path == Path::KitchenIsSilent { Value::Null } else { BASKET.iter().map(line).collect() };
        ensure!(ticket["items"] == items, "{path:?}: {ticket}");
        ends_as_it_should(path, &restaurant, &order_id)?;
    }
    Ok(())
}

/// The money that is held, the stock that is taken, and what each service says in the end.
fn ends_as_it_should(path: Path, restaurant: &Restaurant, order_id: &str) -> Result<()> {
    let (order, ticket, card) = match path {
        Path::Approved | Path::StuckAfterThePivot => ("APPROVED", "APPROVED", Some("AUTHORIZED")),
        Path::CardDeclined | Path::InsufficientFunds => ("REJECTED", "REJECTED", Some("DECLINED")),
        Path::OutOfStock | Path::UnknownProduct | Path::KitchenIsSilent => ("REJECTED", "REJECTED", None),
        Path::BillingIsSilent => ("REJECTED", "REJECTED", Some("VOIDED")),
        Path::Canceled => ("CANCELED", "CANCELED", Some("VOIDED")),
        Path::CanceledTooLate => ("APPROVED", "PREPARING", Some("AUTHORIZED")),
    };
    let is_paid = card == Some("AUTHORIZED");
    let held = is_paid.then(|| (TOTAL, CURRENCY.to_owned()));
    ensure!(restaurant.held(order_id)? == held, "{path:?}: {:?} is held", restaurant.held(order_id)?);
    let third = if path == Path::OutOfStock { 3 } else { i64::from(STOCK[2].1) };
    let mut expected = left(is_paid, third);
    if path == Path::UnknownProduct {
        expected.pop();
    }
    ensure!(restaurant.stock()? == expected, "{path:?}: {:?} is left", restaurant.stock()?);
    ensure!(restaurant.stored("orders", order_id)?["status"]["name"] == order, "{path:?}: the order is not {order}");
    ensure!(restaurant.stored("tickets", order_id)?["status"] == ticket, "{path:?}: the ticket is not {ticket}");
    let authorization = restaurant.stored("authorizations", order_id).ok();
    ensure!(authorization.is_some() == card.is_some(), "{path:?}: {authorization:?}");
    if let (Some(authorization), Some(card)) = (authorization, card) {
        let amount = json!({"currency": CURRENCY, "minor_units": TOTAL});
        ensure!(authorization["status"] == card, "{path:?}: {authorization}");
        ensure!(authorization["charge"]["amount"] == amount, "{path:?}: {authorization}");
        ensure!(authorization["charge"]["customer_id"].as_str().context("nobody is charged")? == ANNA);
    }
    Ok(())
}
