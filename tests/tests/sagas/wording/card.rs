//! Where the card's token lives: in the event that starts the saga, in the command for the payment provider, in what is stored
//! of both until the card is settled, and in an execution's input.

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

/// Nobody answers what follows once the card was answered, refused, or given up for lack of an answer, or once it will not be
/// asked for. The order's own item holds the event until the saga writes the order.
#[test]
fn a_saga_that_is_stuck_once_its_card_is_settled_has_forgotten_the_token() -> Result<()> {
    let stuck: [(&str, &[&str], &str); 4] = [
        ("tok_visa", &["approve-ticket"], "approve-ticket"),
        ("tok_declined", &["reject-ticket"], "reject-ticket"),
        ("tok_visa", &["authorize-card", "cancel-card"], "cancel-card"),
        ("tok_visa", &["create-ticket", "reject-ticket"], "reject-ticket"),
    ];
    for (card, silent, awaited) in stuck {
        let (restaurant, saga) = block_on(async {
            let mut restaurant = Restaurant::open(&STOCK, order::sagas::registry()).await?;
            silent.iter().for_each(|queue| restaurant.bus.pause(queue));
            let order_id = restaurant.place(&BASKET, card).await?;
            restaurant.bus.run_until(restaurant.bus.now() + Duration::hours(1)).await;
            let saga = messaging::ids::saga(messaging::ids::event(&order_id, 1, 0));
            Ok((restaurant, saga.to_string()))
        })?;
        let entries = &restaurant.stored("sagas", &saga)?["entries"];
        let last = entries.as_array().and_then(|entries| entries.last()).context("no command")?;
        ensure!(last["handler"] == awaited && last["state"] == "sent", "{silent:?}: it stands elsewhere: {last:#}");
        let knowing = tables(&restaurant)?;
        ensure!(knowing == BTreeSet::from(["orders"]), "{silent:?}: the token is in {knowing:?}");
    }
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
