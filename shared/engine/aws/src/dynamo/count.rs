//! A look at several counters, all at one moment.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::transact_get_items::TransactGetItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, Get, TransactGetItem};
use messaging::{AVAILABLE, Counted, Key, LoadError};

use super::item::{Item, item_key};
use super::transaction::{PAUSES, spread, will_pass};
use super::{KEY, load_error};

/// What is left in these counters. Reads of one counter after the other would miss what moves between them meanwhile.
pub(super) async fn execute(client: &Client, table: &str, counters: &[Key]) -> Result<Counted, LoadError> {
    let items = counters.iter().map(|key| get(table, key)).collect::<Result<Vec<_>, _>>()?;
    let mut pauses = PAUSES.into_iter();
    loop {
        let error = match client.transact_get_items().set_transact_items(Some(items.clone())).send().await {
            Ok(answer) => {
                let items = answer.responses.unwrap_or_default().into_iter().filter_map(|response| response.item);
                return items.map(counted).collect();
            }
            Err(error) => error,
        };
        let reasons = match error.as_service_error() {
            Some(TransactGetItemsError::TransactionCanceledException(cancelled)) => cancelled.cancellation_reasons(),
            _ => &[],
        };
        match pauses.next().filter(|_| will_pass(reasons)) {
            Some(pause) => tokio::time::sleep(spread(pause, &counters.concat())).await,
            None => return Err(load_error("TransactGetItems", &error)),
        }
    }
}

fn get(table: &str, key: &str) -> Result<TransactGetItem, LoadError> {
    let get = Get::builder()
        .table_name(table)
        .set_key(Some(item_key(key)))
        .projection_expression("#key, #available")
        .expression_attribute_names("#key", KEY)
        .expression_attribute_names("#available", AVAILABLE);
    let get = get.build().map_err(|error| LoadError::Unreadable(error.to_string()))?;
    Ok(TransactGetItem::builder().get(get).build())
}

fn counted(item: Item) -> Result<(Key, i64), LoadError> {
    let unreadable = || LoadError::Unreadable("a counter is no number under a key".to_owned());
    let number = |value: &AttributeValue| value.as_n().ok().and_then(|number| number.parse().ok());
    let left = item.get(AVAILABLE).map_or(Some(0), number).ok_or_else(unreadable)?;
    let key = item.get(KEY).and_then(|key| key.as_s().ok()).ok_or_else(unreadable)?;
    Ok((key.clone(), left))
}
