//! The operators' program `operate seed` and `operate smoke`, run as an operator runs it, and what it leaves in the tables.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use aws_sdk_sqs::types::QueueAttributeName;
use libtest_mimic::Trial;
use local::{Card, Deadline, Lane, Person, Workspace};
use serde_json::json;
use tests::{LazySystem, System};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use uuid::Uuid;

use super::{alone, shared};

/// Every table of the template.
const TABLES: [&str; 6] =
    ["OrdersTable", "ProductsTable", "SagasTable", "TicketsTable", "StockTable", "AuthorizationsTable"];

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    let mut trials = vec![
        shared("smoke::a_menu_that_is_seeded_twice_keeps_what_was_sold", system, a_menu_that_is_seeded_twice),
        alone("smoke::five_stories_leave_nothing_behind", system, five_stories_leave_nothing_behind),
    ];
    match system.lane() {
        Lane::Rust => trials.extend([
            shared("smoke::a_token_that_is_not_good_enough_changes_nothing", system, a_token_that_is_not_good_enough),
            alone("smoke::a_story_that_ends_wrong_is_told_and_cleaned_up", system, a_story_that_ends_wrong),
            alone("smoke::a_run_whose_terminal_goes_away_is_cleaned_up", system, a_run_whose_terminal_goes_away),
        ]),
        Lane::StepFunctions => {
            trials.push(alone("smoke::an_interrupted_run_is_cleaned_up", system, an_interrupted_run_is_cleaned_up));
        }
    }
    trials
}

/// The program with this command, on the system's local AWS.
fn operate(system: &System, command: &str) -> Command {
    let aws = system.aws();
    let mut operate = Command::new(Workspace::here().binaries().join("operate"));
    operate
        .arg(command)
        .env_clear()
        .env("AWS_ENDPOINT_URL", aws.emulator().endpoint())
        .envs([("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test"), ("AWS_REGION", "us-east-1")])
        .env("STACK", aws.stack_name())
        .env("API", aws.api())
        .env("ISSUER", aws.issuer().url());
    operate
}

fn token(system: &System, permissions: &[&str]) -> Result<String> {
    system.aws().issuer().token("auth0|operator", permissions)
}

/// The smoke test, with a token for each of its people.
fn smoke(system: &System) -> Result<Command> {
    let mut smoke = operate(system, "smoke");
    smoke.env("TOKEN", token(system, Person::Customer.permissions())?);
    smoke.env("COOK_TOKEN", token(system, Person::Cook.permissions())?);
    Ok(smoke)
}

/// Runs the program to its end.
async fn finished(command: &mut Command) -> Result<Output> {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    Ok(tokio::task::spawn_blocking(move || child.wait_with_output()).await??)
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The version of every item of every table.
async fn versions(system: &System) -> Result<BTreeMap<String, String>> {
    let mut versions = BTreeMap::new();
    for table in TABLES {
        let Ok(name) = system.aws().stack().resource(table) else { continue };
        let mut items = system.aws().clients().dynamodb.scan().table_name(name).into_paginator().items().send();
        while let Some(item) = items.try_next().await? {
            let text = |name: &str| item.get(name).map(|value| format!("{value:?}")).unwrap_or_default();
            versions.insert(format!("{table} {}", text("key")), format!("{} {}", text("version"), text("available")));
        }
    }
    Ok(versions)
}

/// Asserts that the run has put, taken and left nothing, but for the sagas of which it says that they stay: a machine that is busy
/// repeats a command. What older sagas still do to items of their own does not count; nobody's stock may differ.
async fn assert_clean(system: &System, before: &BTreeMap<String, String>, said: Option<&str>) -> Result<()> {
    let after = versions(system).await?;
    let differs = |key: &&String| {
        let (old, new) = (before.get(*key), after.get(*key));
        old.is_none() || new.is_none() || key.starts_with("StockTable") && old != new
    };
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let differing: Vec<_> = keys.into_iter().filter(differs).collect();
    let (sagas, others): (Vec<_>, Vec<_>) = differing.into_iter().partition(|key| key.starts_with("SagasTable"));
    ensure!(others.is_empty(), "left behind, or taken: {others:?}: {said:?}");
    if let Some(said) = said {
        let line = said.lines().find_map(|line| line.split_once(" sagas with repeated commands stay"));
        let stay = line.map_or(Ok(0), |(count, _)| count.trim().parse::<usize>())?;
        ensure!(sagas.len() == stay, "{sagas:?} stay: {said}");
    }
    Ok(())
}

/// Waits until no message is on the queue, not even one that is still delayed.
async fn await_silence(system: &System, queue: &str) -> Result<()> {
    let names = [
        QueueAttributeName::ApproximateNumberOfMessages,
        QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        QueueAttributeName::ApproximateNumberOfMessagesDelayed,
    ];
    let deadline = Deadline::soon();
    loop {
        let asked = system.aws().clients().sqs.get_queue_attributes().queue_url(system.queue(queue)?);
        let counts = asked.set_attribute_names(Some(names.to_vec())).send().await?.attributes.context("no counts")?;
        if names.iter().all(|name| counts.get(name).is_some_and(|count| count == "0")) {
            return Ok(());
        }
        deadline.wait_or(|| format!("{queue} is not silent: {counts:?}")).await?;
    }
}

async fn a_menu_that_is_seeded_twice(system: Arc<System>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("menu.json");
    let ids = [format!("soup-{}", Uuid::new_v4()), format!("bread-{}", Uuid::new_v4())];
    let write = |price: u32| {
        let money = json!({"currency": "EUR", "minor_units": price});
        let product = |id: &String| json!({"id": id, "name": "Seeded", "unit_price": money, "stock": 9});
        std::fs::write(&file, json!(ids.each_ref().map(product)).to_string())
    };
    let seed = async || -> Result<String> {
        let mut seed = operate(&system, "seed");
        seed.env("TOKEN", token(&system, &["update:stock"])?).env("PRODUCTS", &file);
        let output = finished(&mut seed).await?;
        ensure!(output.status.success(), "{}", said(&output));
        Ok(said(&output))
    };
    write(590)?;
    let first = seed().await?;
    let place = format!("the stack {} at {}", system.aws().stack_name(), system.aws().emulator().endpoint());
    ensure!(first.lines().next().is_some_and(|line| line.starts_with(&place)), "{first}");
    ensure!(first.contains("2 products are on the menu: 2 written; 2 got their first stock"), "{first}");
    let anna = system.customer("hungry-for-soup")?;
    let order = anna.place_all(&[(&ids[0], 4)], Card::Good).await?;
    ensure!(order["total"] == json!({"currency": "EUR", "minorUnits": "2360"}), "{order:#}");
    anna.settled(order["orderId"].as_str().context("no order id")?, 1).await?;
    ensure!((system.stock(&ids[0]).await?, system.stock(&ids[1]).await?) == (5, 9), "four were sold");

    let again = seed().await?;
    ensure!(again.contains("2 products are on the menu: 0 written; 0 got their first stock"), "{again}");
    ensure!(system.stock(&ids[0]).await? == 5, "what was sold stays sold");
    write(620)?;
    let dearer = seed().await?;
    ensure!(dearer.contains("2 products are on the menu: 2 written; 0 got their first stock"), "{dearer}");
    let soup = system.stored("ProductsTable", &ids[0]).await?.context("no soup")?;
    ensure!(soup.version == 2 && soup.state["unit_price"]["minor_units"] == 620, "{soup:?}");
    ensure!(system.stock(&ids[0]).await? == 5, "what was sold stays sold");
    Ok(())
}

async fn a_token_that_is_not_good_enough(system: Arc<System>) -> Result<()> {
    let (issuer, all) = (system.aws().issuer(), ["update:stock"]);
    let access = || issuer.access_token("auth0|operator", &all);
    let foreign = access().claim("iss", "https://elsewhere.example/");
    let wrong = [
        (issuer.token("auth0|operator", &["read:stock"])?, "lacks update:stock"),
        (issuer.sign(&access().expires_in(-30))?, "has expired"),
        (issuer.sign(&foreign)?, "comes from https://elsewhere.example/"),
        (issuer.sign(&access().claim("aud", "https://another-api/"))?, "it is for [\"https://another-api/\"]"),
    ];
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("menu.json");
    let id = format!("never-{}", Uuid::new_v4());
    let money = json!({"currency": "EUR", "minor_units": 590});
    std::fs::write(&file, json!([{"id": id, "name": "Never", "unit_price": money, "stock": 9}]).to_string())?;
    for (token, expected) in wrong {
        let output = finished(operate(&system, "seed").env("TOKEN", &token).env("PRODUCTS", &file)).await?;
        let said = said(&output);
        ensure!(output.status.code() == Some(1) && said.contains(expected), "{said}");
        ensure!(!said.contains(&token), "a token is shown");
        ensure!(system.stored("ProductsTable", &id).await?.is_none(), "a product was written");
    }
    // The customer's token alone does not let the cook of the stories act.
    let customer = token(&system, Person::Customer.permissions())?;
    let output = finished(operate(&system, "smoke").env("TOKEN", customer)).await?;
    let said = said(&output);
    ensure!(output.status.code() == Some(1) && said.contains("COOK_TOKEN"), "{said}");
    ensure!(said.contains("lacks update:stock, update:tickets, read:tickets"), "{said}");
    Ok(())
}

async fn five_stories_leave_nothing_behind(system: Arc<System>) -> Result<()> {
    let before = versions(&system).await?;
    let output = finished(&mut smoke(&system)?).await?;
    let said = said(&output);
    ensure!(output.status.success() && output.stderr.is_empty(), "{said}");
    ensure!(said.contains("5 of 5 stories ended as they must: 35 of 35 checks hold"), "{said}");
    ensure!(said.matches("ListTickets shows it: the ticket is ").count() == 5, "{said}");
    assert_clean(&system, &before, Some(&said)).await?;
    if system.lane() == Lane::Rust {
        // A saga's last watchdog comes after its end. It is set aside if it does not find its saga.
        await_silence(&system, "SagaQueue").await?;
        let aside = system.dead_letters_now("SagaDeadLetterQueue", |body| body.contains("DeadlinePassed")).await?;
        ensure!(aside.is_empty(), "watchdogs were set aside: {aside:?}");
    }
    Ok(())
}

/// A running program and the lines that it prints.
struct Running {
    child: Child,
    lines: UnboundedReceiver<String>,
    so_far: Vec<String>,
}

impl Running {
    fn start(command: &mut Command) -> Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take().context("no output")?;
        let (said, lines) = unbounded_channel();
        std::thread::spawn(move || {
            BufReader::new(stdout).lines().map_while(Result::ok).all(|line| said.send(line).is_ok())
        });
        Ok(Self { child, lines, so_far: Vec::new() })
    }

    /// Reads until a line has `text`.
    async fn until(&mut self, text: &str) -> Result<()> {
        while let Some(line) = self.lines.recv().await {
            let is_it = line.contains(text);
            self.so_far.push(line);
            if is_it {
                return Ok(());
            }
        }
        anyhow::bail!("it ended without {text:?}:\n{}", self.so_far.join("\n"))
    }

    fn signal(&self, signal: &str) -> Result<()> {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status()?;
        ensure!(sent.success(), "it cannot be sent {signal}");
        Ok(())
    }

    /// Reads to the end, and gives all that was said.
    async fn end(mut self) -> Result<(ExitStatus, String)> {
        while let Some(line) = self.lines.recv().await {
            self.so_far.push(line);
        }
        Ok((self.child.wait()?, self.so_far.join("\n")))
    }
}

/// A test that fails leaves no program behind that goes on with its stories.
impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Kitchen cannot write while the first order waits, and then can: the story has ended wrong by then, the others have not.
async fn a_story_that_ends_wrong(system: Arc<System>) -> Result<()> {
    let before = versions(&system).await?;
    let outage = system.aws().recorder().fail_next("CreateTicketFunction", "TransactWriteItems", usize::MAX);
    let mut running = Running::start(smoke(&system)?.env("PATIENCE", "5"))?;
    running.until("WRONG").await?;
    drop(outage);
    let (status, said) = running.end().await?;
    ensure!(status.code() == Some(1), "{status}: {said}");
    ensure!(said.contains("the story is played to its end, but the order "), "{said}");
    ensure!(said.contains("create-ticket") || said.contains("CreateOrder"), "the course is shown: {said}");
    ensure!(said.contains("Story 5 of 5"), "the other stories are played: {said}");
    // A saga with repeated commands stays: its watchdog may sleep for minutes, and looks for it then.
    ensure!(said.contains(" sagas with repeated commands stay"), "{said}");
    assert_clean(&system, &before, Some(&said)).await?;
    // A command that failed comes again after a minute and writes its ticket anew, which is nothing that the next run leaves.
    await_silence(&system, "CreateTicketQueue").await
}

async fn an_interrupted_run_is_cleaned_up(system: Arc<System>) -> Result<()> {
    let before = versions(&system).await?;
    let mut running = Running::start(&mut smoke(&system)?)?;
    running.until("Story 1 of 5").await?;
    ensure!(versions(&system).await? != before, "the first story has left its order");
    running.signal("-INT")?;
    let (status, said) = running.end().await?;
    ensure!(status.code() == Some(1) && said.contains("interrupted: taking away what was made"), "{status}: {said}");
    ensure!(!said.contains("Story 5 of 5"), "{said}");
    assert_clean(&system, &before, Some(&said)).await
}

/// A closed terminal hangs up, and whatever is printed after that fails. Somebody may still stop the run.
async fn a_run_whose_terminal_goes_away(system: Arc<System>) -> Result<()> {
    let before = versions(&system).await?;
    let mut running = Running::start(smoke(&system)?.stderr(Stdio::piped()))?;
    running.until("Story 1 of 5").await?;
    ensure!(versions(&system).await? != before, "the first story has left its order");
    drop(running.child.stderr.take());
    running.lines.close();
    running.signal("-HUP")?;
    running.signal("-INT")?;
    let (status, _) = running.end().await?;
    ensure!(status.code() == Some(1), "it ends as an interrupted run does: {status}");
    assert_clean(&system, &before, None).await
}
