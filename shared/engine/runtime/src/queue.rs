//! Functions behind a queue: the messages of a batch are handled concurrently, but for those that contend for the same
//! thing, and no message can fail another.

mod turns;

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use futures_util::FutureExt;
use futures_util::future::join_all;
use lambda_runtime::{LambdaEvent, service_fn};
use messaging::{Envelope, Failure, Handler, LEFT, Loop, Outbound, Receiver, SET_ASIDE, Store};
use serde::Deserialize;
use time::OffsetDateTime;
use tokio::time::timeout;

use crate::clock::{self, Clock};
use crate::configuration::{Environment, variable_of};
use crate::{Error, start_logging};
use turns::Turns;

/// How long one message may take, its waiting for its turn included. It is shorter than the function's own timeout, which
/// would bring back the whole batch instead of the slow message alone.
pub const HANDLING_TIMEOUT: Duration = Duration::from_secs(9);

/// The variables that every function behind a queue reads.
#[derive(Deserialize)]
pub struct QueueConfiguration {
    /// The queue for messages that can never be handled.
    pub dead_letter_queue_url: String,
}

/// The way out for a participant: replies, and messages set aside.
///
/// # Errors
/// `DEAD_LETTER_QUEUE_URL` is missing.
pub fn outbound(clients: &aws::Clients) -> Result<aws::AwsOutbound, Error> {
    outbound_in(&Environment::of_the_process(), clients)
}

fn outbound_in(environment: &Environment, clients: &aws::Clients) -> Result<aws::AwsOutbound, Error> {
    let QueueConfiguration { dead_letter_queue_url } = environment.read()?;
    Ok(aws::AwsOutbound::new(clients.sqs(), dead_letter_queue_url))
}

/// The way out for the orchestrator: commands to each handler's queue, watchdogs to its own, and messages set aside.
///
/// # Errors
/// A handler's `<HANDLER>_QUEUE_URL` is missing, or `DEAD_LETTER_QUEUE_URL` is.
pub fn outbound_to<'a>(
    clients: &aws::Clients,
    handlers: impl IntoIterator<Item = &'a str>,
    own_queue_url: &str,
) -> Result<aws::AwsOutbound, Error> {
    outbound_to_in(&Environment::of_the_process(), clients, handlers, own_queue_url)
}

fn outbound_to_in<'a>(
    environment: &Environment,
    clients: &aws::Clients,
    handlers: impl IntoIterator<Item = &'a str>,
    own_queue_url: &str,
) -> Result<aws::AwsOutbound, Error> {
    let mut outbound = outbound_in(environment, clients)?.with_own_queue(own_queue_url);
    for handler in handlers {
        outbound = outbound.with_handler(handler, environment.variable(&variable_of(handler, "QUEUE_URL"))?);
    }
    Ok(outbound)
}

/// Serves a queue's batches with the loop.
///
/// # Errors
/// A Lambda runtime that cannot be reached.
pub async fn serve_queue<H: Handler>(handler: H, store: impl Store, outbound: impl Outbound) -> Result<(), Error> {
    serve_receiver(Loop { handler, store: &store, outbound: &outbound }, &outbound).await
}

/// Serves a queue's batches with a receiver of any kind; `outbound` takes what it sets aside.
///
/// # Errors
/// A Lambda runtime that cannot be reached.
pub async fn serve_receiver(receiver: impl Receiver, outbound: &dyn Outbound) -> Result<(), Error> {
    start_logging();
    let receiver = &receiver as &dyn Receiver;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<SqsEvent>| async move {
        Ok::<_, Error>(handle_batch(receiver, outbound, clock::now, event.payload).await)
    }))
    .await
}

async fn handle_batch(
    receiver: &dyn Receiver,
    outbound: &dyn Outbound,
    clock: Clock,
    batch: SqsEvent,
) -> SqsBatchResponse {
    let turns = &Turns::of(batch.records.len(), HANDLING_TIMEOUT);
    let in_time = |record| async move {
        let handled = timeout(HANDLING_TIMEOUT, handle_record(receiver, outbound, clock, turns, record)).await;
        handled.unwrap_or_else(|_| {
            tracing::warn!(
                alarm = LEFT,
                sqs_message_id = record.message_id,
                "a message took too long and is left for redelivery"
            );
            false
        })
    };
    let handled = join_all(batch.records.iter().map(in_time)).await;
    let mut response = SqsBatchResponse::default();
    for (record, done) in batch.records.iter().zip(handled) {
        if !done {
            response.add_failure(record.message_id.clone().unwrap_or_default());
        }
    }
    response
}

/// Whether the message may be acknowledged.
async fn handle_record(
    receiver: &dyn Receiver,
    outbound: &dyn Outbound,
    clock: Clock,
    turns: &Turns,
    record: &SqsMessage,
) -> bool {
    let body = record.body.as_deref().unwrap_or_default();
    let handling = AssertUnwindSafe(handle(receiver, clock, turns, body)).catch_unwind();
    // A panic is a defect of ours, not of the message: the queue's redrive policy bounds its repeats.
    let outcome = handling.await.unwrap_or_else(|_| Err(Failure::retry("the handler panicked")));
    let id = record.message_id.as_deref().unwrap_or_default();
    let Err(failure) = outcome else { return true };
    let reason = failure.reason().in_full();
    match failure {
        Failure::Retry(_) => {
            tracing::warn!(alarm = LEFT, sqs_message_id = id, reason, "a message is left for redelivery");
            false
        }
        Failure::SetAside(_) => match outbound.set_aside(body, &reason).await {
            Ok(()) => {
                tracing::error!(alarm = SET_ASIDE, sqs_message_id = id, reason, "a message is set aside");
                true
            }
            Err(error) => {
                tracing::warn!(alarm = LEFT, sqs_message_id = id, reason, %error, "a message could not be set aside yet");
                false
            }
        },
    }
}

async fn handle(receiver: &dyn Receiver, clock: Clock, turns: &Turns, body: &str) -> Result<(), Failure> {
    let message = Envelope::parse(body)?;
    let saga_id = message.correlation.as_ref().map(|correlation| correlation.saga_id);
    tracing::debug!(message_id = %message.message_id, ?saga_id, payload = message.payload.type_name(), "handling");
    let receive = async { receiver.receive(&message, OffsetDateTime::from(clock())).await };
    turns.take(receiver.contends(&message), receive).await
}

#[cfg(test)]
pub(crate) mod tests;
