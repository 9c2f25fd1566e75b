//! What makes a saga say its reasons.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use contracts::Reason;
use messaging::{Record, Store as _, Write};
use order::domain::Product;
use serde_json::json;
use wire::Payload;
use wire::message::v1::CommandRefused;

use super::calls::{opened, settled};
use super::doors::{ANNA, Door};
use crate::menu::line;
use crate::stories::{cancel, place, placing, until_answered};
use crate::world::{Who, World};

/// A world in which a saga says the reason; `None` for a reason that no saga says.
pub(super) async fn told(reason: Reason) -> Result<Option<World>> {
    Ok(Some(match reason {
        Reason::UnknownProduct => not_made().await?,
        Reason::CookingHasStarted => {
            let (mut world, order) = settled("tok_visa").await?;
            until_answered(async || world.shop.start(order, Who::staff("start"), world.bus.now()).await).await?;
            cancel(&world, order, "cancel").await?;
            world.bus.run().await;
            world
        }
        Reason::OutOfStock => {
            let mut world = opened().await?;
            place(&world, &placing(vec![line(2, 6)], "tok_visa")).await?;
            world.bus.run().await;
            world
        }
        Reason::CardDeclined => settled("tok_declined").await?.0,
        Reason::InsufficientFunds => settled("tok_insufficient_funds").await?.0,
        Reason::NoAnswer => late("authorize-card").await?,
        Reason::TicketRejected => late("create-ticket").await?,
        Reason::AuthorizationCanceled => late("authorize-card").await?,
        Reason::OrderNotFound
        | Reason::SagaNotFound
        | Reason::PriceChanged
        | Reason::AboveApprovalLimit
        | Reason::CardNumberSent
        | Reason::OrderLocked
        | Reason::OrderRejected
        | Reason::OrderCanceled
        | Reason::TicketNotFound
        | Reason::TicketNotApproved
        | Reason::TicketCanceled => return Ok(None),
    }))
}

/// A step sleeps until it is given up, and wakes up after its undo.
async fn late(step: &str) -> Result<World> {
    let mut world = opened().await?;
    world.bus.pause(step);
    place(&world, &placing(vec![line(0, 1)], "tok_visa")).await?;
    world.bus.run().await;
    world.bus.resume(step);
    world.bus.run().await;
    Ok(world)
}

/// The menu has a product of which the kitchen knows nothing.
async fn not_made() -> Result<World> {
    let mut world = opened().await?;
    let price = json!({"currency": "EUR", "minor_units": 100});
    let lasagne: Product = serde_json::from_value(json!({"name": "lasagne", "unit_price": price}))?;
    world.shop.table("products").save(&Write::of(Record::of("lasagne".to_owned(), 1, &lasagne)?)).await?;
    let door = Door::to("CreateOrder")?;
    let call = door.call(r#"{"items": [{"productId": "lasagne", "quantity": 1}], "cardToken": "tok_visa.9"}"#);
    let answer = door.open(&world).await?.answer(call).await;
    ensure!(answer["statusCode"] == 200, "{answer}");
    world.bus.run().await;
    Ok(world)
}

/// Every reason that a step has refused with, and every reason that orders and their sagas show.
pub(super) async fn said(world: &World) -> Result<BTreeSet<String>> {
    let mut said = BTreeSet::new();
    for posted in world.bus.journal() {
        said.extend(refused(&posted.message.payload)?);
    }
    // Beside the orders lie the claims of their calls.
    let orders = world.shop.table("orders").peek_all();
    for order in orders.iter().filter_map(|record| record.key.parse().ok()) {
        let found = world.shop.find(order, ANNA).await?;
        said.extend(found.order.into_option().map(|order| order.reason));
        said.extend(found.sagas.into_iter().flat_map(|saga| saga.steps).map(|step| step.reason));
    }
    said.remove("");
    Ok(said)
}

/// The reason of a step's refusal; `None` for any other message.
pub(crate) fn refused(payload: &Payload) -> Result<Option<String>> {
    if !payload.is::<CommandRefused>() {
        return Ok(None);
    }
    Ok(Some(payload.unpack::<CommandRefused>()?.reason))
}

/// Nothing is said that the catalogue does not have.
pub(crate) fn must_be_known<'a>(said: impl IntoIterator<Item = &'a String>) -> Result<()> {
    let is_known = |name: &str| contracts::catalogue().any(|reason| reason.by_saga && reason.name == name);
    let unknown: Vec<_> = said.into_iter().filter(|name| !is_known(name)).collect();
    ensure!(unknown.is_empty(), "the catalogue has no {unknown:?} of a saga");
    Ok(())
}
