//! Calls that come at the worst moment: between another's reading an item and its writing it.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use contracts::billing::v1::{AuthorizeCard, CancelCard};
use messaging::{EffectParticipant, Failure, deliver};
use order::domain::Status;
use testkit::{Client as _, Faults, MemoryOutbound, Operation, Schedule, builders};
use tokio::task::yield_now;

use crate::audit::Audit;
use crate::block_on;
use crate::deeds::{Deed, Placing, Visit};
use crate::menu::line;
use crate::stories::{cancel, place, placing};
use crate::world::World;

fn ordered() -> Placing {
    placing(vec![line(0, 3), line(2, 2)], "tok_visa")
}

/// What may come in between.
fn intruders(order: &Placing) -> Vec<Deed> {
    let id = order.order();
    let cancel = |subject, key: &str| Deed::Cancel { subject, order: id, key: key.to_owned() };
    vec![
        cancel(order.customer, "cancel"),
        cancel(order.customer, "another cancel"),
        cancel("auth0|stranger", "cancel"),
        Deed::Start { order: id, key: "start".to_owned() },
        Deed::Count { dish: 0, available: 4, key: "count".to_owned() },
        Deed::Count { dish: 2, available: 1, key: "count".to_owned() },
        Deed::Place(order.clone()),
        Deed::Place(Placing { lines: vec![line(1, 1)], ..order.clone() }),
    ]
}

/// An order is placed, approved and canceled, and right before one of its writes somebody else's call comes in.
async fn disturb(nth: usize, intruder: &Deed) -> Result<(Faults, World)> {
    let faults = Faults::default();
    let mut world = World::new(Schedule::in_order(), &faults).await?;
    let visit = Visit { shop: world.shop.clone(), deed: intruder.clone() };
    let now = world.bus.now();
    faults.before(Operation::Save, nth, move || async move {
        let answer = visit.call(now).await;
        assert_eq!(answer, Ok(()), "{:?} was not answered", visit.deed);
    });
    let order = ordered();
    let placed = world.shop.place(&order, now).await;
    world.bus.run().await;
    if placed.is_ok_and(|placed| placed.is_some()) {
        cancel(&world, order.order(), "cancel").await?;
        world.bus.run().await;
    }
    Ok((faults, world))
}

#[test]
fn whatever_call_comes_before_whatever_write_one_of_both_gives_way() -> Result<()> {
    block_on(async {
        let order = ordered();
        let mut ends = Vec::new();
        for intruder in intruders(&order) {
            for nth in 1.. {
                let (faults, world) = disturb(nth, &intruder).await?;
                if !faults.are_over() {
                    break;
                }
                let other = match &intruder {
                    Deed::Place(placing) => placing.clone(),
                    _ => order.clone(),
                };
                let content = world.shop.notes().answers.get(&order.order()).map(|(content, _)| *content);
                let winner = if content == Some(other.fingerprint()) { other } else { order.clone() };
                let audit = Audit::of_calm(&winner, &world).pass().await;
                audit.with_context(|| format!("{intruder:?} before write {nth}"))?;
                ends.push(world.shop.order(order.order()).context("no order")?.status);
            }
        }
        let refused = Status::Approved { cancellation_refused: Some("COOKING_HAS_STARTED".to_owned()) };
        let sold_out = Status::Rejected { reason: "OUT_OF_STOCK".to_owned() };
        for end in [Status::Canceled, refused, sold_out] {
            ensure!(ends.contains(&end), "no race ends {end:?}");
        }
        ensure!(ends.len() > 80, "only {} races were run", ends.len());
        Ok(())
    })
}

/// While create-order or cancel-order works on an order, nobody else does.
#[test]
fn a_pending_order_is_locked_at_every_moment() -> Result<()> {
    block_on(async {
        let faults = Faults::default();
        let mut world = World::new(Schedule::in_order(), &faults).await?;
        let order = place(&world, &ordered()).await?;
        for queue in ["create-ticket", "authorize-card", "approve-ticket", "approve-order", "cancel-ticket"] {
            world.bus.pause(queue);
        }
        for queue in ["create-ticket", "authorize-card", "approve-ticket", "approve-order"] {
            cancel(&world, order, "too early").await?;
            let owner = world.shop.order(order).context("no order")?.status;
            ensure!(matches!(owner, Status::ApprovalPending { .. }), "{queue}: the lock is gone: {owner:?}");
            world.bus.resume(queue);
            world.bus.run_until(world.bus.now() + Duration::from_secs(1)).await;
        }
        ensure!(world.shop.order(order).is_some_and(|order| matches!(order.status, Status::Approved { .. })));
        cancel(&world, order, "in time").await?;
        let owner = world.shop.order(order).context("no order")?.status;
        for key in ["once more", "in time"] {
            cancel(&world, order, key).await?;
            let status = world.shop.order(order).context("no order")?.status;
            ensure!(status == owner && matches!(status, Status::CancelPending { .. }), "{key}: {status:?}");
        }
        world.bus.resume("cancel-ticket");
        world.bus.run().await;
        Audit::of_calm(&ordered(), &world).pass().await?;
        ensure!(world.shop.notes().cancellations.get(&order).is_some_and(|calls| calls.len() == 1));
        ensure!(world.shop.order(order).is_some_and(|order| order.status == Status::Canceled));
        Ok(())
    })
}

/// Two deliveries of one AuthorizeCard overlap. While the slower one waits for the provider, the faster one ends and a
/// CancelCard releases the money. Then the slower one holds it again, and dies before it can take that back.
#[test]
fn a_hold_that_comes_after_its_cancellation_is_released_even_if_its_function_dies() -> Result<()> {
    block_on(async {
        let faults = Faults::default();
        let world = World::new(Schedule::in_order(), &faults).await?;
        let provider = &world.shop.provider;
        let (cards, outbound) = (world.shop.table("authorizations"), MemoryOutbound::default());
        let placing = ordered();
        let order = placing.order();
        let command = AuthorizeCard {
            order_id: order.to_string(),
            customer_id: placing.customer.to_owned(),
            currency: "EUR".to_owned(),
            minor_units: 4844,
            card_token: placing.card_token(),
            ..Default::default()
        };
        let command = builders::command(1, command);
        let undo = builders::command(2, CancelCard { order_id: order.to_string(), ..Default::default() });
        let authorize = EffectParticipant(billing::steps::AuthorizeCard::new(provider.clone()));
        let cancel = EffectParticipant(billing::steps::CancelCard::new(provider.clone()));
        let now = world.bus.now();

        provider.slow_down(100);
        let slower = deliver(&authorize, &cards, &outbound, &command, now);
        let faster = async {
            while provider.references().is_empty() {
                yield_now().await;
            }
            provider.slow_down(0);
            let first = deliver(&authorize, &cards, &outbound, &command, now).await;
            let then = deliver(&cancel, &cards, &outbound, &undo, now).await;
            ensure!((first, then) == (Ok(()), Ok(())) && provider.held(order).is_none());
            faults.fail(Operation::Load, 1);
            Ok(())
        };
        let (slower, faster) = futures_util::future::join(slower, faster).await;
        faster?;
        ensure!(matches!(slower, Err(Failure::Retry(_))), "the slower delivery did not die: {slower:?}");
        ensure!(provider.held(order).is_some(), "the slower delivery held nothing, so this test shows nothing");
        ensure!(deliver(&authorize, &cards, &outbound, &command, now).await == Ok(()));
        ensure!(provider.held(order).is_none(), "the card holds money for an order that was canceled");
        let answers: Vec<String> =
            outbound.sent().iter().map(|sent| sent.message.payload.type_name().to_owned()).collect();
        ensure!(answers.iter().all(|answer| answer == "message.v1.CommandSucceeded"), "{answers:?}");
        Ok(())
    })
}
