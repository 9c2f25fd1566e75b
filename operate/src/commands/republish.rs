//! `operate republish`: an order is touched, so that the stream hands it to the relay once more.
//!
//! The relay then publishes the events of the order's last write, under the ids that they have: whoever had them recognises
//! them. Events of an earlier write are not in the order any more. An event that starts a saga is never among those: until
//! its saga has begun the order is locked, so nobody writes it. What can be lost is an event that only tells, when the order
//! was written again before the relay gave the event up: `OrderApproved` or the refusal of a cancellation, once the customer
//! has canceled. For as long as the stream keeps the write, its event can be read there.

use anyhow::{Context, Result, bail};
use clap::Args;
use messaging::{Envelope, LoadMany, Record, SaveError, Store};
use order::ORDERS;
use order::domain::{Order, Status};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::failures::Failures;
use crate::pages::{self, SAGAS};
use crate::speech::say;
use crate::stack::Stack;

/// Which orders: without an id, those are listed whose saga has not begun.
#[derive(Args)]
pub(crate) struct Republish {
    /// The ids of the orders whose last events are published again, with spaces or commas
    #[arg(value_delimiter = ',')]
    orders: Vec<Uuid>,
    /// Publish the events of every order that waits
    #[arg(long, conflicts_with = "orders")]
    all: bool,
    /// For how many minutes an order must have waited
    #[arg(long, default_value_t = 30)]
    minutes: u32,
    /// How many items of the orders' table to read at most
    #[arg(long, default_value_t = 10_000)]
    limit: u32,
}

pub(crate) async fn run(stack: &Stack, republish: &Republish) -> Result<()> {
    stack.announce().await?;
    let mut failures = Failures::default();
    let publish = async |order| touch(stack, order).await;
    if !republish.orders.is_empty() {
        failures.act_on(republish.orders.iter().copied(), publish).await;
        return failures.end();
    }
    let then = OffsetDateTime::now_utc() - Duration::minutes(republish.minutes.into());
    let read = pages::read(&pages::scan(stack, ORDERS), republish.limit, |record| Waiting::of(record, then)).await?;
    let waiting = without_saga(&pages::store(stack, SAGAS), &read.found).await?;
    say!(
        "{} of {} items are orders that wait for their saga for more than {} minutes",
        waiting.len(),
        read.items,
        republish.minutes
    );
    for waiting in &waiting {
        say!("{}", waiting.told());
    }
    if let Some(rest) = read.rest() {
        say!("{rest}");
    }
    if stack.queue_url(&stack.queue("saga")).await?.is_none() && !waiting.is_empty() {
        say!("In the Step Functions lane some may have begun: an execution is named after the saga.");
    }
    failures.unread = read.unread;
    if republish.all {
        failures.act_on(waiting.iter().map(|waiting| waiting.order), publish).await;
    } else if !waiting.is_empty() {
        say!(
            "\nWhoever has had an event knows it when it comes again:\n  make republish ORDER=<id>\n  make republish ORDER=all"
        );
    }
    failures.end()
}

async fn touch(stack: &Stack, order: Uuid) -> Result<()> {
    let orders = pages::store(stack, ORDERS);
    let record = orders.load(&order.to_string()).await.context("cannot read the order")?;
    let record = record.with_context(|| format!("there is no order {order}: take an id that CreateOrder gave"))?;
    let events: Vec<&str> = record.outbox.iter().map(|entry| entry.type_name.as_str()).collect();
    if events.is_empty() {
        bail!("the last write of the order {order} has published nothing: there is nothing to publish again");
    }
    match orders.touch(&record, OffsetDateTime::now_utc()).await {
        Ok(()) => say!("{order}: {} is published again", events.join(", ")),
        Err(SaveError::Conflict) => say!("{order} has just been written: what that publishes is on its way"),
        Err(error) => return Err(error).with_context(|| format!("cannot touch the order {order}")),
    }
    Ok(())
}

/// An order that a saga has locked, or is about to.
#[derive(Debug, PartialEq, Eq)]
struct Waiting {
    order: Uuid,
    saga: Uuid,
    event: String,
    since: OffsetDateTime,
}

impl Waiting {
    /// What the order has waited for since before `then`; `None` if it is no order, or does not wait.
    ///
    /// # Errors
    /// An order that this version of the tool cannot read.
    fn of(record: &Record, then: OffsetDateTime) -> Result<Option<Self>> {
        // The claims beside the orders have other keys.
        if Uuid::parse_str(&record.key).is_err() {
            return Ok(None);
        }
        let order: Order = record.aggregate()?;
        let (Status::ApprovalPending { owner } | Status::CancelPending { owner }) = order.status else {
            return Ok(None);
        };
        let event = record.outbox.iter().find_map(|entry| Envelope::parse(&entry.body).ok());
        let since = event.as_ref().map_or(order.created_at, |event| event.occurred_at);
        let event = event.map_or("nothing that can be read".to_owned(), |event| event.payload.type_name().to_owned());
        Ok(Some(Self { order: order.id, saga: owner, event, since }).filter(|waiting| waiting.since < then))
    }

    fn told(&self) -> String {
        let since = self.since.format(&Rfc3339).unwrap_or_default();
        format!("{} waits since {since}: {} should start the saga {}", self.order, self.event, self.saga)
    }
}

/// Those whose saga the Rust lane does not have: the others have begun, and are silent or busy.
async fn without_saga<'a>(sagas: &dyn LoadMany, waiting: &'a [Waiting]) -> Result<Vec<&'a Waiting>> {
    let keys: Vec<String> = waiting.iter().map(|waiting| waiting.saga.to_string()).collect();
    let begun = sagas.load_many(&keys).await.context("cannot read the sagas")?;
    let has_begun = |waiting: &&Waiting| begun.iter().any(|record| record.key == waiting.saga.to_string());
    Ok(waiting.iter().filter(|waiting| !has_begun(waiting)).collect())
}

#[cfg(test)]
mod tests;
