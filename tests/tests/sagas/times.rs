//! When things happen, on both sides of the border: silence, repeats, and what is kept for how long.

use anyhow::{Context, Result, ensure};
use kitchen::domain::TicketStatus;
use messaging::Record;
use orchestration::SagaInstance;
use testkit::{Faults, Schedule};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::audit::Audit;
use crate::block_on;
use crate::menu::line;
use crate::provider::SILENT;
use crate::stories::{cancel, place, placing};
use crate::world::{Who, World};

async fn world() -> Result<World> {
    World::new(Schedule::in_order(), &Faults::default()).await
}

/// After how many seconds the saga's command was sent to this queue; at the same time counts once, as repeats of a
/// reply repeat what followed from it.
fn sent(world: &World, queue: &str, since: OffsetDateTime) -> Vec<i64> {
    let journal = world.bus.journal();
    let to_queue = journal.iter().filter(|posted| posted.to.as_deref() == Some(queue));
    let mut times: Vec<i64> = to_queue.map(|posted| (posted.at - since).whole_seconds()).collect();
    times.dedup();
    times
}

/// The one saga that is about the order first.
fn saga(world: &World, order: Uuid, index: usize) -> Result<(Record, SagaInstance)> {
    let sagas = world.shop.order(order).context("no order")?.sagas;
    let record = world.shop.table("sagas").peek(&sagas.get(index).context("no saga")?.to_string());
    let record = record.context("no record")?;
    let instance = record.aggregate()?;
    Ok((record, instance))
}

#[test]
fn a_silent_step_is_repeated_after_10_30_and_70_seconds_and_undone_after_150() -> Result<()> {
    block_on(async {
        for (silent, undo) in [("create-ticket", "reject-ticket"), ("authorize-card", "cancel-card")] {
            let mut world = world().await?;
            let begin = world.bus.now();
            world.bus.pause(silent);
            let order = place(&world, &placing(vec![line(0, 1)], "tok_visa")).await?;
            for (border, repeats) in [(10, 1), (30, 2), (70, 3)] {
                world.bus.run_until(begin + Duration::seconds(border - 1)).await;
                ensure!(sent(&world, silent, begin).len() == repeats, "{silent} before {border} s");
                world.bus.run_until(begin + Duration::seconds(border)).await;
                ensure!(sent(&world, silent, begin).len() == repeats + 1, "{silent} at {border} s");
            }
            world.bus.run_until(begin + Duration::milliseconds(149_999)).await;
            ensure!(sent(&world, undo, begin).is_empty(), "{silent} was undone early");
            world.bus.run_until(begin + Duration::seconds(150)).await;
            ensure!(sent(&world, undo, begin) == [150], "{silent} was undone at {:?}", sent(&world, undo, begin));
            ensure!(sent(&world, silent, begin) == [0, 10, 30, 70], "{:?}", sent(&world, silent, begin));
            let (_, instance) = saga(&world, order, 0)?;
            let unknown = instance.entries.iter().find(|entry| entry.handler == silent).context("no entry")?;
            ensure!(unknown.repeats == 3 && unknown.reason == "NO_ANSWER", "{unknown:?}");
        }
        Ok(())
    })
}

/// A step that took its time leaves the next one all of its own.
#[test]
fn every_step_is_waited_for_anew() -> Result<()> {
    block_on(async {
        let mut world = world().await?;
        let begin = world.bus.now();
        world.bus.pause("create-ticket");
        world.bus.pause("authorize-card");
        let order = place(&world, &placing(vec![line(0, 1)], "tok_visa")).await?;
        world.bus.run_until(begin + Duration::seconds(65)).await;
        world.bus.resume("create-ticket");
        world.bus.run_until(begin + Duration::seconds(214)).await;
        ensure!(sent(&world, "create-ticket", begin) == [0, 10, 30], "{:?}", sent(&world, "create-ticket", begin));
        let times = sent(&world, "authorize-card", begin);
        ensure!(times == [65, 75, 95, 135], "{times:?}");
        ensure!(sent(&world, "cancel-card", begin).is_empty(), "given up early");
        world.bus.run().await;
        ensure!(sent(&world, "cancel-card", begin) == [215], "{:?}", sent(&world, "cancel-card", begin));
        let (_, instance) = saga(&world, order, 0)?;
        let repeats: Vec<u32> = instance.entries.iter().map(|entry| entry.repeats).collect();
        ensure!(repeats == [2, 3, 0, 0, 0], "{repeats:?}");
        Ok(())
    })
}

/// After many repeats the watchdog sleeps for minutes; the next step does not wait for it to wake up.
#[test]
fn a_step_after_a_long_silence_is_repeated_in_time() -> Result<()> {
    block_on(async {
        let mut world = world().await?;
        let begin = world.bus.now();
        world.bus.pause("approve-ticket");
        world.bus.pause("approve-order");
        place(&world, &placing(vec![line(0, 1)], "tok_visa")).await?;
        world.bus.run_until(begin + Duration::seconds(2000)).await;
        ensure!(sent(&world, "approve-ticket", begin).last() == Some(&1270), "the watchdog does not sleep");
        world.bus.resume("approve-ticket");
        world.bus.run_until(begin + Duration::seconds(2200)).await;
        let times = sent(&world, "approve-order", begin);
        ensure!(times == [2000, 2010, 2030, 2070, 2150], "{times:?}");
        Ok(())
    })
}

#[test]
fn what_cannot_be_given_up_is_repeated_at_last_every_15_minutes() -> Result<()> {
    block_on(async {
        for silent in ["approve-ticket", "approve-order", "cancel-ticket", "cancel-card", "confirm-cancellation"] {
            let mut world = world().await?;
            let order = place(&world, &placing(vec![line(0, 1)], "tok_visa")).await?;
            if !silent.starts_with("approve") {
                world.bus.run().await;
                cancel(&world, order, "cancel").await?;
            }
            let begin = world.bus.now();
            world.bus.pause(silent);
            world.bus.run_until(begin + Duration::seconds(3970)).await;
            let expected = [0, 10, 30, 70, 150, 310, 630, 1270, 2170, 3070, 3970];
            ensure!(sent(&world, silent, begin) == expected, "{silent}: {:?}", sent(&world, silent, begin));
            world.bus.resume(silent);
            world.bus.run().await;
            ensure!(saga(&world, order, 0)?.1.state.is_over());
        }
        Ok(())
    })
}

#[test]
fn an_order_whose_provider_never_answers_is_rejected_and_holds_nothing() -> Result<()> {
    block_on(async {
        let mut world = world().await?;
        let begin = world.bus.now();
        let placing = placing(vec![line(0, 2), line(1, 1)], SILENT);
        let order = place(&world, &placing).await?;
        world.bus.run_until(begin + Duration::seconds(149)).await;
        ensure!(world.shop.provider.held(order) == Some(("EUR".to_owned(), 2601)), "nothing was held");
        world.bus.run_until(begin + Duration::seconds(150)).await;
        ensure!(world.shop.provider.held(order).is_none(), "the money is still held");
        world.bus.run().await;
        Audit::of_calm(&placing, &world).pass().await
    })
}

#[test]
fn a_call_is_recognised_for_seven_days() -> Result<()> {
    block_on(async {
        let mut world = world().await?;
        let placing = placing(vec![line(0, 1)], "tok_visa");
        let order = place(&world, &placing).await?;
        world.bus.run().await;
        let begin = world.bus.now();
        let claims = |world: &World| {
            let records = world.shop.table("tickets").peek_all();
            records.into_iter().filter(|record| record.key.starts_with("claim#")).collect::<Vec<_>>()
        };
        let handled = |world: &World| world.shop.table("tickets").peek(&order.to_string()).map(|record| record.inbox);
        let before = handled(&world);
        world.shop.start(order, Who::staff("start"), begin).await.ok().context("no start")?;
        ensure!(before.is_some() && handled(&world) == before, "the call forgets what was handled");
        let claim = claims(&world).pop().context("no claim")?;
        ensure!(claim.expires_at == Some((begin + Duration::days(7)).unix_timestamp()), "{claim:?}");
        let last = begin + Duration::days(7) - Duration::seconds(1);
        world.bus.run_until(last).await;
        world.shop.start(order, Who::staff("start"), last).await.ok().context("no repeat")?;
        ensure!(claims(&world) == [claim], "a repeat changes the claim");
        let other = world.shop.start(order, Who::staff("another start"), last).await;
        ensure!(other.is_ok() && claims(&world).len() == 1, "a refused call is remembered");
        ensure!(world.shop.ticket(order).is_some_and(|ticket| ticket.status() == TicketStatus::Preparing));
        Audit::of_calm(&placing, &world).pass().await
    })
}

#[test]
fn a_saga_is_kept_for_thirty_days_after_its_end() -> Result<()> {
    block_on(async {
        let mut world = world().await?;
        let begin = world.bus.now();
        world.bus.pause("approve-order");
        let order = place(&world, &placing(vec![line(0, 1)], "tok_visa")).await?;
        world.bus.run_until(begin + Duration::seconds(1000)).await;
        let (record, instance) = saga(&world, order, 0)?;
        ensure!(record.expires_at.is_none() && instance.data.is_some(), "a saga under way expires");
        world.bus.resume("approve-order");
        world.bus.run().await;
        let end = begin + Duration::seconds(1000);
        let (record, instance) = saga(&world, order, 0)?;
        ensure!((instance.started_at, instance.ended_at) == (begin, Some(end)), "{instance:?}");
        ensure!(record.expires_at == Some((end + Duration::days(30)).unix_timestamp()), "{:?}", record.expires_at);
        ensure!(instance.data.is_none(), "what its commands are worded from is not forgotten");
        Ok(())
    })
}
