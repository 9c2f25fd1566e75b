//! What is true once a run has come to rest, whatever disturbed it.

mod messages;
mod orders;
mod records;
mod sagas;

pub(crate) use orders::words;

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use uuid::Uuid;

use crate::deeds::Placing;
use crate::menu::MENU;
use crate::plan::Plan;
use crate::provider::SILENT;
use crate::world::World;

/// What a run leaves behind, seen from outside.
pub(crate) struct Audit<'a> {
    pub(crate) world: &'a World,
    /// The orders that must be there, as their customers placed them.
    pub(crate) placed: BTreeMap<Uuid, &'a Placing>,
    /// By order: the calls that may have canceled it.
    pub(crate) cancellations: BTreeMap<Uuid, Vec<Uuid>>,
    /// Whether nothing could keep a reply from coming in time.
    pub(crate) is_calm: bool,
}

impl<'a> Audit<'a> {
    /// The audit of a plan that was played.
    pub(crate) fn of(plan: &'a Plan, world: &'a World) -> Result<Self> {
        let mut placed = BTreeMap::new();
        let notes = world.shop.notes();
        for placing in &plan.placings {
            let (content, _) = notes.answers.get(&placing.order()).context("an order was never answered")?;
            let placing = plan.placed(placing.order(), *content).context("an order nobody placed")?;
            placed.insert(placing.order(), placing);
        }
        drop(notes);
        let cancellations = placed.keys().map(|id| (*id, plan.cancellations(*id))).collect();
        Ok(Self { world, placed, cancellations, is_calm: plan.weather.is_calm() })
    }

    /// The audit of one order, which nothing could keep from being answered in time.
    pub(crate) fn of_calm(placing: &'a Placing, world: &'a World) -> Self {
        Self { is_calm: true, ..Self::of_disturbed(placing, world) }
    }

    /// The audit of one order, which somebody was slow to answer.
    pub(crate) fn of_disturbed(placing: &'a Placing, world: &'a World) -> Self {
        let order = placing.order();
        let calls = world.shop.notes().cancellations.get(&order).into_iter().flatten().copied().collect();
        Self {
            world,
            placed: BTreeMap::from([(order, placing)]),
            cancellations: BTreeMap::from([(order, calls)]),
            is_calm: false,
        }
    }

    /// Checks everything.
    pub(crate) async fn pass(&self) -> Result<()> {
        self.what_is_stored().await?;
        messages::check(self)
    }

    /// Checks everything but the messages, which somebody may have sent by hand.
    pub(crate) async fn what_is_stored(&self) -> Result<()> {
        let complaints = self.world.shop.notes().complaints.join("\n");
        ensure!(complaints.is_empty(), "{complaints}");
        self.dead_letters()?;
        self.stock()?;
        self.money()?;
        for (id, placing) in &self.placed {
            orders::check(self, *id, placing).await.with_context(|| format!("{placing:?}, {id}"))?;
        }
        records::check(self)?;
        sagas::check(self).await
    }

    /// What happened to the orders, in a few words each.
    pub(crate) fn happened(&self) -> Result<Vec<String>> {
        let ends = self.placed.keys().map(|id| orders::happened(self, *id)).collect::<Result<Vec<_>>>()?;
        Ok(ends.concat())
    }

    /// A provider that never answers is asked only so often; nothing else may give up.
    fn dead_letters(&self) -> Result<()> {
        let is_explained = |letter: &testkit::DeadLetter| {
            letter.queue == "authorize-card"
                && letter.reason.starts_with("received ")
                && self
                    .placed
                    .values()
                    .any(|placing| placing.card == SILENT && letter.body.contains(&placing.card_token()))
        };
        let letters = self.world.bus.dead_letters();
        let unexplained: Vec<_> = letters.iter().filter(|letter| !is_explained(letter)).collect();
        ensure!(unexplained.is_empty(), "dead letters: {unexplained:?}");
        Ok(())
    }

    fn stock(&self) -> Result<()> {
        let reserved = self.world.shop.reserved();
        let notes = self.world.shop.notes();
        for dish in &MENU {
            let counted = notes.stock.get(dish.id).context("never counted")?;
            let available = self.world.shop.available(dish)?;
            let reserved = reserved.get(dish.id).copied().unwrap_or_default();
            let sum = available + reserved;
            ensure!(available >= 0, "{} {} left", available, dish.id);
            ensure!(
                sum == counted.total,
                "{available} {} left, {reserved} reserved, {} were there",
                dish.id,
                counted.total
            );
        }
        Ok(())
    }

    /// The provider was asked about these orders only, for their totals only, on their customers' cards only.
    fn money(&self) -> Result<()> {
        let by_reference: BTreeMap<String, &Placing> =
            self.placed.iter().map(|(id, placing)| (format!("order-{id}"), *placing)).collect();
        for reference in self.world.shop.provider.references() {
            ensure!(by_reference.contains_key(&reference), "the provider was asked about {reference}");
        }
        for hold in self.world.shop.provider.holds() {
            let placing = by_reference.get(&hold.reference).context("an order nobody placed")?;
            let total = crate::menu::total(&placing.lines);
            let is_right = (hold.currency.clone(), hold.minor_units) == total && hold.card == placing.card_token();
            ensure!(is_right, "{hold:?} for {placing:?}, which costs {total:?}");
        }
        Ok(())
    }
}
