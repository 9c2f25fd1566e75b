//! The function behind a table's stream: publishes the events of each write, in the order of the writes.

use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use aws_lambda_events::event::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use lambda_runtime::{LambdaEvent, service_fn};
use messaging::{Outbound, OutboxEntry, WrittenItem, relay};
use serde::Deserialize;

use crate::{Error, start_logging};

/// The part of a stored item that the relay reads.
#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    outbox: Vec<OutboxEntry>,
}

/// Serves a stream's batches.
///
/// # Errors
/// A Lambda runtime that cannot be reached.
pub async fn serve_outbox(outbound: impl Outbound) -> Result<(), Error> {
    start_logging();
    let outbound = &outbound as &dyn Outbound;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Event>| async move {
        relay_batch(outbound, event.payload).await
    }))
    .await
}

/// Names the first write that could not be relayed whole: the stream comes back with that write and all after it.
///
/// What was published after that write is published again, under the same identities, so receivers recognise it.
async fn relay_batch(outbound: &dyn Outbound, batch: Event) -> Result<DynamoDbEventResponse, Error> {
    let mut response = DynamoDbEventResponse::default();
    let number = |record: &EventRecord| record.change.sequence_number.clone();
    let (numbers, writes): (Vec<_>, Vec<_>) =
        batch.records.into_iter().map(|record| (number(&record), written(record))).unzip();
    if let Err(failed) = relay(outbound, &writes).await {
        let (sequence_number, reason) = (numbers.into_iter().nth(failed.index).flatten(), failed.reason.to_string());
        tracing::warn!(sequence_number, reason, "a write is left for the stream to repeat");
        // Without a name the whole batch fails, and comes again as a whole.
        let mut failure = DynamoDbBatchItemFailure::default();
        failure.item_identifier = Some(sequence_number.ok_or(reason)?);
        response.batch_item_failures.push(failure);
    }
    Ok(response)
}

fn written(record: EventRecord) -> WrittenItem {
    let key = serde_json::to_string(&record.change.keys).unwrap_or_default();
    let image = record.change.new_image;
    let body = serde_json::to_string(&image).unwrap_or_default();
    match serde_dynamo::from_item::<_, Written>(image) {
        Ok(written) => WrittenItem::new(key, written.outbox),
        // The error may quote what stands in the outbox.
        Err(_) => WrittenItem::unreadable(key, body, "the outbox is no list of id, type and body".to_owned()),
    }
}

#[cfg(test)]
mod tests;
