//! What a saga takes in this lane, per path: measured, and compared with the table in README.md.
//!
//! Measured is what follows when an order's event is written, up to the saga's end: the relay, the event, the
//! orchestrator, the steps with their writes, and in the Rust lane the watchdog that comes when the saga is over. The RPC
//! that wrote the event, its own reads and writes, and whoever asks afterwards are left out.

mod meter;

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use local::{Lane, Story};
use tests::{LazySystem, System, root};

use super::alone;
use meter::{Measured, Meter};

pub(super) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    vec![alone("costs::the_table_in_the_readme_is_what_a_saga_takes", system, the_table_is_what_a_saga_takes)]
}

/// How often a path is measured when the machine has disturbed it. A row that is wrong although nothing was disturbed is not
/// measured again.
const TRIES: usize = 3;

const PATHS: [(&str, Story); 5] = [
    ("create-order: approved", Story::APPROVED),
    ("create-order: card declined", Story::CARD_DECLINED),
    ("create-order: out of stock", Story::OUT_OF_STOCK),
    ("cancel-order: canceled", Story::CANCELED),
    ("cancel-order: too late", Story::CANCELED_TOO_LATE),
];

async fn the_table_is_what_a_saga_takes(system: Arc<System>) -> Result<()> {
    let lane = match system.lane() {
        Lane::Rust => "Rust",
        Lane::StepFunctions => "Step Functions",
    };
    let readme = std::fs::read_to_string(root().join("README.md"))?;
    let written: Vec<&str> = readme.lines().filter(|line| line.split(" | ").nth(1) == Some(lane)).collect();
    let mut meter = Meter::of(&system)?;
    // The first saga opens the connections of functions that are cold, so it is not one to measure.
    measure(&system, &mut meter, &Story::APPROVED).await?;
    let mut rows = Vec::new();
    for (name, story) in &PATHS {
        let mut row = String::new();
        for _ in 0..TRIES {
            let measured = measure(&system, &mut meter, story).await.with_context(|| (*name).to_owned())?;
            row = measured.counts.row(name, lane);
            // The row as it stands in the README, if that is true as well.
            if let Some(true_row) = written.iter().find(|written| is_the_same(written, &row)) {
                row = (*true_row).to_owned();
                break;
            }
            let Some(disturbance) = measured.disturbance else { break };
            println!("{name} is measured again: {disturbance}: {row}");
        }
        rows.push(row);
    }
    ensure!(written == rows, "the rows of this lane in README.md should be:\n{}", rows.join("\n"));
    Ok(())
}

/// The same, but for one write unit and the dollar that it may round to: an item is some bytes longer or shorter from run to
/// run, as times are, and may just fit into a kilobyte or not.
fn is_the_same(written: &str, measured: &str) -> bool {
    let (written, measured): (Vec<&str>, Vec<&str>) = (written.split(" | ").collect(), measured.split(" | ").collect());
    let close = |column: usize| {
        let number = |cells: &[&str]| cells.get(column)?.trim_end_matches(" |").parse::<i64>().ok();
        matches!((number(&written), number(&measured)), (Some(one), Some(other)) if (one - other).abs() <= 1)
    };
    let exact = (0..WRITE_UNITS).chain([READ_UNITS]).all(|column| written.get(column) == measured.get(column));
    written.len() == measured.len() && exact && close(WRITE_UNITS) && close(DOLLARS)
}

/// The columns of the table that are looked at one by one.
const WRITE_UNITS: usize = 7;
const READ_UNITS: usize = 8;
const DOLLARS: usize = 9;

async fn measure(system: &System, meter: &mut Meter<'_>, story: &Story) -> Result<Measured> {
    let (anna, cook) = (system.customer("thrifty")?, system.cook()?);
    let is_short = story.stock < story.quantity;
    cook.set_stock("tiramisu", if is_short { 0 } else { 100 }).await?;
    if !story.cancels {
        meter.start().await?;
        let order = anna.place("tiramisu", 1, story.card).await?;
        return meter.stop(&order, 1, "create-order").await;
    }
    let order = anna.place("tiramisu", 1, story.card).await?;
    meter.ended(&order, 1, "create-order").await?;
    if story.starts_cooking {
        cook.start_ticket(&order).await?;
    }
    meter.start().await?;
    anna.cancel(&order).await?.ok()?;
    meter.stop(&order, 2, "cancel-order").await
}
