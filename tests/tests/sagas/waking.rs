//! An operator wakes sagas that need no waking: orders end as they would, and nothing is left behind.

use anyhow::{Context, Result, ensure};
use messaging::ids;
use orchestration::SagaInstance;
use testkit::{Faults, Schedule, queue_url};
use time::Duration;
use uuid::Uuid;

use crate::audit::Audit;
use crate::block_on;
use crate::menu::line;
use crate::stories::{place, placing};
use crate::world::World;

/// How many seeds are tried; each chooses in which order messages come, how late, and which come twice.
const SEEDS: u64 = 40;

/// How many watchdogs may bark in a run, those of the operator among them: some 200 do, and over 500 if earlier ones counted.
const MOST_WATCHDOGS: usize = 300;

/// Wakes the saga as it is stored now, if it has begun and is not over.
fn wake(world: &mut World, saga: Uuid, number: u128) -> Result<()> {
    let Some(record) = world.shop.table("sagas").peek(&saga.to_string()) else { return Ok(()) };
    let instance: SagaInstance = record.aggregate()?;
    let message = instance.waking(saga, &queue_url("saga"), Uuid::from_u128(number), world.bus.now());
    if let Some(message) = message {
        world.bus.send("saga", &message);
    }
    Ok(())
}

#[test]
fn an_order_ends_as_it_must_however_often_its_saga_is_woken() -> Result<()> {
    for seed in 0..SEEDS {
        block_on(async {
            let schedule = Schedule::shuffled(seed).duplicating(20).delaying(30, std::time::Duration::from_secs(40));
            let mut world = World::new(schedule, &Faults::default()).await?;
            // Silence where a command is given up, where it never is, and nowhere.
            let silent = [Some("authorize-card"), Some("approve-order"), None][usize::try_from(seed % 3)?];
            let begin = world.bus.now();
            if let Some(silent) = silent {
                world.bus.pause(silent);
            }
            let placing = placing(vec![line(0, 1)], "tok_visa");
            let order = place(&world, &placing).await?;
            let saga = ids::saga(ids::event(&order.to_string(), 1, 0));
            for number in 1..=60 {
                world.bus.run_until(begin + Duration::seconds(7 * number)).await;
                wake(&mut world, saga, u128::try_from(number)?)?;
            }
            if let Some(silent) = silent {
                world.bus.resume(silent);
            }
            // It comes to an end: of all watchdogs that were armed only the latest arms another.
            world.bus.run().await;
            let record = world.shop.table("sagas").peek(&saga.to_string()).context("no saga")?;
            let instance: SagaInstance = record.aggregate()?;
            ensure!(instance.state.is_over(), "seed {seed}: {instance:?}");
            let watchdogs = world.bus.deliveries("saga", "saga.v1.DeadlinePassed");
            ensure!(watchdogs < MOST_WATCHDOGS, "seed {seed}: {watchdogs} watchdogs barked");
            let is_given_up = silent == Some("authorize-card");
            let audit = if is_given_up { Audit::of_disturbed } else { Audit::of_calm };
            audit(&placing, &world).what_is_stored().await.with_context(|| format!("seed {seed}"))
        })?;
    }
    Ok(())
}
