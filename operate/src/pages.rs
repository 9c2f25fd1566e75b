//! A stack's tables: an item, or page by page up to a limit.

use anyhow::{Context, Result};
use aws::{DynamoScan, DynamoStore};
use messaging::{Record, Scan, Table};

use crate::stack::Stack;

/// The table of the Rust lane's sagas.
pub(crate) const SAGAS: Table = Table::new("sagas");

/// How many items are read by a call.
const PAGE: u32 = 100;

/// A table of a stack.
pub(crate) fn store(stack: &Stack, table: Table) -> DynamoStore {
    stack.tables().store(table)
}

/// The whole of a table of a stack.
pub(crate) fn scan(stack: &Stack, table: Table) -> DynamoScan {
    DynamoScan::new(stack.clients().dynamodb(), stack.tables().name(table))
}

/// What was found in a table.
pub(crate) struct Read<T> {
    /// What was looked for.
    pub(crate) found: Vec<T>,
    /// How many items were read.
    pub(crate) items: u32,
    /// Whether that was the whole table.
    pub(crate) is_whole: bool,
}

/// Reads up to about `limit` items and keeps what `wanted` makes of them.
///
/// # Errors
/// The table cannot be read, or `wanted` fails.
pub(crate) async fn read<T>(
    table: &dyn Scan,
    limit: u32,
    wanted: impl Fn(&Record) -> Result<Option<T>>,
) -> Result<Read<T>> {
    let mut read = Read { found: Vec::new(), items: 0, is_whole: false };
    let mut token = None;
    while read.items < limit {
        let size = PAGE.min(limit - read.items);
        let page = table.page(size, token.as_deref()).await.context("cannot read the table")?;
        read.items += u32::try_from(page.records.len())?;
        for record in &page.records {
            read.found.extend(wanted(record)?);
        }
        token = page.next;
        if token.is_none() {
            read.is_whole = true;
            break;
        }
    }
    Ok(read)
}

impl<T> Read<T> {
    /// What to say about a table that was not read to its end.
    pub(crate) fn rest(&self) -> Option<String> {
        let text = || format!("only {} items were read, there may be more: give a higher --limit", self.items);
        (!self.is_whole).then(text)
    }
}

#[cfg(test)]
mod tests {
    use messaging::{Store, Write};
    use testkit::{MemoryStore, builders};

    use super::*;

    #[tokio::test]
    async fn a_table_is_read_to_its_end_or_to_the_limit() {
        let table = MemoryStore::default();
        for number in 0..250 {
            table.save(&Write::of(builders::record(&format!("{number:03}"), 1))).await.expect("saved");
        }
        let even = |record: &Record| Ok(Some(record.key.clone()).filter(|key| key.ends_with('0')));
        let all = super::read(&table, 1000, even).await.expect("read");
        assert_eq!((all.items, all.found.len(), all.rest()), (250, 25, None));
        let part = super::read(&table, 130, even).await.expect("read");
        assert_eq!((part.items, part.found.len()), (130, 13), "no more is read than was asked for");
        assert!(part.rest().is_some_and(|rest| rest.contains("only 130 items")), "{:?}", part.rest());
        let refused = super::read(&table, 1000, |_| -> Result<Option<()>> { anyhow::bail!("unreadable") }).await;
        assert!(refused.is_err());
    }
}
