//! The relay while SNS or its dead-letter queue takes nothing: events wait in the table's stream, and nothing is lost,
//! doubled or overtaken.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use aws_sdk_sqs::types::QueueAttributeName;
use libtest_mimic::Trial;
use local::{Card, Deadline};
use messaging::{OutboxEntry, Record, Store as _, Write};
use serde_json::{Value, json};
use tests::basket::Basket;
use tests::{LazySystem, System};
use uuid::Uuid;

use super::alone;

const RELAY: &str = "RelayOutboxFunction";
/// The SDK tries three times, so each of these outages fails two batches and the first attempt of a third.
const REFUSALS: usize = 7;
/// How often the SDK makes a call that fails.
const ATTEMPTS: usize = 3;
const ORDERS: usize = 3;
/// What an order that is approved and then canceled publishes.
const LIFE: [&str; 4] =
    ["order.v1.OrderCreated", "order.v1.OrderApproved", "order.v1.CancellationRequested", "order.v1.OrderCanceled"];

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    let outage = "relay::an_outage_of_sns_loses_no_event_and_lets_none_overtake_another";
    let failing = "relay::a_batch_goes_on_from_the_write_that_failed_in_its_middle";
    vec![alone(outage, system, an_outage_of_sns), alone(failing, system, a_failing_write)]
}

async fn an_outage_of_sns(system: Arc<System>) -> Result<()> {
    let (anna, recorder) = (system.customer("outage")?, system.aws().recorder());
    let mut baskets = Vec::new();
    for _ in 0..ORDERS {
        baskets.push(Basket::new(&system, [9, 9, 9]).await?);
    }
    let subscriber = Subscriber::of(&system).await?;
    recorder.clear();
    let _outage = recorder.fail_next(RELAY, "PublishBatch", REFUSALS);
    let mut orders = Vec::new();
    for basket in &baskets {
        orders.push(basket.place(&anna, Card::Good).await?);
    }
    for order in &orders {
        system.await_status(&anna, order, "APPROVED").await?;
    }
    ensure!(refused(&system) == REFUSALS, "{} calls were refused", refused(&system));
    for basket in &baskets {
        basket.check_stock(&system, true).await?;
    }

    let _another = recorder.fail_next(RELAY, "PublishBatch", REFUSALS);
    for order in &orders {
        anna.cancel(order).await?.ok()?;
    }
    for order in &orders {
        system.await_status(&anna, order, "CANCELED").await?;
    }
    ensure!(refused(&system) == 2 * REFUSALS, "{} calls were refused", refused(&system));
    for basket in &baskets {
        basket.check_stock(&system, false).await?;
    }

    let lives = subscriber.lives(&orders).await?;
    for order in &orders {
        ensure!(lives[order] == LIFE, "{order} went through {:?}", lives[order]);
    }
    // Events that were published twice are handled by now.
    system.await_empty("SagaQueue").await?;
    for queue in ["RelayOutboxDeadLetterQueue", "SagaDeadLetterQueue"] {
        let of_ours = |body: &str| orders.iter().any(|order| body.contains(order));
        let dead = system.dead_letters_now(queue, of_ours).await?;
        ensure!(dead.is_empty(), "dead letters in {queue}: {dead:?}");
    }
    subscriber.leave().await
}

/// The middle one of three writes cannot be relayed at first: the write before it is not relayed again, and the write
/// after it waits.
async fn a_failing_write(system: Arc<System>) -> Result<()> {
    let recorder = system.aws().recorder();
    let [holding, before, poison, after] = std::array::from_fn(|_| Uuid::new_v4().to_string());
    let subscriber = Subscriber::of(&system).await?;
    // While the relay waits for SNS with the first write, the others gather in the stream.
    let held = recorder.hold_next(RELAY, "PublishBatch");
    write(&system, &holding, approved(&holding)).await?;
    let held = held.await?;
    write(&system, &before, approved(&before)).await?;
    write(&system, &poison, format!("not a message of {poison}")).await?;
    write(&system, &after, approved(&after)).await?;
    recorder.clear();
    let _outage = recorder.fail_next(RELAY, "SendMessage", ATTEMPTS);
    held.release();

    let reason = system.await_dead_letter("RelayOutboxDeadLetterQueue", |body| body.contains(&poison)).await?;
    ensure!(reason.contains("not a JSON object"), "{reason}");
    let counts = subscriber.counts(&[&holding, &before, &after]).await?;
    ensure!(counts == [1, 1, 1], "the events before, at and after the failure came {counts:?} times");
    ensure!(refused(&system) == ATTEMPTS, "{} calls were refused", refused(&system));
    subscriber.leave().await
}

/// Writes an item with one event, as an RPC or a step would.
async fn write(system: &System, key: &str, body: String) -> Result<()> {
    let table = system.aws().stack().resource("OrdersTable")?;
    let orders = aws::DynamoStore::new(system.aws().clients().dynamodb.clone(), table);
    let entry = OutboxEntry { id: Uuid::new_v4(), type_name: LIFE[1].to_owned(), body };
    let record = Record { outbox: vec![entry], ..testkit::builders::record(key, 1) };
    Ok(orders.save(&Write::of(record)).await?)
}

/// An event that starts no saga.
fn approved(order: &str) -> String {
    let subject = json!({
        "type": LIFE[1], "source": "by-hand", "messageId": Uuid::new_v4(), "occurredAt": "2026-11-23T07:00:00Z",
    });
    let payload = json!({"@type": format!("type.googleapis.com/{}", LIFE[1]), "orderId": order});
    json!({"subject": subject, "payload": payload}).to_string()
}

fn refused(system: &System) -> usize {
    let calls = system.aws().recorder().calls();
    calls.iter().filter(|call| call.function == RELAY && call.met_an_outage()).count()
}

/// A queue that takes every event of the orders' topic.
struct Subscriber {
    sqs: aws_sdk_sqs::Client,
    sns: aws_sdk_sns::Client,
    queue: String,
    subscription: String,
}

impl Subscriber {
    async fn of(system: &System) -> Result<Self> {
        let (sqs, sns) = (system.aws().clients().sqs.clone(), system.aws().clients().sns.clone());
        let topic = system.aws().stack().resource("OrderEventsTopic")?;
        let queue = sqs.create_queue().queue_name(format!("subscriber-{}", Uuid::new_v4())).send().await?;
        let queue = queue.queue_url.context("a URL")?;
        let name = QueueAttributeName::QueueArn;
        let attributes = sqs.get_queue_attributes().queue_url(&queue).attribute_names(name.clone()).send().await?;
        let arn = attributes.attributes.unwrap_or_default().remove(&name).context("an ARN")?;
        let policy = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage",
            "Resource": arn, "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }]});
        let request = sqs.set_queue_attributes().queue_url(&queue);
        request.attributes(QueueAttributeName::Policy, policy.to_string()).send().await?;
        let request = sns.subscribe().topic_arn(topic).protocol("sqs").endpoint(arn).return_subscription_arn(true);
        let subscription = request.attributes("RawMessageDelivery", "true").send().await?;
        let subscription = subscription.subscription_arn.context("an ARN")?;
        Ok(Self { sqs, sns, queue, subscription })
    }

    /// The types of each order's events in the order in which they first came, once all of them have come.
    async fn lives(&self, orders: &[String]) -> Result<BTreeMap<String, Vec<String>>> {
        let mut lives: BTreeMap<String, Vec<String>> = orders.iter().map(|order| (order.clone(), Vec::new())).collect();
        let deadline = Deadline::soon();
        loop {
            let received = self.sqs.receive_message().queue_url(&self.queue).max_number_of_messages(10).send().await?;
            for message in received.messages() {
                let event: Value = serde_json::from_str(message.body().unwrap_or_default())?;
                let order = event["payload"]["orderId"].as_str().unwrap_or_default();
                let name = event["subject"]["type"].as_str().unwrap_or_default();
                // Another test's order may still have something to tell.
                let Some(life) = lives.get_mut(order) else { continue };
                if !life.iter().any(|known| known == name) {
                    life.push(name.to_owned());
                }
            }
            if lives.values().all(|life| life.len() >= LIFE.len()) {
                return Ok(lives);
            }
            deadline.wait_or(|| format!("events are missing: {lives:#?}")).await?;
        }
    }

    /// How often an event of each order has come, once each has come and nothing more is there.
    async fn counts(&self, orders: &[&str]) -> Result<Vec<usize>> {
        let (mut counts, deadline) = (vec![0; orders.len()], Deadline::soon());
        loop {
            let received = self.sqs.receive_message().queue_url(&self.queue).max_number_of_messages(10).send().await?;
            for message in received.messages() {
                let body = message.body().unwrap_or_default();
                for (count, order) in counts.iter_mut().zip(orders) {
                    *count += usize::from(body.contains(order));
                }
                let handle = message.receipt_handle().context("a receipt")?;
                self.sqs.delete_message().queue_url(&self.queue).receipt_handle(handle).send().await?;
            }
            if received.messages().is_empty() && counts.iter().all(|count| *count > 0) {
                return Ok(counts);
            }
            deadline.wait_or(|| format!("the orders' events have come {counts:?} times")).await?;
        }
    }

    async fn leave(self) -> Result<()> {
        self.sns.unsubscribe().subscription_arn(self.subscription).send().await?;
        self.sqs.delete_queue().queue_url(self.queue).send().await?;
        Ok(())
    }
}
