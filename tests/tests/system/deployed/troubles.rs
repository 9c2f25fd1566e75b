//! Trouble on demand, as the console makes it: each trouble meets an order, the order ends as promised, and nothing is doubled or
//! lost. Tests that have seen enough end their trouble; that it ends by itself is tried in `local`, where time stands still.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use aws_sdk_sqs::types::QueueAttributeName;
use libtest_mimic::Trial;
use local::{Call, Card, Client, Deadline, Lane, LocalAws, Story};
use reqwest::Method;
use serde_json::{Value, json};
use tests::basket::Basket;
use tests::{LazySystem, System};

use super::alone;

const KITCHEN: &str = "CreateTicketFunction";
const MAPPINGS: &str = "/2015-03-31/event-source-mappings/";
/// The troubles that keep a function from what it gets.
const STOPPING: [&str; 3] = ["stopped-queue", "undo-first", "late-events"];
/// How often the SDK makes a call that fails, before the function gives up the delivery.
const ATTEMPTS: usize = 3;

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    let stopped = "troubles::messages_wait_while_a_queue_stops";
    let twice = "troubles::every_message_is_delivered_twice_and_nothing_is_done_twice";
    let over = "troubles::a_trouble_that_is_over_has_left_nothing_behind";
    let mut trials = vec![
        alone(stopped, system, a_queue_stops),
        alone(twice, system, delivered_twice),
        alone(over, system, all_is_as_before),
    ];
    if system.lane() == Lane::Rust {
        trials.extend([
            alone("troubles::a_service_is_silent_and_does_nothing_twice", system, kitchen_is_silent),
            alone("troubles::a_function_is_killed_while_it_works", system, a_function_is_killed),
            alone("troubles::an_old_command_comes_after_its_undo", system, out_of_order),
            alone("troubles::a_step_that_cannot_save_comes_again", system, a_table_is_down),
            alone("troubles::a_saga_begins_when_its_event_is_published", system, events_are_late),
        ]);
    }
    trials
}

/// The troubles of a system, as its console reaches them.
struct Troubles {
    url: String,
    http: reqwest::Client,
}

impl Troubles {
    fn of(system: &System) -> Self {
        Self { url: system.aws().trouble().to_owned(), http: reqwest::Client::new() }
    }

    async fn start(&self, id: &str) -> Result<()> {
        let started = self.ask(Method::POST, &format!("/troubles/{id}/start")).await?;
        ensure!(started["on"].is_object(), "{started}");
        Ok(())
    }

    async fn end(&self, id: &str) -> Result<()> {
        self.ask(Method::POST, &format!("/troubles/{id}/end")).await?;
        Ok(())
    }

    async fn list(&self) -> Result<Vec<Value>> {
        let mut listed = self.ask(Method::GET, "/troubles").await?;
        Ok(listed["troubles"].as_array_mut().map(std::mem::take).unwrap_or_default())
    }

    async fn is_on(&self, id: &str) -> Result<bool> {
        let listed = self.list().await?;
        let found = listed.iter().find(|trouble| trouble["id"] == id);
        Ok(found.with_context(|| format!("no trouble {id}"))?["on"].is_object())
    }

    async fn ask(&self, method: Method, path: &str) -> Result<Value> {
        let asked = self.http.request(method, format!("{}{path}", self.url));
        let answer = asked.header("origin", LocalAws::ORIGIN).json(&json!({})).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }
}

/// An order that meets a trouble.
struct Meeting<'a> {
    system: &'a System,
    troubles: Troubles,
    customer: &'static str,
    trouble: Option<&'static str>,
    anna: Client,
    basket: Basket,
    order_id: String,
}

impl<'a> Meeting<'a> {
    /// Switches the trouble on and places an order.
    async fn of(system: &'a System, trouble: &'static str, card: Card) -> Result<Self> {
        Self::with(system, trouble, Some(trouble), card).await
    }

    /// Places an order of this customer's, when the trouble, if there is one, has begun.
    async fn with(
        system: &'a System,
        customer: &'static str,
        trouble: Option<&'static str>,
        card: Card,
    ) -> Result<Self> {
        let (troubles, basket) = (Troubles::of(system), Basket::new(system, [100; 3]).await?);
        let anna = system.customer(customer)?;
        system.aws().recorder().clear();
        if let Some(trouble) = trouble {
            troubles.start(trouble).await?;
        }
        let order_id = basket.place(&anna, card).await?;
        Ok(Self { system, troubles, customer, trouble, anna, basket, order_id })
    }

    async fn end(&self) -> Result<()> {
        self.troubles.end(self.trouble.context("nothing has begun")?).await
    }

    /// Waits until the functions have made such a call.
    async fn await_call(&self, what: &str, is_it: impl Fn(&Call) -> bool) -> Result<Call> {
        self.await_calls(1, what, is_it).await
    }

    /// Waits until the functions have made so many such calls; gives the last of them.
    async fn await_calls(&self, count: usize, what: &str, is_it: impl Fn(&Call) -> bool) -> Result<Call> {
        let deadline = Deadline::soon();
        loop {
            let mut calls = self.system.aws().recorder().calls().into_iter().filter(|call| is_it(call));
            if let Some(call) = calls.nth(count - 1) {
                return Ok(call);
            }
            deadline.wait_or(|| format!("nobody has seen {what}")).await?;
        }
    }

    /// The order ends as in the story, and each service has stored that and no more; gives the order with its sagas.
    async fn ends_as(&self, story: &Story) -> Result<Value> {
        let found = self.anna.settled(&self.order_id, 1).await?;
        ensure!(found["order"]["status"] == format!("ORDER_STATUS_{}", story.end.order), "{found:#}");
        self.basket.check(self.system, self.customer, &self.order_id, story).await?;
        Ok(found)
    }
}

/// The mappings of all functions, and whether they are on.
async fn mappings(system: &System) -> Result<BTreeMap<String, String>> {
    let lambda = local::Api::new(system.aws().emulator().endpoint(), "lambda")?;
    let listed = lambda.call(Method::GET, MAPPINGS, &Value::Null).await?;
    let mapping = |one: &Value| Some((one["UUID"].as_str()?.to_owned(), one["State"].as_str()?.to_owned()));
    let mappings = listed["EventSourceMappings"].as_array().into_iter().flatten();
    mappings.map(|one| mapping(one).with_context(|| format!("no mapping: {one}"))).collect()
}

/// How often the saga has repeated its first command.
fn repeats(found: &Value) -> u64 {
    found["sagas"][0]["steps"][0]["repeats"].as_u64().unwrap_or_default()
}

/// What SQS says of this number, such as the messages that wait.
async fn number(system: &System, queue: &str, name: QueueAttributeName) -> Result<u64> {
    let asked = system.aws().clients().sqs.get_queue_attributes().queue_url(system.queue(queue)?);
    let answer = asked.attribute_names(name.clone()).send().await?;
    Ok(answer.attributes.unwrap_or_default().get(&name).context("no number")?.parse()?)
}

async fn kitchen_is_silent(system: Arc<System>) -> Result<()> {
    let meeting = Meeting::of(&system, "silent-kitchen", Card::Good).await?;
    meeting.await_call("a lost reply", |call| call.function == KITCHEN && call.was_lost()).await?;
    meeting.end().await?;
    let found = meeting.ends_as(&Story::APPROVED).await?;
    ensure!(repeats(&found) == 1, "the saga has asked again: {found:#}");
    let ticket = system.stored("TicketsTable", &meeting.order_id).await?.context("no ticket")?;
    ensure!(ticket.version == 2, "kitchen wrote the ticket once and its approval once: {ticket:#?}");
    Ok(())
}

async fn a_queue_stops(system: Arc<System>) -> Result<()> {
    let meeting = Meeting::of(&system, "stopped-queue", Card::Good).await?;
    let deadline = Deadline::soon();
    while number(&system, "CreateTicketQueue", QueueAttributeName::ApproximateNumberOfMessages).await? == 0 {
        deadline.wait_or(|| "the command does not wait in its queue".to_owned()).await?;
    }
    let found = meeting.anna.find(&meeting.order_id).await?;
    ensure!(found["order"]["status"] == "ORDER_STATUS_APPROVAL_PENDING", "{found:#}");
    ensure!(system.stored("TicketsTable", &meeting.order_id).await?.is_none(), "nobody has taken the command");
    meeting.end().await?;
    meeting.ends_as(&Story::APPROVED).await?;
    system.await_empty("CreateTicketQueue").await
}

async fn a_function_is_killed(system: Arc<System>) -> Result<()> {
    let meeting = Meeting::of(&system, "killed-function", Card::Good).await?;
    let found = meeting.ends_as(&Story::APPROVED).await?;
    ensure!(repeats(&found) > 0, "its reply was not lost: {found:#}");
    ensure!(!meeting.troubles.is_on("killed-function").await?, "it kills once");
    let saves = |call: &&Call| call.function == KITCHEN && call.is_write() && call.succeeded();
    let calls = system.aws().recorder().calls();
    ensure!(calls.iter().filter(saves).count() == 1, "its work was saved before it died, and not again: {calls:#?}");
    Ok(())
}

async fn delivered_twice(system: Arc<System>) -> Result<()> {
    let meeting = Meeting::of(&system, "delivered-twice", Card::Good).await?;
    meeting.ends_as(&Story::APPROVED).await?;
    let calls = system.aws().recorder().calls();
    let count = |function: &str, action: &str| {
        calls.iter().filter(|call| call.function == function && call.action == action && call.succeeded()).count()
    };
    ensure!(count("RelayOutboxFunction", "PublishBatch") >= 4, "two events, each twice");
    ensure!(count(KITCHEN, "SendMessage") >= 2, "a reply, twice");
    let saves = calls.iter().filter(|call| call.function == KITCHEN && call.is_write() && call.succeeded());
    ensure!(saves.count() == 1, "kitchen has saved more than once: {calls:#?}");
    meeting.end().await?;
    for queue in ["CreateTicketQueue", system.lane().reply_queue()] {
        system.await_empty(queue).await?;
    }
    Ok(())
}

async fn out_of_order(system: Arc<System>) -> Result<()> {
    let meeting = Meeting::of(&system, "out-of-order", Card::Declined).await?;
    let undone =
        meeting.await_call("an undo", |call| call.function == "RejectTicketFunction" && call.is_write()).await?;
    // It looks the ticket up for each delivery.
    let again = |call: &Call| call.function == KITCHEN && call.action == "SendMessage" && call.time > undone.time;
    meeting.await_call("the command after its undo", again).await?;
    meeting.ends_as(&Story::CARD_DECLINED).await?;
    meeting.end().await
}

async fn a_table_is_down(system: Arc<System>) -> Result<()> {
    let meeting = Meeting::of(&system, "table-down", Card::Good).await?;
    let fails = |call: &Call| call.function == KITCHEN && call.met_an_outage();
    meeting.await_calls(ATTEMPTS, "calls that fail", fails).await?;
    meeting.end().await?;
    let found = meeting.ends_as(&Story::APPROVED).await?;
    ensure!(repeats(&found) == 1, "the saga has asked again: {found:#}");
    Ok(())
}

async fn events_are_late(system: Arc<System>) -> Result<()> {
    let meeting = Meeting::of(&system, "late-events", Card::Good).await?;
    let lambda = local::Api::new(system.aws().emulator().endpoint(), "lambda")?;
    let relay = system.aws().stack().resource("RelayOutboxFunction")?;
    let path = format!("{MAPPINGS}?FunctionName={relay}");
    let state = async || {
        Ok::<_, anyhow::Error>(
            lambda.call(Method::GET, &path, &Value::Null).await?["EventSourceMappings"][0]["State"].take(),
        )
    };
    ensure!(state().await? == "Disabled");
    let found = meeting.anna.find(&meeting.order_id).await?;
    ensure!(found["sagas"].as_array().is_none_or(Vec::is_empty), "its saga has begun without its event: {found:#}");
    meeting.end().await?;
    ensure!(state().await? == "Enabled");
    meeting.ends_as(&Story::APPROVED).await?;
    Ok(())
}

/// Each trouble in turn is begun and ended; no queue stays stopped, and the next order meets none of them.
async fn all_is_as_before(system: Arc<System>) -> Result<()> {
    let troubles = Troubles::of(&system);
    let before = mappings(&system).await?;
    ensure!(before.len() > 10 && before.values().all(|state| state == "Enabled"), "{before:#?}");
    let mut tried = 0;
    for trouble in troubles.list().await?.iter().filter(|trouble| trouble["lastsSeconds"] != 0) {
        let id = trouble["id"].as_str().context("a trouble without an id")?;
        troubles.start(id).await?;
        ensure!(troubles.is_on(id).await?, "{id} has not begun");
        let is_off = mappings(&system).await? != before;
        ensure!(is_off == STOPPING.contains(&id), "{id} has switched something off, or has not");
        troubles.end(id).await?;
        ensure!(!troubles.is_on(id).await?, "{id} has not ended");
        ensure!(mappings(&system).await? == before, "{id} has left something switched off");
        tried += 1;
    }
    ensure!(tried >= 9, "only {tried} troubles were tried");
    let after = Meeting::with(&system, "after-troubles", None, Card::Good).await?;
    let found = after.ends_as(&Story::APPROVED).await?;
    let calls = system.aws().recorder().calls();
    let met = calls.iter().find(|call| call.was_lost() || call.met_an_outage());
    ensure!(met.is_none(), "the order has met trouble: {met:#?}");
    let replies =
        calls.iter().filter(|call| call.function == KITCHEN && call.action == "SendMessage" && call.succeeded());
    // Where the machine is slow the saga asks again, and is answered again.
    let asked = usize::try_from(repeats(&found))? + 1;
    ensure!((1..=asked).contains(&replies.count()), "a reply was sent twice: {found:#} {calls:#?}");
    Ok(())
}
