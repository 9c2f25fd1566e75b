//! Where the card's token lives: in the event that starts the saga, in the command for the payment provider, in what is stored
//! of both until the saga is over, and in an execution's input.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use testkit::Logs;
use time::Duration;

use super::paths::Path;
use super::restaurant::{BASKET, Restaurant, STOCK};
use super::runs;
use crate::block_on;

const TABLES: [&str; 6] = ["authorizations", "orders", "products", "sagas", "stock", "tickets"];
/// How every token of the sandbox begins, and nothing else in these stories.
const TOKEN: &str = "tok_";

/// The tables that know the card.
fn tables(restaurant: &Restaurant) -> Result<BTreeSet<&'static str>> {
    let mut knowing = BTreeSet::new();
    for name in TABLES {
        let items = restaurant.database.table(name).peek_all();
        ensure!(!items.is_empty() || name == "authorizations" || name == "tickets", "nothing is in {name}");
        if serde_json::to_string(&items)?.contains(TOKEN) {
            knowing.insert(name);
        }
    }
    Ok(knowing)
}

/// The bus is at rest, so no queue holds a message either.
#[test]
fn a_cards_token_is_in_no_table_and_no_log_once_its_saga_is_over() -> Result<()> {
    for path in Path::ALL {
        let (logs, _guard) = Logs::capture();
        let (restaurant, _) = block_on(path.play())?;
        let knowing = tables(&restaurant)?;
        ensure!(knowing.is_empty(), "{path:?}: the token is still in {knowing:?}");
        let lines = format!("{:?}", logs.lines());
        ensure!(!lines.contains(TOKEN), "{path:?}: a log tells the token: {lines}");
    }
    Ok(())
}

#[test]
fn while_its_saga_is_under_way_a_cards_token_is_with_the_order_and_its_saga() -> Result<()> {
    let restaurant = block_on(async {
        let mut restaurant = Restaurant::open(&STOCK, order::sagas::registry()).await?;
        restaurant.bus.pause("authorize-card");
        restaurant.place(&BASKET, "tok_visa").await?;
        restaurant.bus.run_until(restaurant.bus.now() + Duration::seconds(1)).await;
        Ok(restaurant)
    })?;
    let knowing = tables(&restaurant)?;
    ensure!(knowing == BTreeSet::from(["orders", "sagas"]), "the token is in {knowing:?}");
    Ok(())
}

#[test]
fn a_cards_token_travels_in_the_event_and_to_the_payment_provider_and_in_no_other_message() -> Result<()> {
    for path in Path::ALL {
        let (restaurant, _) = block_on(path.play())?;
        let heard = restaurant.heard();
        let secret = heard.iter().filter(|heard| heard.body.to_string().contains(TOKEN));
        let queues: BTreeSet<_> = secret.map(|heard| heard.to.as_str()).collect();
        let expected = BTreeSet::from(["authorize-card", "saga"]);
        ensure!(queues.is_subset(&expected) && queues.contains("saga"), "{path:?}: the token went to {queues:?}");
    }
    Ok(())
}

#[test]
fn an_execution_sends_a_cards_token_to_the_payment_provider_only() -> Result<()> {
    for definition in order::sagas::registry().definitions() {
        let runs = runs(definition)?;
        let execution = &runs.first().context("no run")?.execution;
        let messages = execution.messages(&serde_json::json!({"Cause": "{}"}))?;
        let secret = messages.iter().filter(|(_, body)| body.to_string().contains(TOKEN));
        let states: Vec<_> = secret.map(|(state, _)| state.as_str()).collect();
        let expected = if definition.name == "create-order" { vec!["AuthorizeCard"] } else { vec![] };
        ensure!(states == expected, "{}: {states:?}", definition.machine_name());
    }
    Ok(())
}
