//! A page of a list, which says whether anything follows it.

use messaging::{LoadError, Page};

use super::item::{Item, records_of};
use super::token;

/// How many items are asked for, so that a page of `limit` shows whether it is the last: one more. DynamoDB itself names the
/// last key of every full page, whether or not anything follows.
pub(super) fn asked_for(limit: u32) -> i32 {
    i32::try_from(limit.saturating_add(1)).unwrap_or(i32::MAX)
}

/// The page of `limit` items, out of one more. `last` is the key at which DynamoDB stopped; `key` names a list's key attributes.
pub(super) fn page_of(mut items: Vec<Item>, last: Option<Item>, limit: u32, key: &[&str]) -> Result<Page, LoadError> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let last = if items.len() > limit {
        items.truncate(limit);
        items.last().map(|item| key_of(item, key))
    } else {
        // A megabyte ends a page before its last item.
        last
    };
    let next = last.map(token::token_of).transpose()?;
    Ok(Page { records: records_of(items)?, next })
}

fn key_of(item: &Item, key: &[&str]) -> Item {
    let attribute = |name: &&str| item.get_key_value(*name).map(|(name, value)| (name.clone(), value.clone()));
    key.iter().filter_map(attribute).collect()
}
