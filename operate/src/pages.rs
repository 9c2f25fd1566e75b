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
    /// The keys of the items that cannot be read, such as those that a newer deployment wrote.
    pub(crate) unread: Vec<String>,
    /// How many items were read.
    pub(crate) items: u32,
    /// Whether that was the whole table.
    pub(crate) is_whole: bool,
}

/// Reads up to about `limit` items and keeps what `wanted` makes of them. The keys of those of which it makes an error are kept too:
/// an item that cannot be read hides no other.
///
/// # Errors
/// The table cannot be read.
pub(crate) async fn read<T>(
    table: &dyn Scan,
    limit: u32,
    wanted: impl Fn(&Record) -> Result<Option<T>>,
) -> Result<Read<T>> {
    let mut read = Read { found: Vec::new(), unread: Vec::new(), items: 0, is_whole: false };
    let mut token = None;
    while read.items < limit {
        let size = PAGE.min(limit - read.items);
        let page = table.page(size, token.as_deref()).await.context("cannot read the table")?;
        read.items += u32::try_from(page.records.len())?;
        for record in &page.records {
            match wanted(record) {
                Ok(found) => read.found.extend(found),
                Err(_) => read.unread.push(record.key.clone()),
            }
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
    }

    #[tokio::test]
    async fn an_item_that_cannot_be_read_hides_no_other() {
        let table = MemoryStore::default();
        for key in ["a", "b", "c"] {
            table.save(&Write::of(builders::record(key, 1))).await.expect("saved");
        }
        let but_b = |record: &Record| {
            anyhow::ensure!(record.key != "b", "unreadable");
            Ok(Some(record.key.clone()))
        };
        let read = super::read(&table, 1000, but_b).await.expect("read");
        assert_eq!(
            (read.found, read.unread, read.items),
            (vec!["a".to_owned(), "c".to_owned()], vec!["b".to_owned()], 3)
        );
    }
}
