//! Whatever fails once, comes twice or comes late, a story that somebody can tell ends the same way.

use anyhow::{Context, Result, ensure};
use billing::domain::Authorization;
use testkit::{Faults, Operation, Schedule};
use uuid::Uuid;

use crate::audit::{Audit, words};
use crate::block_on;
use crate::deeds::Placing;
use crate::menu::{Line, line};
use crate::world::{Who, World};

const CUSTOMER: &str = "auth0|anna";

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

/// What the services say in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
struct End {
    order: String,
    ticket: Option<String>,
    card: Option<String>,
}

impl Story {
    fn expected(self) -> End {
        let end = |order: &str, ticket: &str, card: Option<&str>| End {
            order: order.to_owned(),
            ticket: Some(ticket.to_owned()),
            card: card.map(str::to_owned),
        };
        match self {
            Self::Approved => end("APPROVED", "APPROVED", Some("AUTHORIZED")),
            Self::CardDeclined => end("REJECTED for CARD_DECLINED", "REJECTED", Some("DECLINED")),
            Self::OutOfStock => end("REJECTED for OUT_OF_STOCK", "REJECTED", None),
            Self::Canceled => end("CANCELED", "CANCELED", Some("VOIDED")),
            Self::CanceledTooLate => end("APPROVED after COOKING_HAS_STARTED", "PREPARING", Some("AUTHORIZED")),
        }
    }

    fn placing(self) -> Placing {
        let card = if matches!(self, Self::CardDeclined) { "tok_declined" } else { "tok_visa" };
        let tiramisu = if matches!(self, Self::OutOfStock) { 6 } else { 2 };
        placing(vec![line(0, 3), line(2, tiramisu)], card)
    }

    /// Plays the story on a world that is ready; faults planned by the caller are met from here on.
    async fn play(self, world: &mut World) -> Result<End> {
        let order = place(world, &self.placing()).await?;
        world.bus.run().await;
        if matches!(self, Self::CanceledTooLate) {
            until_answered(async || world.shop.start(order, Who::staff("start"), world.bus.now()).await).await?;
        }
        if matches!(self, Self::Canceled | Self::CanceledTooLate) {
            cancel(world, order, "cancel").await?;
            world.bus.run().await;
        }
        end(world, order)
    }

    /// Plays the story, and checks its end and everything that it leaves behind.
    async fn must_end_well(self, world: &mut World) -> Result<()> {
        let end = self.play(world).await?;
        ensure!(end == self.expected(), "it ends {end:?}");
        Audit::of_calm(&self.placing(), world).pass().await
    }
}

/// The first order of the only customer.
pub(crate) fn placing(lines: Vec<Line>, card: &'static str) -> Placing {
    Placing { customer: CUSTOMER, number: 1, lines, card, shown: None }
}

/// Places the order; nothing is delivered yet.
pub(crate) async fn place(world: &World, placing: &Placing) -> Result<Uuid> {
    let order = until_answered(async || world.shop.place(placing, world.bus.now()).await).await?;
    order.context("the key was used")
}

/// Asks to cancel the order; nothing is delivered yet.
pub(crate) async fn cancel(world: &World, order: Uuid, key: &str) -> Result<()> {
    let who = Who { subject: CUSTOMER, key };
    until_answered(async || world.shop.cancel(order, who, world.bus.now()).await).await
}

/// Calls again and again until the call is answered, as an app would.
pub(crate) async fn until_answered<T>(call: impl AsyncFn() -> Result<T, rpc::RpcError>) -> Result<T> {
    for _ in 0..5 {
        if let Ok(answer) = call().await {
            return Ok(answer);
        }
    }
    anyhow::bail!("the call was never answered")
}

fn end(world: &World, id: Uuid) -> Result<End> {
    let order = words(&world.shop.order(id).context("no order")?.status);
    // A tombstone has no status that anybody could find it by.
    let ticket = world.shop.ticket(id).filter(|ticket| !ticket.is_tombstone());
    let card = world.shop.table("authorizations").peek(&id.to_string());
    let card = card.map(|record| record.aggregate::<Authorization>()).transpose()?.map(|card| match card {
        Authorization::Authorized { .. } => "AUTHORIZED".to_owned(),
        Authorization::Declined { .. } => "DECLINED".to_owned(),
        Authorization::Voided { .. } => "VOIDED".to_owned(),
    });
    Ok(End { order, ticket: ticket.map(|ticket| ticket.status().to_string()), card })
}

/// How many operations, and how many of them saves, a story takes when nothing goes wrong.
async fn operations(story: Story) -> Result<(usize, usize)> {
    let faults = Faults::default();
    let mut world = World::new(Schedule::in_order(), &faults).await?;
    let before = (faults.seen(), faults.seen_of(Operation::Save));
    let end = story.play(&mut world).await?;
    ensure!(end == story.expected(), "{story:?} ends {end:?}");
    ensure!(world.bus.dead_letters().is_empty());
    Ok((faults.seen() - before.0, faults.seen_of(Operation::Save) - before.1))
}

#[derive(Debug, Clone, Copy)]
enum Fault {
    Fail(usize),
    Crash(usize),
    Conflict(usize),
}

#[test]
fn every_story_survives_a_fault_at_every_operation() -> Result<()> {
    block_on(async {
        let mut played = 0;
        for story in STORIES {
            let (operations, saves) = operations(story).await?;
            let faults = (1..=operations).flat_map(|nth| [Fault::Fail(nth), Fault::Crash(nth)]);
            for fault in faults.chain((1..=saves).map(Fault::Conflict)) {
                let faults = Faults::default();
                let mut world = World::new(Schedule::in_order(), &faults).await?;
                match fault {
                    Fault::Fail(nth) => faults.fail(Operation::Any, nth),
                    Fault::Crash(nth) => faults.crash_after(Operation::Any, nth),
                    Fault::Conflict(nth) => faults.conflict(nth),
                }
                story.must_end_well(&mut world).await.with_context(|| format!("{story:?}, {fault:?}"))?;
                ensure!(faults.are_over(), "{story:?} never met {fault:?}");
                played += 1;
            }
        }
        ensure!(played > 250, "only {played} runs were played");
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
                story.must_end_well(&mut world).await.with_context(|| format!("{story:?}, seed {seed}"))?;
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
            let placing = Story::Approved.placing();
            let order = place(&world, &placing).await?;
            world.bus.run().await;
            ensure!(end(&world, order)?.order == "REJECTED for NO_ANSWER", "{silent}: the saga waits for ever");
            world.bus.resume(silent);
            world.bus.run().await;
            let expected = End {
                order: "REJECTED for NO_ANSWER".to_owned(),
                ticket: ticket.map(str::to_owned),
                card: card.map(str::to_owned),
            };
            ensure!(end(&world, order)? == expected, "{silent} ends {:?}", end(&world, order)?);
            Audit::of_disturbed(&placing, &world).pass().await.context(silent)?;
            let journal = world.bus.journal();
            let late: Vec<&str> = (journal.iter().filter(|posted| posted.from == silent))
                .map(|posted| posted.message.payload.type_name())
                .collect();
            ensure!(late.iter().all(|answer| *answer == "message.v1.CommandRefused"), "{silent} answers {late:?}");
        }
        Ok(())
    })
}

/// After the pivot, silence changes nothing but the time it takes.
#[test]
fn after_the_pivot_silence_only_takes_time() -> Result<()> {
    block_on(async {
        for (story, silent, status) in [
            (Story::Approved, "approve-ticket", "APPROVAL_PENDING"),
            (Story::Approved, "approve-order", "APPROVAL_PENDING"),
            (Story::CardDeclined, "reject-ticket", "APPROVAL_PENDING"),
            (Story::CardDeclined, "reject-order", "APPROVAL_PENDING"),
            (Story::Canceled, "cancel-ticket", "CANCEL_PENDING"),
            (Story::Canceled, "cancel-card", "CANCEL_PENDING"),
            (Story::Canceled, "confirm-cancellation", "CANCEL_PENDING"),
            (Story::CanceledTooLate, "reject-cancellation", "CANCEL_PENDING"),
        ] {
            let mut world = World::new(Schedule::in_order(), &Faults::default()).await?;
            let order = place(&world, &story.placing()).await?;
            if status == "CANCEL_PENDING" {
                world.bus.run().await;
                if matches!(story, Story::CanceledTooLate) {
                    world.shop.start(order, Who::staff("start"), world.bus.now()).await.ok().context("no start")?;
                }
                cancel(&world, order, "cancel").await?;
            }
            world.bus.pause(silent);
            world.bus.run_until(world.bus.now() + time::Duration::hours(5)).await;
            ensure!(end(&world, order)?.order == status, "{silent}: {:?}", end(&world, order)?);
            world.bus.resume(silent);
            world.bus.run().await;
            ensure!(end(&world, order)? == story.expected(), "{silent} ends {:?}", end(&world, order)?);
            Audit::of_disturbed(&story.placing(), &world).pass().await.context(silent)?;
        }
        Ok(())
    })
}
