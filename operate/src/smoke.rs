//! The five stories against a deployment, with products that only this run knows, and nothing left behind.
//!
//! Read [`Run::play`] first, then `leftovers.rs`, which knows what a run has made, and `cleaning.rs`, which takes it away.

pub(crate) mod cleaning;
pub(crate) mod leftovers;
mod ticket;

use anyhow::Result;
use uuid::Uuid;

use crate::api::journal::Journal;
use crate::menu::product::Product;
use crate::menu::seed;
use crate::speech::say;
use crate::stories::stage::{Cast, Played};
use crate::stories::story::Story;
use crate::stories::timeline::Style;
use crate::tables::Tables;

/// The price of a smoke test's product, so low that no approval limit is below an order's total.
const PRICE: u64 = 1;

/// A run of the smoke test.
#[derive(Debug)]
pub(crate) struct Run {
    /// What sets its products apart from those of any other run.
    name: String,
    cast: Cast,
    tables: Tables,
    /// Every change that its callers ask for.
    journal: Journal,
}

/// How many checks hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// The stories that ended as they must.
    pub(crate) stories: usize,
    /// The checks that hold.
    pub(crate) hold: usize,
    /// All checks.
    pub(crate) checks: usize,
}

impl Run {
    /// A run of these people, whose changes are noted in `journal`.
    pub(crate) fn of(cast: Cast, tables: Tables, journal: Journal) -> Self {
        let id = Uuid::new_v4().simple().to_string();
        Self { name: id.chars().take(12).collect(), cast, tables, journal }
    }

    /// The id of the product that a story of this run orders. Nobody else knows it.
    fn product(&self, story: &Story) -> String {
        format!("smoke-{}-{}", story.name, self.name)
    }

    /// The ids of all its products.
    pub(crate) fn products(&self) -> Vec<String> {
        Story::ALL.iter().map(|story| self.product(story)).collect()
    }

    /// What it may have made so far.
    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Its tables.
    pub(crate) fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Its people.
    pub(crate) fn cast(&self) -> &Cast {
        &self.cast
    }

    /// Plays every story and prints what it finds, a line per check. The course of a story is printed when it ended wrong.
    ///
    /// # Errors
    /// When the products cannot be put on the menu.
    pub(crate) async fn play(&self, style: Style) -> Result<Tally> {
        let mut tally = Tally::default();
        for (story, number) in Story::ALL.iter().zip(1..) {
            let product = Product {
                name: "Smoke test: do not order".to_owned(),
                ..Product::new(&self.product(story), "EUR", PRICE, story.stock)
            };
            seed::offer(&self.tables, &product).await?;
            let mut played = Played::by(&self.cast, story, &product.id).await;
            self.check_ticket(&mut played, story).await;
            let title = format!("Story {number} of {}: {}", Story::ALL.len(), story.title);
            let course = if played.is_good() { String::new() } else { format!("{}\n", played.timeline(style)) };
            say!("{}\n{course}{}", style.strong(&title), played.ending(style));
            let (hold, checks) = played.checks().count();
            tally.hold += hold;
            tally.checks += checks;
            tally.stories += usize::from(played.is_good());
        }
        Ok(tally)
    }

    /// Checks what the cooks see of the story's order.
    async fn check_ticket(&self, played: &mut Played, story: &Story) {
        let Some(order_id) = played.order_id().map(str::to_owned) else { return };
        let (what, expected) = ("the ticket", story.end.ticket);
        match ticket::seen(&self.cast.cook, &self.tables, &order_id, expected).await {
            Ok(seen) => played.checks().must_be(&seen.by(what), &seen.status, expected),
            Err(error) => played.checks().must(&format!("{what} is {expected}, but {error:#}"), false),
        }
    }
}
