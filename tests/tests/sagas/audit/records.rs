//! What the tables keep once everything is over, and what they must have forgotten.

use anyhow::{Context, Result, ensure};
use messaging::{INBOX_LIMIT, Record};
use orchestration::SagaInstance;
use serde_json::Value;

use super::Audit;
use crate::world::TABLES;

pub(super) fn check(audit: &Audit<'_>) -> Result<()> {
    let shop = &audit.world.shop;
    for table in TABLES {
        for record in shop.table(table).peek_all() {
            ensure!(record.inbox.len() <= INBOX_LIMIT, "{table}: {} remembers too much", record.key);
            let text = serde_json::to_string(&record)?;
            ensure!(!text.contains("tok_"), "{table} still knows a card: {text}");
        }
    }
    let orders = shop.table("orders").peek_all();
    let orders: Vec<&Record> = orders.iter().filter(|record| !record.key.starts_with("claim#")).collect();
    ensure!(orders.len() == audit.placed.len(), "there are {} orders, not {}", orders.len(), audit.placed.len());
    let sagas = shop.table("sagas").peek_all();
    let known: usize = audit.placed.keys().filter_map(|id| shop.order(*id)).map(|order| order.sagas.len()).sum();
    ensure!(sagas.len() == known, "{} sagas ran, the orders know {known}", sagas.len());
    sagas.iter().try_for_each(saga)?;
    let tickets = shop.table("tickets").peek_all();
    let tickets = tickets.iter().filter(|record| !record.key.starts_with("claim#")).count();
    ensure!(tickets <= audit.placed.len(), "there are {tickets} tickets");
    ensure!(shop.table("authorizations").len() <= audit.placed.len(), "there are too many authorizations");
    Ok(())
}

fn saga(record: &Record) -> Result<()> {
    let instance: SagaInstance = record.aggregate()?;
    ensure!(instance.data.is_none(), "{} still has its data", record.key);
    let sent = record.inbox.iter().find(|entry| !entry.sent.is_empty());
    ensure!(sent.is_none(), "{} still knows what it sent: {sent:?}", record.key);
    let end = instance.ended_at.context("no end")? + time::Duration::days(30);
    ensure!(record.expires_at == Some(end.unix_timestamp()), "{} expires at {:?}", record.key, record.expires_at);
    ensure!(record.attributes.get("saga") == Some(&Value::from(instance.saga.as_str())), "{record:?}");
    Ok(())
}
