//! The function behind a table's stream: publishes the events of each write, in the order of the writes.

use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use lambda_runtime::{LambdaEvent, service_fn};
use messaging::{Envelope, Failure, Outbound, OutboxEntry, relay};
use serde::Deserialize;

use crate::alarms::SET_ASIDE;
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

/// Stops at the first write that could not be relayed, and fails the batch: the stream delivers the whole batch again.
///
/// What was published before is published again under the same identities, so receivers recognise it. Naming the
/// record instead would spare those repeats, but the local AWS then skips the record, and an event would be lost.
async fn relay_batch(outbound: &dyn Outbound, batch: Event) -> Result<(), Error> {
    for record in batch.records {
        let sequence_number = record.change.sequence_number.clone().unwrap_or_default();
        if let Err(reason) = relay_record(outbound, record).await {
            tracing::warn!(sequence_number, reason, "a write is left for the stream to repeat");
            return Err(reason.into());
        }
    }
    Ok(())
}

async fn relay_record(outbound: &dyn Outbound, record: EventRecord) -> Result<(), String> {
    let outbox = match entries(record) {
        Ok(outbox) => outbox,
        Err((body, reason)) => return set_aside(outbound, &body, &reason).await,
    };
    for entry in outbox {
        match checked(&entry) {
            Ok(()) => relay(outbound, std::slice::from_ref(&entry)).await.map_err(|failure| failure.in_full())?,
            Err(failure) => set_aside(outbound, &entry.body, &failure.reason().in_full()).await?,
        }
    }
    Ok(())
}

fn entries(record: EventRecord) -> Result<Vec<OutboxEntry>, (String, String)> {
    let image = record.change.new_image;
    let body = serde_json::to_string(&image).unwrap_or_default();
    serde_dynamo::from_item::<_, Written>(image)
        .map(|written| written.outbox)
        .map_err(|error| (body, error.to_string()))
}

/// An event whose envelope cannot be read, or whose type is not the outbox's, is not published; its content is read by its
/// subscribers.
fn checked(entry: &OutboxEntry) -> Result<(), Failure> {
    let event = Envelope::parse(&entry.body)?;
    if event.payload.type_name() == entry.type_name {
        Ok(())
    } else {
        Err(Failure::set_aside(format!(
            "the outbox says {:?}, the event is {:?}",
            entry.type_name,
            event.payload.type_name()
        )))
    }
}

async fn set_aside(outbound: &dyn Outbound, body: &str, reason: &str) -> Result<(), String> {
    outbound.set_aside(body, reason).await.map_err(|error| error.to_string())?;
    tracing::error!(alarm = SET_ASIDE, reason, "an event is set aside");
    Ok(())
}

#[cfg(test)]
mod tests;
