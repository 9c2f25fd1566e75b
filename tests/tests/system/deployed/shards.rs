//! Stock that is spread over shards, on the tables and with the functions as they are deployed. The deployment itself spreads
//! nothing: what SetStock with more shards does to the table is done here, with the same code.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use aws::DynamoStore;
use contracts::kitchen::v1::{CreateTicket, TicketItem};
use contracts::kitchen_api::v1::SetStockRequest;
use futures_util::future::join_all;
use kitchen::domain::{MAX_SHARDS, ProductId, Shards};
use kitchen::shard_key;
use libtest_mimic::Trial;
use local::{Deadline, Product};
use messaging::{Failure, Participant, deliver};
use rpc::{Call, Caller};
use serde_json::json;
use testkit::{MemoryOutbound, builders};
use tests::basket::CURRENCY;
use tests::{LazySystem, System};
use uuid::Uuid;
use wire::message::v1::CommandRefused;

use super::messages::message;
use super::shared;

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    vec![
        shared("shards::the_functions_find_stock_wherever_it_lies", system, the_functions_find_stock),
        shared("shards::orders_at_once_sell_what_all_shards_have_and_no_more", system, orders_at_once_sell_all),
    ]
}

fn stock(system: &System) -> Result<DynamoStore> {
    Ok(DynamoStore::new(system.aws().clients().dynamodb.clone(), system.aws().stack().resource("StockTable")?))
}

fn shards(number: u32) -> Result<Shards> {
    Ok(Shards::try_from(number)?)
}

/// Counts the product as a deployment with so many shards does.
async fn count(system: &System, product: &str, available: i32, number: u32) -> Result<()> {
    system.aws().offer(&[Product::new(product, CURRENCY, 100, 0)]).await?;
    let request = SetStockRequest { product_id: product.to_owned(), available, ..Default::default() };
    let caller = Caller { subject: "cook".to_owned() };
    let (id, now) = (Uuid::new_v4(), builders::at(0));
    let call = Call { caller, id, now, trace_parent: String::new() };
    let counted = rpc::execute(&kitchen::api::SetStock::new(shards(number)?), &stock(system)?, request, &call).await;
    counted.map(drop).map_err(|error| anyhow::anyhow!("{error:?}"))
}

/// What each shard of the product has, of those that there are.
async fn left(system: &System, product: &str) -> Result<Vec<i64>> {
    let (mut left, product) = (Vec::new(), ProductId::parse(product)?);
    for shard in 0..MAX_SHARDS {
        if let Some(record) = system.stored("StockTable", &shard_key(&product, shard)).await? {
            left.push(record.attributes["available"].as_i64().context("a number")?);
        }
    }
    Ok(left)
}

/// Puts an order on the queue of create-ticket.
async fn order(system: &System, product: &str, quantity: i32) -> Result<Uuid> {
    let order = Uuid::new_v4();
    let command = json!({"orderId": order, "items": [{"productId": product, "quantity": quantity}]});
    let command = message("kitchen.v1.CreateTicket", Uuid::new_v4(), order, system.reply_queue()?, command);
    system.put("CreateTicketQueue", &command).await?;
    Ok(order)
}

async fn status(system: &System, order: Uuid) -> Result<String> {
    let deadline = Deadline::soon();
    loop {
        if let Some(ticket) = system.stored("TicketsTable", &order.to_string()).await? {
            return Ok(ticket.state["status"].as_str().context("a status")?.to_owned());
        }
        deadline.wait_or(|| format!("the order {order} has no ticket")).await?;
    }
}

async fn the_functions_find_stock(system: Arc<System>) -> Result<()> {
    let product = format!("p-{}", Uuid::new_v4());
    count(&system, &product, 12, 4).await?;
    ensure!(left(&system, &product).await? == [3, 3, 3, 3]);
    // No shard has five.
    let large = order(&system, &product, 5).await?;
    ensure!(status(&system, large).await? == "CREATE_PENDING");
    ensure!(left(&system, &product).await?.iter().sum::<i64>() == 7);
    // Three of these four can be served, in whichever order they come.
    let mut statuses = BTreeMap::<String, usize>::new();
    let mut small = Vec::new();
    for _ in 0..4 {
        small.push(order(&system, &product, 2).await?);
    }
    for order in small {
        *statuses.entry(status(&system, order).await?).or_default() += 1;
    }
    let expected = BTreeMap::from([("CREATE_PENDING".to_owned(), 3), ("REJECTED".to_owned(), 1)]);
    ensure!(statuses == expected, "{statuses:?}");
    ensure!(left(&system, &product).await?.iter().sum::<i64>() == 1, "the one that is left");
    // A count of the deployed function, which spreads nothing, leaves nothing elsewhere.
    system.cook()?.set_stock(&product, 9).await?;
    ensure!(left(&system, &product).await? == [9, 0, 0, 0]);
    ensure!(status(&system, order(&system, &product, 9).await?).await? == "CREATE_PENDING");
    ensure!(status(&system, order(&system, &product, 1).await?).await? == "REJECTED");
    Ok(())
}

/// What create-ticket of a deployment with four shards does, many times at once.
async fn orders_at_once_sell_all(system: Arc<System>) -> Result<()> {
    const ORDERS: usize = 20;
    let product = format!("p-{}", Uuid::new_v4());
    count(&system, &product, 31, 4).await?;
    let tickets = system.aws().stack().resource("TicketsTable")?;
    let tickets = DynamoStore::new(system.aws().clients().dynamodb.clone(), tickets)
        .with_counters(system.aws().stack().resource("StockTable")?);
    let (step, outbound) = (Participant(kitchen::steps::CreateTicket::new(shards(4)?)), MemoryOutbound::default());
    let place = |number: u128| {
        let (product, tickets, outbound, step) = (product.clone(), &tickets, &outbound, &step);
        async move {
            let items = vec![TicketItem { product_id: product, quantity: 2, ..Default::default() }];
            let order_id = Uuid::new_v4().to_string();
            let command = builders::command(number, CreateTicket { order_id, items, ..Default::default() });
            // A message that met others too often comes again.
            while let Err(failure) = deliver(step, tickets, outbound, &command, builders::at(0)).await {
                ensure!(matches!(failure, Failure::Retry(_)), "{failure:?}");
            }
            Ok(())
        }
    };
    join_all((0..).take(ORDERS).map(place)).await.into_iter().collect::<Result<Vec<()>>>()?;
    let replies = outbound.sent();
    let refused: Vec<_> = replies.iter().filter_map(|sent| sent.message.unpack::<CommandRefused>().ok()).collect();
    ensure!(replies.len() == ORDERS && refused.len() == 5, "15 pairs of 31: {refused:?}");
    ensure!(refused.iter().all(|refused| refused.reason == "OUT_OF_STOCK"), "{refused:?}");
    ensure!(left(&system, &product).await?.iter().sum::<i64>() == 1, "the one that is left");
    Ok(())
}
