//! Outages that last: a message fails more often than the queues of this system once allowed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use aws_sdk_sqs::types::QueueAttributeName;
use libtest_mimic::Trial;
use local::{Card, Deadline, Story};
use serde_json::Value;
use tests::basket::Basket;
use tests::{LazySystem, System};

use super::alone;

/// A message was dead after ten deliveries once.
const FAILURES: usize = 12;
/// The seconds that stand in for the minute for which a message stays invisible.
const HURRIED: &str = "1";
/// The queues whose messages fail.
const QUEUES: [&str; 2] = ["SagaQueue", "ApproveTicketQueue"];

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    vec![alone("outages::an_order_survives_more_failures_than_ten", system, an_order_survives)]
}

async fn an_order_survives(system: Arc<System>) -> Result<()> {
    let mut usual = Vec::new();
    for queue in QUEUES {
        usual.push((queue, make_invisible_for(&system, queue, HURRIED).await?));
    }
    let survived = survives(&system).await;
    for (queue, seconds) in usual {
        make_invisible_for(&system, queue, &seconds).await?;
    }
    survived
}

/// The saga's own table does not answer, and when it does, that of a participant after the pivot does not.
async fn survives(system: &System) -> Result<()> {
    let recorder = system.aws().recorder();
    let sagas = recorder.fail_next("OrchestrateSagaFunction", "GetItem", usize::MAX);
    let tickets = recorder.fail_next("ApproveTicketFunction", "GetItem", usize::MAX);
    let log = Log::from_now_on(system)?;
    let basket = Basket::new(system, [100; 3]).await?;
    let anna = system.customer("outage")?;
    let order_id = basket.place(&anna, Card::Good).await?;
    log.await_failures().await.context("the sagas' table")?;
    let log = Log::from_now_on(system)?;
    drop(sagas);
    log.await_failures().await.context("the tickets' table")?;
    drop(tickets);
    system.await_status(&anna, &order_id, "APPROVED").await?;
    for queue in ["SagaDeadLetterQueue", "ApproveTicketDeadLetterQueue"] {
        let dead = system.dead_letters_now(queue, |body| body.contains(&order_id)).await?;
        ensure!(dead.is_empty(), "dead letters in {queue}: {dead:?}");
    }
    basket.check(system, "outage", &order_id, &Story::APPROVED).await
}

/// Sets how many seconds a message of the queue stays invisible while it is handled; returns what it was.
async fn make_invisible_for(system: &System, queue: &str, seconds: &str) -> Result<String> {
    let (sqs, url, name) = (&system.aws().clients().sqs, system.queue(queue)?, QueueAttributeName::VisibilityTimeout);
    let before = sqs.get_queue_attributes().queue_url(url).attribute_names(name.clone()).send().await?;
    sqs.set_queue_attributes().queue_url(url).attributes(name.clone(), seconds).send().await?;
    before.attributes.unwrap_or_default().remove(&name).context("no visibility timeout")
}

/// What the functions log from some moment on.
struct Log {
    file: PathBuf,
    begin: u64,
}

impl Log {
    fn from_now_on(system: &System) -> Result<Self> {
        let file = system.aws().dir().join("ministack.log");
        let begin = std::fs::metadata(&file)?.len();
        Ok(Self { file, begin })
    }

    /// Waits until one message was left for redelivery so many times, as the log counts it.
    async fn await_failures(&self) -> Result<()> {
        let deadline = Deadline::soon();
        loop {
            let left = self.left()?;
            if left.values().any(|times| *times >= FAILURES) {
                return Ok(());
            }
            deadline.wait_or(|| format!("no message failed {FAILURES} times: {left:?}")).await?;
        }
    }

    /// By SQS's id of the message: how often it was left.
    fn left(&self) -> Result<BTreeMap<String, usize>> {
        let mut file = File::open(&self.file)?;
        file.seek(SeekFrom::Start(self.begin))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let mut left = BTreeMap::new();
        for line in String::from_utf8_lossy(&bytes).lines() {
            let json = line.find('{').and_then(|begin| line.get(begin..)).unwrap_or_default();
            let Ok(line) = serde_json::from_str::<Value>(json) else { continue };
            if let (Some(messaging::LEFT), Some(id)) =
                (line["fields"]["alarm"].as_str(), line["fields"]["sqs_message_id"].as_str())
            {
                *left.entry(id.to_owned()).or_default() += 1;
            }
        }
        Ok(left)
    }
}
