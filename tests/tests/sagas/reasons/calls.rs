//! What provokes the reasons of the restaurant in a call.

use anyhow::{Context, Result};
use contracts::Reason;
use serde_json::{Value, json};
use testkit::{Faults, Schedule};
use time::Duration;
use uuid::Uuid;

use super::answers::Refused;
use super::doors::Door;
use crate::menu::line;
use crate::stories::{cancel, place, placing, until_answered};
use crate::world::{Who, World};

/// A call that was refused: the RPC and the refusal.
type Call = (&'static str, Refused);

/// Calls that are refused for the reason, one of each RPC that refuses so.
pub(super) async fn refused_for(reason: Reason) -> Result<Vec<Call>> {
    let nobodys: Uuid = "00000000-0000-5000-8000-000000000000".parse()?;
    let world = opened().await?;
    let placed = |items: Value| json!({"items": items, "cardToken": "tok_visa.9"});
    let margherita = |quantity: i32, currency: &str, shown: &str| {
        let price = json!({"currency": currency, "minorUnits": shown});
        placed(json!([{"productId": "margherita", "quantity": quantity, "unitPrice": price}]))
    };
    Ok(match reason {
        Reason::OrderNotFound => {
            vec![about(&world, "CancelOrder", nobodys).await?, about(&world, "FindOrder", nobodys).await?]
        }
        Reason::SagaNotFound => vec![refused(&world, "GetSaga", &json!({"sagaId": nobodys})).await?],
        Reason::UnknownProduct => {
            let lasagne = placed(json!([{"productId": "lasagne", "quantity": 1}]));
            let counted = json!({"productId": "lasagne", "available": 1});
            vec![refused(&world, "CreateOrder", &lasagne).await?, refused(&world, "SetStock", &counted).await?]
        }
        Reason::PriceChanged => vec![refused(&world, "CreateOrder", &margherita(1, "EUR", "1149")).await?],
        Reason::CardNumberSent => {
            let items = json!([{"productId": "margherita", "quantity": 1}]);
            let request = json!({"items": items, "cardToken": "4242424242424242"});
            vec![refused(&world, "CreateOrder", &request).await?]
        }
        Reason::AboveApprovalLimit => vec![refused(&world, "CreateOrder", &margherita(1000, "EUR", "1150")).await?],
        Reason::OrderLocked => {
            let order = place(&world, &placing(vec![line(0, 1)], "tok_visa")).await?;
            vec![about(&world, "CancelOrder", order).await?]
        }
        Reason::OrderRejected => {
            let (world, order) = declined().await?;
            vec![about(&world, "CancelOrder", order).await?]
        }
        Reason::OrderCanceled => {
            let (world, order) = canceled().await?;
            vec![about(&world, "CancelOrder", order).await?]
        }
        Reason::TicketNotFound => vec![about(&world, "StartTicket", nobodys).await?],
        Reason::TicketNotApproved => {
            let mut world = world;
            world.bus.pause("authorize-card");
            let order = place(&world, &placing(vec![line(0, 1)], "tok_visa")).await?;
            world.bus.run_until(world.bus.now() + Duration::seconds(1)).await;
            vec![about(&world, "StartTicket", order).await?]
        }
        Reason::CookingHasStarted => {
            let (world, order) = settled("tok_visa").await?;
            until_answered(async || world.shop.start(order, Who::staff("start"), world.bus.now()).await).await?;
            vec![about(&world, "StartTicket", order).await?]
        }
        Reason::TicketRejected => {
            let (world, order) = declined().await?;
            vec![about(&world, "StartTicket", order).await?]
        }
        Reason::TicketCanceled => {
            let (world, order) = canceled().await?;
            vec![about(&world, "StartTicket", order).await?]
        }
        Reason::OutOfStock
        | Reason::CardDeclined
        | Reason::InsufficientFunds
        | Reason::AuthorizationCanceled
        | Reason::NoAnswer => Vec::new(),
    })
}

/// A restaurant without orders.
pub(super) async fn opened() -> Result<World> {
    World::new(Schedule::in_order(), &Faults::default()).await
}

/// A restaurant with an order of Anna's, whose saga is over.
pub(super) async fn settled(card: &'static str) -> Result<(World, Uuid)> {
    let mut world = opened().await?;
    let order = place(&world, &placing(vec![line(0, 1)], card)).await?;
    world.bus.run().await;
    world.must_be_content()?;
    Ok((world, order))
}

async fn declined() -> Result<(World, Uuid)> {
    settled("tok_declined").await
}

async fn canceled() -> Result<(World, Uuid)> {
    let (mut world, order) = settled("tok_visa").await?;
    cancel(&world, order, "cancel").await?;
    world.bus.run().await;
    Ok((world, order))
}

async fn about(world: &World, rpc: &'static str, order: Uuid) -> Result<Call> {
    refused(world, rpc, &json!({"orderId": order})).await
}

async fn refused(world: &World, rpc: &'static str, request: &Value) -> Result<Call> {
    let door = Door::to(rpc)?;
    let answer = door.open(world).await?.answer(door.call(&request.to_string())).await;
    Ok((rpc, Refused::read(&answer).with_context(|| rpc.to_owned())?))
}
