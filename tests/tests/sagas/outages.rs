//! What a saga survives: a participant, a table or both are out of reach for longer than any alarm takes to be answered. The
//! queues wait as long as template.yaml says.

use anyhow::{Result, ensure};
use testkit::{Faults, Schedule};
use time::Duration;
use uuid::Uuid;

use crate::audit::{Audit, words};
use crate::block_on;
use crate::deeds::Placing;
use crate::menu::line;
use crate::redrive::{endures, redrive_policies};
use crate::stories::{place, placing};
use crate::world::World;

/// An operator who is called at night has mended it by then.
const A_NIGHT: Duration = Duration::hours(16);
/// A region's worst minutes, or a deployment that has to be taken back.
const A_LONG_OUTAGE: Duration = Duration::minutes(95);

/// Every command was sent by then, and no watchdog has come.
const BEFORE_THE_WATCHDOG: Duration = Duration::seconds(5);

/// A fresh system, and an order for it that is not placed yet.
async fn world() -> Result<(World, Placing)> {
    Ok((World::new(Schedule::in_order(), &Faults::default()).await?, placing(vec![line(0, 1)], "tok_visa")))
}

fn status(world: &World, order: Uuid) -> Option<String> {
    world.shop.order(order).map(|order| words(&order.status))
}

/// The order has come to its end and nothing was set aside.
async fn must_have_survived(world: &World, placing: &Placing, end: &str, what: &str) -> Result<()> {
    let letters = world.bus.dead_letters();
    ensure!(letters.is_empty(), "{what}: {letters:#?}");
    let status = status(world, placing.order());
    ensure!(status.as_deref() == Some(end), "{what}: the order is {status:?}");
    Audit::of_disturbed(placing, world).pass().await
}

/// Whatever a saga waits for when its own table goes, it goes on when the table is back: the event that starts it, a reply, or
/// nothing but its watchdog, because its command is lost in a participant that is silent for as long.
#[test]
fn a_saga_survives_a_night_without_its_table() -> Result<()> {
    block_on(async {
        for (awaited, silent, replies) in [
            ("the event", None, false),
            ("a reply", Some("approve-ticket"), true),
            ("the watchdog", Some("approve-order"), false),
        ] {
            let (mut world, placing) = world().await?;
            silent.into_iter().for_each(|step| world.bus.pause(step));
            place(&world, &placing).await?;
            if silent.is_some() {
                world.bus.run_until(world.bus.now() + BEFORE_THE_WATCHDOG).await;
            }
            let end = world.bus.now() + A_NIGHT;
            world.bus.fail_until("saga", end);
            silent.into_iter().filter(|_| replies).for_each(|step| world.bus.resume(step));
            world.bus.run_until(end - Duration::seconds(1)).await;
            let before = status(&world, placing.order());
            ensure!(before.as_deref() == Some("APPROVAL_PENDING"), "{awaited}: the order is {before:?}");
            silent.into_iter().for_each(|step| world.bus.resume(step));
            world.bus.run().await;
            must_have_survived(&world, &placing, "APPROVED", awaited).await?;
        }
        Ok(())
    })
}

/// A step before the pivot is given up and undone, the others are waited for. No command dies either way.
#[test]
fn a_saga_survives_a_long_outage_of_each_participant() -> Result<()> {
    block_on(async {
        for (out, end) in [
            ("create-ticket", "REJECTED for NO_ANSWER"),
            ("authorize-card", "REJECTED for NO_ANSWER"),
            ("approve-ticket", "APPROVED"),
            ("approve-order", "APPROVED"),
        ] {
            let (mut world, placing) = world().await?;
            world.bus.fail_until(out, world.bus.now() + A_LONG_OUTAGE);
            place(&world, &placing).await?;
            world.bus.run().await;
            must_have_survived(&world, &placing, end, out).await?;
        }
        Ok(())
    })
}

#[test]
fn a_saga_survives_a_long_outage_of_everything() -> Result<()> {
    block_on(async {
        let (mut world, placing) = world().await?;
        place(&world, &placing).await?;
        world.bus.run_until(world.bus.now()).await;
        for queue in redrive_policies()?.keys() {
            world.bus.fail_until(queue, world.bus.now() + A_LONG_OUTAGE);
        }
        world.bus.run().await;
        must_have_survived(&world, &placing, "APPROVED", "everything").await
    })
}

/// A command that has died is sent again under its id for as long as the saga lives, so the order does not wait for an operator.
#[test]
fn a_saga_outlives_its_own_commands() -> Result<()> {
    block_on(async {
        let (mut world, placing) = world().await?;
        let begin = world.bus.now();
        let outage = endures("approve-ticket")? * 3;
        world.bus.fail_until("approve-ticket", begin + outage);
        place(&world, &placing).await?;
        world.bus.run_until(begin + outage).await;
        let letters = world.bus.dead_letters();
        ensure!(!letters.is_empty(), "nothing has died");
        ensure!(letters.iter().all(|letter| letter.queue == "approve-ticket"), "{letters:#?}");
        world.bus.run_until(begin + outage + Duration::minutes(16)).await;
        ensure!(
            status(&world, placing.order()).as_deref() == Some("APPROVED"),
            "{:?}",
            status(&world, placing.order())
        );
        Ok(())
    })
}

/// What is promised above is what the queues of the template wait for, and not more than they do.
#[test]
fn a_watchdog_dies_when_its_table_is_away_for_longer_than_its_queue_waits() -> Result<()> {
    block_on(async {
        let (mut world, placing) = world().await?;
        ensure!(endures("saga")? > A_NIGHT && endures("create-ticket")? > A_LONG_OUTAGE, "the queues wait too short");
        world.bus.fail_until("saga", world.bus.now() + endures("saga")? + Duration::minutes(1));
        place(&world, &placing).await?;
        world.bus.run().await;
        let letters = world.bus.dead_letters();
        ensure!(letters.len() == 1 && letters[0].queue == "saga", "{letters:#?}");
        ensure!(status(&world, placing.order()).as_deref() == Some("APPROVAL_PENDING"));
        Ok(())
    })
}
