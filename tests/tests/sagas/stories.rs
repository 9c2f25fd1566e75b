//! Whatever fails once, comes twice or comes late, the services agree in the end.

use anyhow::{Context, Result, ensure};
use testkit::{Faults, Operation, Schedule};

use crate::world::{End, STOCK, World};

/// A story, and how it ends when nothing goes wrong.
#[derive(Debug, Clone, Copy)]
enum Story {
    Approved,
    CardDeclined,
    OutOfStock,
    Canceled,
    CanceledTooLate,
}

const STORIES: [Story; 5] =
    [Story::Approved, Story::CardDeclined, Story::OutOfStock, Story::Canceled, Story::CanceledTooLate];

impl Story {
    fn expected(self) -> End {
        let end = |order: &str, ticket: &str, card: Option<&str>, stock: i64| End {
            order: order.to_owned(),
            ticket: Some(ticket.to_owned()),
            card: card.map(str::to_owned),
            stock,
            over: true,
        };
        match self {
            Self::Approved => end("APPROVED", "APPROVED", Some("AUTHORIZED"), STOCK - 3),
            Self::CardDeclined => end("REJECTED for CARD_DECLINED", "REJECTED", Some("DECLINED"), STOCK),
            Self::OutOfStock => end("REJECTED for OUT_OF_STOCK", "REJECTED", None, STOCK),
            Self::Canceled => end("CANCELED", "CANCELED", Some("VOIDED"), STOCK),
            Self::CanceledTooLate => {
                end("APPROVED after COOKING_HAS_STARTED", "PREPARING", Some("AUTHORIZED"), STOCK - 3)
            }
        }
    }

    /// Plays the story on a world that is ready; faults planned by the caller are met from here on.
    async fn play(self, world: &mut World) -> Result<End> {
        let (quantity, card) = match self {
            Self::Approved | Self::Canceled | Self::CanceledTooLate => (3, "tok_visa"),
            Self::CardDeclined => (3, "tok_declined"),
            Self::OutOfStock => (11, "tok_visa"),
        };
        let order_id = world.place(quantity, card).await?;
        world.bus.run().await;
        if matches!(self, Self::CanceledTooLate) {
            world.start_ticket(&order_id).await?;
        }
        if matches!(self, Self::Canceled | Self::CanceledTooLate) {
            world.cancel(&order_id).await?;
            world.bus.run().await;
        }
        world.end(&order_id)
    }
}

fn block_on<F: Future<Output = Result<()>>>(test: F) -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(test)
}

/// How many operations a story takes when nothing goes wrong.
async fn operations(story: Story) -> Result<usize> {
    let faults = Faults::default();
    let mut world = World::new(Schedule::in_order(), &faults).await?;
    let before = faults.seen();
    let end = story.play(&mut world).await?;
    ensure!(end == story.expected(), "{story:?} ends {end:?}");
    ensure!(world.bus.dead_letters().is_empty());
    Ok(faults.seen() - before)
}

#[test]
fn every_story_survives_a_fault_at_every_operation() -> Result<()> {
    block_on(async {
        let mut played = 0;
        for story in STORIES {
            for nth in 1..=operations(story).await? {
                for crash in [false, true] {
                    let faults = Faults::default();
                    let mut world = World::new(Schedule::in_order(), &faults).await?;
                    if crash {
                        faults.crash_after(Operation::Any, nth);
                    } else {
                        faults.fail(Operation::Any, nth);
                    }
                    let context = || format!("{story:?}, operation {nth}, crash {crash}");
                    let end = story.play(&mut world).await.with_context(context)?;
                    ensure!(end == story.expected(), "{} ends {end:?}", context());
                    ensure!(faults.are_over() && world.bus.dead_letters().is_empty(), "{}", context());
                    played += 1;
                }
            }
        }
        ensure!(played > 200, "only {played} runs were played");
        Ok(())
    })
}

#[test]
fn every_story_survives_duplicates_and_reordering() -> Result<()> {
    block_on(async {
        for story in STORIES {
            for seed in 0..25 {
                let schedule = Schedule::shuffled(seed).duplicating(40).at_once(3);
                let mut world = World::new(schedule, &Faults::default()).await?;
                let end = story.play(&mut world).await.with_context(|| format!("{story:?}, seed {seed}"))?;
                ensure!(end == story.expected(), "{story:?}, seed {seed} ends {end:?}");
                let dead = world.bus.dead_letters();
                ensure!(dead.is_empty(), "{story:?}, seed {seed}: {dead:?}");
            }
        }
        Ok(())
    })
}

/// A step that stays silent counts as unknown; when it wakes up after its undo, it finds the tombstone.
#[test]
fn a_silent_step_is_undone_and_wakes_up_to_a_tombstone() -> Result<()> {
    block_on(async {
        for (silent, ticket, card) in
            [("create-ticket", None, None), ("authorize-card", Some("REJECTED"), Some("VOIDED"))]
        {
            let mut world = World::new(Schedule::in_order(), &Faults::default()).await?;
            world.bus.pause(silent);
            let order_id = world.place(3, "tok_visa").await?;
            world.bus.run().await;
            ensure!(world.end(&order_id)?.over, "{silent}: the saga waits for ever");
            world.bus.resume(silent);
            world.bus.run().await;
            let expected = End {
                order: "REJECTED for NO_ANSWER".to_owned(),
                // A tombstone has no status that anybody could find it by.
                ticket: ticket.map(str::to_owned),
                card: card.map(str::to_owned),
                stock: STOCK,
                over: true,
            };
            ensure!(world.end(&order_id)? == expected, "{silent} ends {:?}", world.end(&order_id)?);
            ensure!(world.bus.dead_letters().is_empty(), "{silent}: {:?}", world.bus.dead_letters());
        }
        Ok(())
    })
}

/// After the pivot, silence changes nothing but the time it takes.
#[test]
fn after_the_pivot_silence_only_takes_time() -> Result<()> {
    block_on(async {
        for silent in ["approve-ticket", "approve-order"] {
            let mut world = World::new(Schedule::in_order(), &Faults::default()).await?;
            world.bus.pause(silent);
            let order_id = world.place(3, "tok_visa").await?;
            world.bus.run_until(world.bus.now() + time::Duration::hours(5)).await;
            ensure!(world.end(&order_id)?.order == "APPROVAL_PENDING", "{silent}");
            world.bus.resume(silent);
            world.bus.run().await;
            ensure!(world.end(&order_id)? == Story::Approved.expected(), "{silent} ends {:?}", world.end(&order_id)?);
        }
        Ok(())
    })
}
