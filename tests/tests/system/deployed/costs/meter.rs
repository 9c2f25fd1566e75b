//! Counts what one saga takes, when no other is under way.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use aws_sdk_sfn::types::HistoryEvent;
use aws_sdk_sqs::types::QueueAttributeName;
use local::template::strings;
use local::{Api, Call, Deadline, Lane, Template};
use serde_json::{Value, json};
use tests::{Counts, ItemIndex, System, Tables, Units, root};

use crate::deployed::state_machine;

/// The functions behind the API: what they take is the call's and not the saga's.
const API: [&str; 5] =
    ["CreateOrderFunction", "CancelOrderFunction", "FindOrderFunction", "SetStockFunction", "StartTicketFunction"];
/// What a function that has just been started reads to open its connection.
const NO_ITEM: &str = "-";
/// How many messages a queue may have in each way.
const WAITING: [QueueAttributeName; 3] = [
    QueueAttributeName::ApproximateNumberOfMessages,
    QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
    QueueAttributeName::ApproximateNumberOfMessagesDelayed,
];

/// How often each function was invoked, by its physical name.
type Invocations = BTreeMap<String, u32>;

/// After this many quiet looks, fewer invocations than messages mean that messages shared a batch.
const LOOKS: u32 = 40;

/// What one saga took.
pub(super) struct Measured {
    pub(super) counts: Counts,
    /// What the machine did to the measurement, when it was too slow for it.
    pub(super) disturbance: Option<String>,
}

/// Counts what one saga takes.
pub(super) struct Meter<'a> {
    system: &'a System,
    logs: Api,
    tables: Tables,
    /// The functions of the sagas, by their physical names.
    functions: Vec<String>,
    /// The URLs of the queues that these consume.
    queues: Vec<String>,
    before: Invocations,
}

impl<'a> Meter<'a> {
    pub(super) fn of(system: &'a System) -> Result<Self> {
        let template = Template::read(&root().join("template.yaml"))?.in_lane(system.lane());
        let stack = system.aws().stack();
        let functions =
            template.functions()?.into_iter().filter(|function| !API.contains(&function.logical_id.as_str()));
        let functions = functions.map(|function| Ok(stack.resource(&function.logical_id)?.to_owned()));
        let queues = template.resources("AWS::SQS::Queue")?.into_iter().map(|(id, _)| id);
        let queues = queues.filter(|id| !id.ends_with("DeadLetterQueue"));
        let mut indexes = BTreeMap::new();
        for (id, table) in template.resources("AWS::DynamoDB::Table")? {
            let all = table["Properties"]["GlobalSecondaryIndexes"].as_array().into_iter().flatten();
            let name = |key: &Value| key["AttributeName"].as_str().unwrap_or_default().to_owned();
            let all = all.map(|index| ItemIndex {
                keys: [0, 1].map(|place| name(&index["KeySchema"][place])),
                attributes: strings(&index["Projection"]["NonKeyAttributes"]),
            });
            indexes.insert(stack.resource(id)?.to_owned(), all.collect());
        }
        Ok(Self {
            system,
            logs: Api::new(system.aws().emulator().endpoint(), "logs")?,
            tables: Tables::with_indexes(indexes),
            functions: functions.collect::<Result<_>>()?,
            queues: queues.map(|id| Ok(stack.resource(id)?.to_owned())).collect::<Result<_>>()?,
            before: Invocations::new(),
        })
    }

    /// Waits until nothing is going on, and counts from then on.
    pub(super) async fn start(&mut self) -> Result<()> {
        let deadline = Deadline::soon();
        let (mut quiet, mut calls) = (0, usize::MAX);
        // Between two queues a message may be in neither of them.
        while quiet < 3 {
            let seen = self.system.aws().recorder().calls().len();
            quiet = if self.queues_are_empty().await? && seen == calls { quiet + 1 } else { 0 };
            calls = seen;
            deadline.wait_or(|| "it never becomes quiet".to_owned()).await?;
        }
        self.before = self.invocations().await?;
        for call in self.calls() {
            self.tables.charge(&call);
        }
        Ok(())
    }

    /// Waits until the order's saga with this number is over and whatever it has sent is consumed; gives the counts.
    pub(super) async fn stop(&mut self, order: &str, number: usize, saga: &str) -> Result<Measured> {
        let history = self.ended(order, number, saga).await?;
        let repeats = self.repeats(order, number, &history).await?;
        let repeated = (repeats > 0).then(|| format!("{repeats} commands or watchdogs were repeated"));
        let deadline = Deadline::soon();
        let mut quiet = 0;
        loop {
            let calls = self.system.aws().recorder().calls();
            let (publishes, mut expected) = self.deliveries(&calls, &history)?;
            let messages = expected.values().sum();
            expected.insert(self.physical("RelayOutboxFunction")?, publishes);
            let invoked = self.since(&self.invocations().await?);
            // Each message is a batch of its own, and each event written is one of the stream.
            let is_empty = self.queues_are_empty().await?;
            let is_shared = invoked.iter().all(|(function, count)| expected.get(function) >= Some(count));
            quiet = if is_empty && is_shared { quiet + 1 } else { 0 };
            if is_empty && (invoked == expected || quiet >= LOOKS) {
                let shared = (invoked != expected).then(|| format!("messages shared batches: {invoked:?}"));
                let (transitions, units) = (transitions(&history), self.units()?);
                let invocations = invoked.values().sum();
                let counts = Counts { transitions, publishes, messages, invocations, units };
                return Ok(Measured { counts, disturbance: repeated.or(shared) });
            }
            deadline.wait_or(|| format!("invoked {invoked:#?} for {expected:#?}")).await?;
        }
    }

    /// Waits until the order's saga with this number is over; gives its history, which is empty in the Rust lane.
    pub(super) async fn ended(&self, order: &str, number: usize, saga: &str) -> Result<Vec<HistoryEvent>> {
        let stored = self.system.stored("OrdersTable", order).await?.context("no order")?;
        let id = stored.state["sagas"][number - 1].as_str().context("no such saga")?.to_owned();
        let deadline = Deadline::soon();
        loop {
            let events = if self.system.lane() == Lane::StepFunctions {
                self.history(saga, &id).await?.filter(|events| {
                    let last = events.last().map(|event| event.r#type().as_str());
                    last.is_some_and(|last| ["ExecutionSucceeded", "ExecutionFailed"].contains(&last))
                })
            } else {
                let record = self.system.stored("SagasTable", &id).await?;
                record.filter(|record| !record.state["ended_at"].is_null()).map(|_| Vec::new())
            };
            if let Some(events) = events {
                return Ok(events);
            }
            deadline.wait_or(|| format!("{saga} {id} never ended")).await?;
        }
    }

    /// How often a machine that was too slow made this saga repeat a command or look for one.
    async fn repeats(&self, order: &str, number: usize, history: &[HistoryEvent]) -> Result<u64> {
        if self.system.lane() == Lane::StepFunctions {
            return Ok(repeats(history).into());
        }
        let stored = self.system.stored("OrdersTable", order).await?.context("no order")?;
        let id = stored.state["sagas"][number - 1].as_str().context("no such saga")?;
        let saga = self.system.stored("SagasTable", id).await?.context("no saga")?.state;
        let of = |entry: &Value| entry["repeats"].as_u64();
        let entries = saga["entries"].as_array().context("no entries")?;
        let commands: u64 = entries.iter().map(of).sum::<Option<u64>>().context("no repeats")?;
        // The first watchdog is armed when the saga begins; one that comes before the saga is over arms another.
        Ok(commands + saga["watchdog"].as_u64().context("no watchdog")?.saturating_sub(1))
    }

    async fn history(&self, saga: &str, id: &str) -> Result<Option<Vec<HistoryEvent>>> {
        let arn = state_machine(self.system, saga)?.replace(":stateMachine:", ":execution:");
        let history = self.system.aws().clients().sfn.get_execution_history().execution_arn(format!("{arn}:{id}"));
        match history.send().await {
            Ok(history) => Ok(Some(history.events().to_vec())),
            Err(error) if error.as_service_error().is_some_and(|error| error.is_execution_does_not_exist()) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// How many events were published, and how many messages came to each function.
    fn deliveries(&self, calls: &[Call], history: &[HistoryEvent]) -> Result<(u32, Invocations)> {
        let (mut publishes, mut delivered) = (0, Invocations::new());
        let mut deliver = |queue: &str| *delivered.entry(consumer(queue)).or_default() += 1;
        for call in calls.iter().filter(|call| is_sagas(call) && call.succeeded()) {
            match call.action.as_str() {
                "PublishBatch" => publishes += 1,
                "SendMessage" => deliver(call.resources.first().context("a queue")?),
                _ => {}
            }
        }
        // The event that starts the saga goes to the queue where its lane begins; no queue wants the others.
        let start = if self.system.lane() == Lane::Rust { "SagaQueue" } else { "StartSagaQueue" };
        deliver(name_of(self.system.queue(start)?));
        let mut state = "";
        for event in history {
            state = event.state_entered_event_details().map_or(state, |details| details.name());
            let task = event.task_scheduled_event_details();
            if task.is_some_and(|task| task.resource().contains("sendMessage")) {
                deliver(name_of(self.system.queue(&format!("{state}Queue"))?));
            }
        }
        Ok((publishes, delivered))
    }

    fn units(&mut self) -> Result<Units> {
        let mut sum = Units::default();
        for call in self.calls() {
            let units = self.tables.charge(&call);
            if is_sagas(&call) && call.service == "dynamodb" && call.touched.iter().all(|item| item.key != NO_ITEM) {
                sum += units.with_context(|| format!("nobody knows what this costs: {call:?}"))?;
            }
        }
        Ok(sum)
    }

    /// Takes the calls that were recorded until now.
    fn calls(&self) -> Vec<Call> {
        let recorder = self.system.aws().recorder();
        let calls = recorder.calls();
        recorder.clear();
        calls
    }

    async fn queues_are_empty(&self) -> Result<bool> {
        for url in &self.queues {
            let sqs = &self.system.aws().clients().sqs;
            let counted = sqs.get_queue_attributes().queue_url(url).set_attribute_names(Some(WAITING.to_vec()));
            let counted = counted.send().await?;
            let attributes = counted.attributes().context("no attributes")?;
            ensure!(WAITING.iter().all(|name| attributes.contains_key(name)), "{url} is not counted: {attributes:?}");
            if attributes.values().any(|count| count != "0") {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// As Lambda logs them: each begins with a line of its own.
    async fn invocations(&self) -> Result<Invocations> {
        let mut counted = Invocations::new();
        for function in &self.functions {
            let asked =
                json!({"logGroupName": format!("/aws/lambda/{function}"), "filterPattern": "\"START RequestId\""});
            let found = self.logs.call_target("Logs_20140328.FilterLogEvents", &asked).await?;
            let events = found["events"].as_array().context("no events")?;
            counted.insert(function.clone(), u32::try_from(events.len())?);
        }
        Ok(counted)
    }

    /// The invocations that came on top of those at the start.
    fn since(&self, now: &Invocations) -> Invocations {
        let more = now.iter().map(|(function, count)| {
            (function.clone(), count.saturating_sub(self.before.get(function).copied().unwrap_or_default()))
        });
        more.filter(|(_, count)| *count > 0).collect()
    }

    fn physical(&self, function: &str) -> Result<String> {
        Ok(self.system.aws().stack().resource(function)?.to_owned())
    }
}

/// One for each state entered, one for each repeat of its task, and one for the start, which AWS's own examples count.
fn transitions(history: &[HistoryEvent]) -> u32 {
    if history.is_empty() { 0 } else { 1 + count(history, |kind| kind.ends_with("StateEntered")) + repeats(history) }
}

/// How often tasks were scheduled again.
fn repeats(history: &[HistoryEvent]) -> u32 {
    let entered = count(history, |kind| kind == "TaskStateEntered");
    count(history, |kind| kind == "TaskScheduled").saturating_sub(entered)
}

fn count(history: &[HistoryEvent], wanted: impl Fn(&str) -> bool) -> u32 {
    let found = history.iter().filter(|event| wanted(event.r#type().as_str())).count();
    u32::try_from(found).unwrap_or(u32::MAX)
}

fn is_sagas(call: &Call) -> bool {
    call.function.ends_with("Function") && !API.contains(&call.function.as_str())
}

/// The last part of a queue's URL.
fn name_of(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or_default()
}

/// The function that consumes the queue: it has the queue's name, save the one that is named for what is in it.
fn consumer(queue: &str) -> String {
    match queue.strip_suffix("-saga") {
        Some(stack) if !stack.ends_with("-start") && !stack.ends_with("-resume") => format!("{stack}-orchestrate-saga"),
        _ => queue.to_owned(),
    }
}
