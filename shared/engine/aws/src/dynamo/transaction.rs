//! A write of several items: all of it happens, or nothing.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, CancellationReason, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use messaging::{AVAILABLE, Counter, Key, Record, SHARDS, SaveError, Write};
use std::time::Duration;

use super::condition::condition;
use super::item::{Item, item_key, item_of};
use super::{KEY, save_error};

/// How long a transaction that was cancelled only for being one of too many is put off before each further attempt. Many
/// writes change the same counter at once: trying again without a pause would only make them collide again.
pub(super) const PAUSES: [Duration; 5] = [
    Duration::from_millis(25),
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
];

/// The reasons that pass by themselves: another transaction on the same item, or more writes than the item's partition,
/// the table or the account takes. The SDK repeats a throttled call, but not a call that was cancelled for one throttled item.
const PASSING: [&str; 4] =
    ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"];

/// What one item of the transaction stands for; cancellation reasons come in the same order.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part<'a> {
    /// The record, the claim, or an item beside them.
    Item,
    /// The counter with this key.
    Counter(&'a Key),
}

/// Writes the record, its claim, the items beside it and its counters.
pub(super) async fn execute(
    client: &Client,
    table: &str,
    counters: Option<&str>,
    write: &Write,
) -> Result<(), SaveError> {
    let mut parts = vec![Part::Item];
    let mut items = vec![put(table, &write.record)?];
    if let Some(claim) = &write.claim {
        parts.push(Part::Item);
        items.push(put(table, claim)?);
    }
    for record in &write.beside {
        parts.push(Part::Item);
        items.push(replace(table, record)?);
    }
    for counter in &write.counters {
        let table = counters.ok_or_else(|| SaveError::Rejected("this table goes with no counters".to_owned()))?;
        parts.push(Part::Counter(&counter.key));
        items.push(add(table, counter).map_err(|error| SaveError::Rejected(error.to_string()))?);
    }
    let mut pauses = PAUSES.into_iter();
    loop {
        let Err(error) = client.transact_write_items().set_transact_items(Some(items.clone())).send().await else {
            return Ok(());
        };
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
            return Err(save_error("TransactWriteItems", &error));
        };
        let reasons = cancelled.cancellation_reasons();
        match pauses.next().filter(|_| will_pass(reasons)) {
            Some(pause) => tokio::time::sleep(spread(pause, &write.record.key)).await,
            None => return Err(cause(&parts, reasons)),
        }
    }
}

/// Whether nothing stood in the way but what passes by itself.
pub(super) fn will_pass(reasons: &[CancellationReason]) -> bool {
    let mut codes = reasons.iter().filter_map(CancellationReason::code).filter(|code| *code != "None").peekable();
    codes.peek().is_some() && codes.all(|code| PASSING.contains(&code))
}

/// Half to all of the pause, by the item's key: writes that collided do not come back at the same moment.
pub(super) fn spread(pause: Duration, key: &str) -> Duration {
    let share = key.bytes().fold(0u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 128;
    pause * (128 + share) / 256
}

fn put(table: &str, record: &Record) -> Result<TransactWriteItem, SaveError> {
    let condition = condition(record)?;
    let put = Put::builder()
        .table_name(table)
        .set_item(Some(item_of(record)?))
        .condition_expression(condition.expression)
        .expression_attribute_names(condition.name.0, condition.name.1)
        .set_expression_attribute_values(condition.values)
        .build()
        .map_err(|error| SaveError::Rejected(error.to_string()))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

/// The item takes the place of whatever has its key.
fn replace(table: &str, record: &Record) -> Result<TransactWriteItem, SaveError> {
    let put = Put::builder().table_name(table).set_item(Some(item_of(record)?)).build();
    Ok(TransactWriteItem::builder().put(put.map_err(|error| SaveError::Rejected(error.to_string()))?).build())
}

fn add(table: &str, counter: &Counter) -> Result<TransactWriteItem, BuildError> {
    let mut values = Item::from([(":delta".to_owned(), AttributeValue::N(counter.delta.to_string()))]);
    let update = Update::builder()
        .table_name(table)
        .set_key(Some(item_key(&counter.key)))
        .update_expression("ADD #available :delta")
        .expression_attribute_names("#available", AVAILABLE)
        // Tells a counter that is short from a counter that does not exist.
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    let update = if counter.delta < 0 {
        values.insert(":needed".to_owned(), AttributeValue::N(counter.delta.unsigned_abs().to_string()));
        update.condition_expression("#available >= :needed")
    } else {
        update.condition_expression("attribute_exists(#key)").expression_attribute_names("#key", KEY)
    };
    let update = update.set_expression_attribute_values(Some(values)).build()?;
    Ok(TransactWriteItem::builder().update(update).build())
}

/// Why the transaction was cancelled. A changed item outweighs a short counter: the decision itself is out of date.
fn cause(parts: &[Part<'_>], reasons: &[CancellationReason]) -> SaveError {
    let failed =
        |wanted: &'static str| parts.iter().zip(reasons).filter(move |(_, reason)| reason.code() == Some(wanted));
    let condition_failed = || failed("ConditionalCheckFailed");
    if condition_failed().any(|(part, _)| *part == Part::Item) || failed("TransactionConflict").next().is_some() {
        return SaveError::Conflict;
    }
    let invalid = failed("ValidationError").chain(failed("ItemCollectionSizeLimitExceeded")).next();
    if let Some((_, reason)) = invalid {
        return SaveError::Rejected(describe(reason));
    }
    match condition_failed().next() {
        Some((Part::Counter(key), reason)) => match reason.item().filter(|item| !item.is_empty()) {
            Some(item) if item.contains_key(SHARDS) => SaveError::ShardShort((*key).clone()),
            Some(_) => SaveError::CounterShort((*key).clone()),
            None => SaveError::CounterMissing((*key).clone()),
        },
        _ => {
            let known = reasons.iter().find(|reason| reason.code().is_some_and(|code| code != "None"));
            SaveError::Transient(known.map_or_else(|| "TransactWriteItems: cancelled".to_owned(), describe))
        }
    }
}

fn describe(reason: &CancellationReason) -> String {
    format!(
        "TransactWriteItems: {}: {}",
        reason.code().unwrap_or("cancelled"),
        reason.message().unwrap_or("no message")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(code: &str) -> CancellationReason {
        CancellationReason::builder().code(code).build()
    }

    fn short() -> CancellationReason {
        let key = AttributeValue::S("margherita".to_owned());
        CancellationReason::builder().code("ConditionalCheckFailed").item(KEY, key).build()
    }

    #[test]
    fn only_what_passes_by_itself_is_waited_for() {
        for passing in PASSING {
            assert!(will_pass(&[reason("None"), reason("TransactionConflict"), reason(passing)]), "{passing}");
            assert!(!will_pass(&[reason("ConditionalCheckFailed"), reason(passing)]), "{passing}");
            assert!(!will_pass(&[reason("ValidationError"), reason(passing)]), "{passing}");
        }
        assert!(!will_pass(&[reason("None"), reason("None")]));
    }

    #[test]
    fn those_that_collided_come_back_at_different_moments() {
        let pause = Duration::from_millis(100);
        assert_ne!(spread(pause, "sale-1"), spread(pause, "sale-2"));
        for key in ["", "sale-1", "a much longer key than the others"] {
            assert!((pause / 2..=pause).contains(&spread(pause, key)));
        }
    }

    fn why(record: CancellationReason, counter: CancellationReason) -> SaveError {
        let key = "margherita".to_owned();
        cause(&[Part::Item, Part::Counter(&key)], &[record, counter])
    }

    #[test]
    fn a_counter_that_is_short_is_told_from_one_that_is_missing() {
        assert_eq!(why(reason("None"), short()), SaveError::CounterShort("margherita".to_owned()));
        let missing = reason("ConditionalCheckFailed");
        assert_eq!(why(reason("None"), missing), SaveError::CounterMissing("margherita".to_owned()));
    }

    #[test]
    fn a_changed_item_outweighs_a_short_counter() {
        assert_eq!(why(reason("ConditionalCheckFailed"), short()), SaveError::Conflict);
        assert_eq!(why(reason("TransactionConflict"), short()), SaveError::Conflict);
        assert_eq!(why(reason("None"), reason("TransactionConflict")), SaveError::Conflict);
    }

    #[test]
    fn throttling_passes_and_a_validation_error_does_not() {
        assert!(
            matches!(why(reason("None"), reason("ThrottlingError")), SaveError::Transient(why) if why.contains("Throttling"))
        );
        assert!(matches!(why(reason("ValidationError"), short()), SaveError::Rejected(_)));
        assert!(matches!(why(reason("ItemCollectionSizeLimitExceeded"), reason("None")), SaveError::Rejected(_)));
        assert!(matches!(cause(&[Part::Item], &[]), SaveError::Transient(_)));
    }
}
