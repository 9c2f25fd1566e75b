//! `operate wake`: the sagas of the Rust lane that are silent, and the watchdog that they have lost.

use anyhow::{Context, Result};
use aws::AwsOutbound;
use clap::Args;
use messaging::{Address, Outbound, Record, Store};
use orchestration::{EntryState, SagaInstance};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::failures::Failures;
use crate::pages::{self, SAGAS};
use crate::speech::{complain, say};
use crate::stack::Stack;

/// The queue of the orchestrator, which is named after what comes there.
const QUEUE: &str = "saga";

/// Which sagas: without an id, those that are silent are listed.
#[derive(Args)]
pub(crate) struct Wake {
    /// The ids of the sagas to wake, with spaces or commas
    #[arg(value_delimiter = ',')]
    sagas: Vec<Uuid>,
    /// Wake every saga that is silent
    #[arg(long, conflicts_with = "sagas")]
    all: bool,
    /// For how many minutes a saga's deadline must have passed
    #[arg(long, default_value_t = 30)]
    minutes: u32,
    /// How many items of the sagas' table to read at most
    #[arg(long, default_value_t = 10_000)]
    limit: u32,
}

pub(crate) async fn run(stack: &Stack, wake: &Wake) -> Result<()> {
    stack.announce().await?;
    let queue = stack.queue(QUEUE);
    let Some(queue) = stack.queue_url(&queue).await? else {
        complain!(
            "Only the Rust lane has watchdogs; in the Step Functions lane, start the execution again as README.md says."
        );
        return stack.no_queue(&queue).await;
    };
    let waker = Waker { stack, queue, now: OffsetDateTime::now_utc() };
    let mut failures = Failures::default();
    let wake_it = async |saga| waker.wake(saga).await;
    if !wake.sagas.is_empty() {
        failures.act_on(wake.sagas.iter().copied(), wake_it).await;
        return failures.end();
    }
    let then = waker.now - Duration::minutes(wake.minutes.into());
    let silent = |record: &Record| silent(record, then);
    let read = pages::read(&pages::scan(stack, SAGAS), wake.limit, silent).await?;
    say!("{} of {} sagas are silent for more than {} minutes", read.found.len(), read.items, wake.minutes);
    for (saga, told) in &read.found {
        say!("{saga} {told}");
    }
    if let Some(rest) = read.rest() {
        say!("{rest}");
    }
    failures.unread = read.unread;
    if wake.all {
        failures.act_on(read.found.iter().map(|(saga, _)| *saga), wake_it).await;
    } else if !read.found.is_empty() {
        say!(
            "\nWaking does no harm to a saga whose watchdog is only late:\n  make wake SAGA=<id>\n  make wake SAGA=all"
        );
    }
    failures.end()
}

/// Wakes sagas.
struct Waker<'a> {
    stack: &'a Stack,
    /// The URL of the orchestrator's queue.
    queue: String,
    now: OffsetDateTime,
}

impl Waker<'_> {
    async fn wake(&self, saga: Uuid) -> Result<()> {
        let record = pages::store(self.stack, SAGAS).load(&saga.to_string()).await.context("cannot read the saga")?;
        let record = record.with_context(|| format!("there is no saga {saga}: `make wake` lists the silent sagas"))?;
        let instance = instance(&record)?;
        let Some(message) = instance.waking(saga, &self.queue, Uuid::new_v4(), self.now) else {
            say!("{saga} is over: there is nothing to wake");
            return Ok(());
        };
        let outbound = AwsOutbound::new(self.stack.clients().sqs(), "");
        let sent = outbound.send(&Address::Queue(self.queue.clone()), &message, std::time::Duration::ZERO).await;
        sent.with_context(|| format!("cannot wake {saga}"))?;
        say!("{saga} is woken: {}", told(&instance));
        Ok(())
    }
}

fn instance(record: &Record) -> Result<SagaInstance> {
    record.aggregate().with_context(|| format!("the saga {} cannot be read by this version of the tool", record.key))
}

/// The saga with what it waits for, if it was silent by `then`.
fn silent(record: &Record, then: OffsetDateTime) -> Result<Option<(Uuid, String)>> {
    let instance = instance(record)?;
    let saga = Uuid::parse_str(&record.key).with_context(|| format!("{} is no saga's id", record.key))?;
    Ok(instance.is_silent_since(then).then(|| (saga, told(&instance))))
}

/// What a saga waits for, and since when.
fn told(instance: &SagaInstance) -> String {
    let awaited = instance.entries.last().filter(|entry| entry.state == EntryState::Sent);
    let (handler, repeats) = awaited.map_or(("nothing", 0), |entry| (entry.handler.as_str(), entry.repeats));
    let deadline = instance.deadline.format(&Rfc3339).unwrap_or_default();
    format!(
        "{} v{} waits for {handler}, repeated {repeats} times, until {deadline}",
        instance.saga, instance.definition_version
    )
}

#[cfg(test)]
mod tests;
