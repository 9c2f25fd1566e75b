//! The files of `events/`, and how one is sent.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use local::{Api, Event, Template};
use serde_json::{Value, json};
use tests::{System, files_below, root};
use uuid::Uuid;

/// Every recorded event of the lane's functions, by function and case.
pub(super) struct Recorded<'a> {
    system: &'a System,
    lambda: Api,
    events: BTreeMap<(String, String), Event>,
    /// The physical names of the functions.
    functions: BTreeMap<String, String>,
    sent: BTreeSet<(String, String)>,
}

fn id(function: &str, case: &str) -> (String, String) {
    (function.to_owned(), case.to_owned())
}

/// `create-ticket` -> `CreateTicketDeadLetterQueue`; the orchestrator's queue is named for what is in it.
fn dead_letter_queue(function: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    let name = if function == "orchestrate-saga" { "saga" } else { function };
    format!("{}DeadLetterQueue", name.split('-').map(capital).collect::<String>())
}

impl<'a> Recorded<'a> {
    pub(super) fn find(system: &'a System) -> Result<Self> {
        let mut events = BTreeMap::new();
        for file in files_below("events", ".json")? {
            let function = file.parent().and_then(|folder| folder.file_name()).context("a folder")?;
            let case = file.file_stem().context("a name")?;
            events.insert(id(&function.to_string_lossy(), &case.to_string_lossy()), Event::read(&file)?);
        }
        let stack = system.aws().stack();
        let template = Template::read(&root().join("template.yaml"))?.in_lane(system.lane());
        let mut functions = BTreeMap::new();
        for function in template.functions()? {
            functions.insert(function.name, stack.resource(&function.logical_id)?.to_owned());
        }
        // The functions of the other lane are not there to be sent anything.
        events.retain(|(function, _), _| functions.contains_key(function));
        let lambda = Api::new(system.aws().emulator().endpoint(), "lambda")?;
        Ok(Self { system, lambda, events, functions, sent: BTreeSet::new() })
    }

    /// The files that were never sent to a function that is `wanted`.
    pub(super) fn never_sent(&self, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let forgotten = self.events.keys().filter(|id| wanted(&id.0) && !self.sent.contains(*id));
        forgotten.map(|(function, case)| format!("events/{function}/{case}.json")).collect()
    }

    fn event(&self, function: &str, case: &str) -> Result<&Event> {
        self.events.get(&id(function, case)).with_context(|| format!("there is no events/{function}/{case}.json"))
    }

    /// Invokes the function with the event, and gives its answer.
    async fn send(&mut self, function: &str, case: &str) -> Result<Value> {
        let event = self.event(function, case)?;
        let aws = self.system.aws();
        let sign = |subject: &str, permissions: &[&str]| aws.issuer().token(subject, permissions);
        let event: Value = serde_json::from_str(&event.filled(sign, aws.lane(), aws.stack())?)?;
        let name = self.functions.get(function).with_context(|| format!("{function} is not deployed"))?;
        let path = format!("/2015-03-31/functions/{name}/invocations");
        let answer = self.lambda.call("POST".parse()?, &path, &event).await;
        self.sent.insert(id(function, case));
        answer.with_context(|| format!("events/{function}/{case}.json"))
    }

    /// Sends an API event; gives the HTTP status and the body of the answer.
    pub(super) async fn call(&mut self, function: &str, case: &str) -> Result<(u64, Value)> {
        let answer = self.send(function, case).await?;
        let status = answer["statusCode"].as_u64().with_context(|| format!("{function}/{case}: {answer}"))?;
        let body = answer["body"].as_str().with_context(|| format!("{function}/{case}: {answer}"))?;
        Ok((status, serde_json::from_str(body).with_context(|| format!("{function}/{case}: {body}"))?))
    }

    /// Sends an API event that must be answered.
    pub(super) async fn succeed(&mut self, function: &str, case: &str) -> Result<Value> {
        let (status, body) = self.call(function, case).await?;
        ensure!(status == 200, "{function}/{case}: {status} {body}");
        Ok(body)
    }

    /// Sends a batch that must be acknowledged as a whole: a queue's by naming no failure, a stream's by failing nothing.
    pub(super) async fn deliver(&mut self, function: &str, case: &str) -> Result<()> {
        let all_done = json!({"batchItemFailures": []});
        let answer = self.send(function, case).await?;
        ensure!(answer == all_done, "{function}/{case}: {answer}");
        Ok(())
    }

    /// Sends a command that must be carried out: its reply comes to the orchestrator, which knows no such saga and sets
    /// the reply aside, where it can be seen.
    pub(super) async fn carry_out(&mut self, function: &str) -> Result<()> {
        self.deliver(function, "ok").await?;
        let command = self.message_id(function, "ok")?.to_string();
        let replies = |body: &str| {
            let reply: Value = serde_json::from_str(body).unwrap_or_default();
            reply["subject"]["causationId"] == command.as_str()
                && reply["subject"]["type"] == "message.v1.CommandSucceeded"
        };
        let reason = self.system.await_dead_letter("SagaDeadLetterQueue", replies).await;
        let reason = reason.with_context(|| format!("{function} sent no good reply"))?;
        ensure!(reason.contains("there is no saga"), "{reason}");
        self.purge("SagaDeadLetterQueue").await
    }

    /// Sends each of these commands, one after the other.
    pub(super) async fn carry_out_all(&mut self, functions: &[&str]) -> Result<()> {
        for function in functions {
            self.carry_out(function).await?;
        }
        Ok(())
    }

    /// The message in the event must be in the function's dead-letter queue, alone or in its item, with a reason.
    pub(super) async fn is_set_aside(&self, function: &str, case: &str) -> Result<()> {
        let body = self.body(function, case)?;
        let queue = dead_letter_queue(function);
        let body = body.replace("${REPLY_QUEUE_URL}", self.system.reply_queue()?);
        let reason = self.system.await_dead_letter(&queue, |found| found.contains(&body)).await?;
        ensure!(!reason.is_empty(), "{function}/{case} was set aside for no reason");
        self.purge(&queue).await
    }

    /// Empties a queue, so that what comes next is not hidden behind what has come before.
    async fn purge(&self, queue: &str) -> Result<()> {
        self.system.aws().clients().sqs.purge_queue().queue_url(self.system.queue(queue)?).send().await?;
        Ok(())
    }

    /// The message in the event, as text: that of a queue, or the first event in an outbox.
    fn body(&self, function: &str, case: &str) -> Result<String> {
        let record = &self.event(function, case)?.recorded()["Records"][0];
        let entry = &record["dynamodb"]["NewImage"]["outbox"]["L"][0]["M"];
        let body = record["body"].as_str().or(entry["body"]["S"].as_str());
        Ok(body.with_context(|| format!("{function}/{case} has no message"))?.to_owned())
    }

    /// The identity of the message in the event.
    pub(super) fn message_id(&self, function: &str, case: &str) -> Result<Uuid> {
        let message: Value = serde_json::from_str(&self.body(function, case)?)?;
        Ok(message["subject"]["messageId"].as_str().context("a message id")?.parse()?)
    }

    /// The payload of the message in the event.
    pub(super) fn payload(&self, function: &str, case: &str) -> Result<Value> {
        let mut message: Value = serde_json::from_str(&self.body(function, case)?)?;
        Ok(message["payload"].take())
    }
}
