//! Every RPC, answered and refused.

mod operators;

use std::sync::Arc;

use anyhow::{Context, Result};
use contracts::kitchen_api::v1::{
    ListStockRequest, ListTicketsRequest, SetStockRequest, StartTicketRequest, TicketStatus,
};
use contracts::order_api::v1::{
    CancelOrderRequest, CreateOrderRequest, ListOrdersRequest, ListProductsRequest, Money, create_order_request::Item,
};
use testkit::Operation;
use time::Duration;

use super::journal::Called;
use super::restaurant::{ANNA, BASKET, COOK, CURRENCY, MENU, Restaurant, STOCK};
use crate::services::tickets;

/// Five orders, seen by the customer, the cook and the operator wherever they stand, and what they may not do.
pub(super) async fn play() -> Result<Restaurant> {
    let mut restaurant = Restaurant::open(&STOCK, order::sagas::registry()).await?;
    list_products(&mut restaurant).await?;
    restaurant.bus.pause("authorize-card");
    let order_id = place_as_shown(&mut restaurant).await?;
    restaurant.bus.run_until(restaurant.bus.now() + Duration::seconds(1)).await;
    list_tickets(&mut restaurant, TicketStatus::CreatePending).await?;
    restaurant.watch().await?;
    start(&mut restaurant, &order_id).await?;
    restaurant.cancel(&order_id).await?;
    restaurant.bus.resume("authorize-card");
    restaurant.bus.run().await;
    list_tickets(&mut restaurant, TicketStatus::Unspecified).await?;

    restaurant.bus.pause("reject-ticket");
    let declined = restaurant.place(&[("tiramisu", 1)], "tok_declined").await?;
    restaurant.bus.run_until(restaurant.bus.now() + Duration::seconds(1)).await;
    restaurant.find(&declined).await?;
    restaurant.watch().await?;
    // The order is read, and the sagas table is busy.
    restaurant.database.faults().fail(Operation::Load, 2);
    restaurant.find(&declined).await?;
    restaurant.bus.resume("reject-ticket");
    restaurant.bus.run().await;
    let canceled = restaurant.place(&[("espresso", 2), ("margherita", 1)], "tok_visa").await?;
    restaurant.bus.run().await;
    restaurant.cancel(&canceled).await?;
    restaurant.cancel(&canceled).await?;
    restaurant.bus.run().await;
    restaurant.cancel(&canceled).await?;
    // Two tickets are rejected, so that there is a page after the first.
    restaurant.place(&[("tiramisu", 1)], "tok_declined").await?;
    restaurant.bus.run().await;
    start(&mut restaurant, &canceled).await?;
    start(&mut restaurant, &order_id).await?;
    start(&mut restaurant, &order_id).await?;
    for status in [TicketStatus::Approved, TicketStatus::Preparing, TicketStatus::Rejected, TicketStatus::Canceled] {
        list_tickets(&mut restaurant, status).await?;
    }
    list_orders(&mut restaurant).await?;
    refused_orders(&mut restaurant).await?;
    refused_calls(&mut restaurant, &order_id).await?;
    list_stock(&mut restaurant).await?;
    operators::look(&mut restaurant, &order_id).await?;
    Ok(restaurant)
}

/// An order with this card, and its answer.
pub(super) async fn with_card(card_token: &str) -> Result<Called> {
    let mut restaurant = Restaurant::open(&STOCK, order::sagas::registry()).await?;
    let request = CreateOrderRequest { card_token: card_token.to_owned(), ..shown(&BASKET, "", 0) };
    let rpc = restaurant.create_order();
    restaurant.call(&rpc, "orders", ANNA, &request).await?;
    restaurant.calls.pop().context("no call")
}

async fn list_products(restaurant: &mut Restaurant) -> Result<()> {
    let list = order::api::ListProducts::new(Arc::new(restaurant.database.table("products")));
    let request = ListProductsRequest { page_size: 2, ..Default::default() };
    let page = restaurant.ask(&list, ANNA, request.clone()).await?.context("a page")?;
    restaurant.ask(&list, ANNA, ListProductsRequest { page_token: page.next_page_token, ..request }).await?;
    Ok(())
}

async fn list_orders(restaurant: &mut Restaurant) -> Result<()> {
    let by_customer = restaurant.database.table("orders").index("customer", "created_at");
    let list = order::api::ListOrders::new(Arc::new(by_customer));
    let request = ListOrdersRequest { page_size: 2, ..Default::default() };
    let page = restaurant.ask(&list, ANNA, request.clone()).await?.context("a page")?;
    let next = ListOrdersRequest { page_token: page.next_page_token, ..request };
    restaurant.ask(&list, ANNA, next.clone()).await?;
    // Nobody else's orders: not on a page of one's own, nor by the token of another's.
    restaurant.ask(&list, COOK, ListOrdersRequest::default()).await?;
    restaurant.ask(&list, COOK, next).await?;
    restaurant.ask(&list, ANNA, ListOrdersRequest { page_size: 101, ..Default::default() }).await?;
    Ok(())
}

async fn list_tickets(restaurant: &mut Restaurant, status: TicketStatus) -> Result<()> {
    let by_status = tickets(&restaurant.database).index("status", "created_at");
    let list = kitchen::api::ListTickets::new(Arc::new(by_status));
    let request = ListTicketsRequest { status: status.into(), page_size: 1, ..Default::default() };
    let page = restaurant.ask(&list, COOK, request.clone()).await?.context("a page")?;
    if !page.next_page_token.is_empty() {
        let next = ListTicketsRequest { page_token: page.next_page_token, ..request };
        restaurant.ask(&list, COOK, next).await?;
    }
    Ok(())
}

async fn list_stock(restaurant: &mut Restaurant) -> Result<()> {
    let list = kitchen::api::ListStock::new(Arc::new(restaurant.database.table("stock")));
    for products in [&["tiramisu", "lasagne", "margherita"][..], &["tiramisu", "Tea", "tiramisu"], &[]] {
        let product_ids = products.iter().map(|&product| product.to_owned()).collect();
        restaurant.ask(&list, ANNA, ListStockRequest { product_ids, ..Default::default() }).await?;
    }
    Ok(())
}

async fn start(restaurant: &mut Restaurant, order_id: &str) -> Result<()> {
    let request = StartTicketRequest { order_id: order_id.to_owned(), ..Default::default() };
    restaurant.call(&kitchen::api::StartTicket, "tickets", COOK, &request).await?;
    Ok(())
}

/// A basket at the menu's prices; product `dearer` costs `by` more.
fn shown(basket: &[(&str, i32)], dearer: &str, by: i64) -> CreateOrderRequest {
    let item = |(product, quantity): &(&str, i32)| {
        let price = MENU.iter().find(|(known, ..)| known == product).map_or(1, |(.., price)| *price);
        let minor_units = price + if *product == dearer { by } else { 0 };
        let unit_price = Money { currency: CURRENCY.to_owned(), minor_units, ..Default::default() };
        let (product_id, quantity) = ((*product).to_owned(), *quantity);
        Item { product_id, quantity, unit_price: unit_price.into(), ..Default::default() }
    };
    let (items, card_token) = (basket.iter().map(item).collect(), "tok_visa".to_owned());
    CreateOrderRequest { items, card_token, ..Default::default() }
}

async fn place_as_shown(restaurant: &mut Restaurant) -> Result<String> {
    let rpc = restaurant.create_order();
    let placed = restaurant.call(&rpc, "orders", ANNA, &shown(&BASKET, "", 0)).await?.context("it was refused")?;
    Ok(placed.order.as_option().context("no order")?.order_id.clone())
}

/// What is wrong with an order, and what the customer is told.
async fn refused_orders(restaurant: &mut Restaurant) -> Result<()> {
    let unpriced = |items: Vec<Item>| CreateOrderRequest { items, ..shown(&[], "", 0) };
    let item = |product: &str, quantity| Item { product_id: product.to_owned(), quantity, ..Default::default() };
    let mut euros = shown(&[("tiramisu", 1)], "", 0);
    if let Some(item) = euros.items.first_mut() {
        item.unit_price = Money { currency: "EUR".to_owned(), minor_units: 690, ..Default::default() }.into();
    }
    let requests = [
        shown(&[], "", 0),
        unpriced((0..51).map(|number| item(&format!("p{number}"), 1)).collect()),
        unpriced(vec![item("margherita", 0)]),
        unpriced(vec![item("margherita", 1001)]),
        unpriced(vec![item("margherita", 1), item("margherita", 1)]),
        unpriced(vec![item("Margherita!", 1)]),
        unpriced(vec![item("lasagne", 1)]),
        unpriced(vec![item("margherita", 87)]),
        shown(&[("margherita", 1), ("tiramisu", 1)], "tiramisu", 1),
        shown(&[("margherita", 1), ("tiramisu", 1)], "tiramisu", -1),
        shown(&[("tiramisu", 1)], "tiramisu", -691),
        euros,
        CreateOrderRequest { card_token: String::new(), ..shown(&BASKET, "", 0) },
        CreateOrderRequest { card_token: "x".repeat(129), ..shown(&BASKET, "", 0) },
        CreateOrderRequest { card_token: "tok visa".to_owned(), ..shown(&BASKET, "", 0) },
        CreateOrderRequest { card_token: "4242424242424242".to_owned(), ..shown(&BASKET, "", 0) },
    ];
    let rpc = restaurant.create_order();
    for request in requests {
        restaurant.call(&rpc, "orders", ANNA, &request).await?;
    }
    Ok(())
}

/// What else is refused: what is not there, is somebody else's, or makes no sense.
async fn refused_calls(restaurant: &mut Restaurant, order_id: &str) -> Result<()> {
    let cancel = |order_id: &str| CancelOrderRequest { order_id: order_id.to_owned(), ..Default::default() };
    let nobodys = "00000000-0000-5000-8000-000000000000";
    for (subject, order_id) in [(COOK, order_id), (ANNA, nobodys), (ANNA, "7")] {
        restaurant.call(&order::api::CancelOrder, "orders", subject, &cancel(order_id)).await?;
    }
    for order_id in [nobodys, "7"] {
        restaurant.find(order_id).await?;
        start(restaurant, order_id).await?;
    }
    for (product, available) in [("espresso", -1), ("espresso", 1_000_001), ("", 1), ("tea", 1)] {
        let request = SetStockRequest { product_id: product.to_owned(), available, ..Default::default() };
        restaurant.call(&kitchen::api::SetStock::new(kitchen::domain::Shards::ONE), "stock", COOK, &request).await?;
    }
    Ok(())
}
