//! Starts everything and stays until it is told to stop.

use std::io::{Write, stdout};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use operate::{Card, Client, Product};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::data::lane::Lane;
use crate::data::run_state::{RunLock, RunState};
use crate::data::workspace::Workspace;
use crate::front::console::Console;
use crate::front::issuer::SignIn;
use crate::front::person::Person;
use crate::local_aws::{Kept, LocalAws, Options};
use crate::watch::recorder::CALLS_PATH;

const API_PORT: u16 = 9080;
const ISSUER_PORT: u16 = 9081;
const CONSOLE_PORT: u16 = 5173;
const TROUBLE_PORT: u16 = 9082;
const EMULATOR_PORT: u16 = 4566;

pub(crate) async fn run(lane: Lane) -> Result<()> {
    let workspace = Workspace::here();
    let mut signals = Signals::listen()?;
    let _lock = RunLock::take(&workspace)?;
    let began = Instant::now();
    let mut system = tokio::select! {
        started = start(&workspace, lane) => started?,
        () = signals.next() => {
            say("stopped before everything was up");
            return Ok(());
        }
    };
    let state = state(&system);
    state.write(&workspace)?;
    welcome(&system, &state, began.elapsed())?;
    let ended = stay(&mut system, &mut signals).await;
    RunState::remove(&workspace);
    if !ended {
        say("stopping; the data is kept for the next `make up`");
        system.stop();
        return Ok(());
    }
    bail!(
        "the emulator has ended by itself: read {} for the reason and start again",
        system.dir().join("ministack.log").display()
    )
}

async fn start(workspace: &Workspace, lane: Lane) -> Result<LocalAws> {
    let keep = Kept {
        dir: workspace.run_dir(),
        issuer_key: workspace.issuer_key(),
        api_port: API_PORT,
        issuer_port: ISSUER_PORT,
        console_port: CONSOLE_PORT,
        trouble_port: TROUBLE_PORT,
        emulator_port: EMULATOR_PORT,
    };
    let usual = Options::throw_away(workspace).console(workspace).sign_in(SignIn::USUAL_LIFETIME).lane(lane);
    let options = Options { keep: Some(keep), progress: say, ..usual };
    let system = LocalAws::start(workspace, options).await?;
    say("seeding products and stock");
    let menu = Product::menu()?;
    system.offer(&menu).await?;
    let http = reqwest::Client::builder().no_proxy().build().context("no HTTP client")?;
    let cook = Client::new(http, system.api(), Some(token(&system, Person::Cook)?));
    for product in &menu {
        operate::stock(&system.tables(), &cook, product).await?;
    }
    Ok(system)
}

fn token(system: &LocalAws, person: Person) -> Result<String> {
    system.issuer().token(person.subject(), person.permissions())
}

fn state(system: &LocalAws) -> RunState {
    RunState {
        process_id: std::process::id(),
        lane: system.lane(),
        api_url: system.api(),
        issuer_url: system.issuer().url().to_owned(),
        audience: system.issuer().audience().to_owned(),
        endpoint: system.emulator().endpoint().to_owned(),
        calls_url: format!("{}{CALLS_PATH}", system.recorder().url()),
        stack_name: system.stack_name().to_owned(),
        stack: system.stack().clone(),
    }
}

/// Waits for a signal to stop or the end of the emulator; returns whether the emulator has ended.
async fn stay(system: &mut LocalAws, signals: &mut Signals) -> bool {
    loop {
        tokio::select! {
            () = signals.next() => return false,
            () = tokio::time::sleep(Duration::from_secs(1)) => if system.has_ended() { return true },
        }
    }
}

fn welcome(system: &LocalAws, state: &RunState, took: Duration) -> Result<()> {
    let RunState { api_url, issuer_url, endpoint, calls_url, .. } = state;
    let (customer, cook) = (token(system, Person::Customer)?, token(system, Person::Cook)?);
    let seconds = took.as_secs_f32();
    let console = system.console().map(Console::url).unwrap_or_default();
    let orchestrator = match state.lane {
        Lane::Rust => "the Rust lane: the function orchestrate-saga",
        Lane::StepFunctions => "the Step Functions lane: a state machine per saga",
    };
    say(&format!(
        "ready after {seconds:.1} s

  Console    {console}  (sign in as Anna or Berta, who are customers; Carlo, who cooks; or Olga, who operates)

  Sagas      run in {orchestrator}
  API        {api_url}
  Tokens     {issuer_url}token?sub=auth0%7Ccustomer-2&permissions=create:orders,read:orders
             (DEVELOPMENT ONLY: whoever asks gets one)
  AWS        {endpoint}  (access key test, secret test, region us-east-1)
  AWS calls  {calls_url}
  Logs       {logs}/ministack.log

A token of a customer ({customer_subject}), good for an hour:
{customer}

A token of the kitchen ({cook_subject}), good for an hour:
{cook}

Place an order:
curl -sS {api_url}/order_api.v1.OrderService/CreateOrder \\
  -H 'content-type: application/json' -H \"idempotency-key: $(cat /proc/sys/kernel/random/uuid)\" \\
  -H 'authorization: Bearer {customer}' \\
  -d '{{\"items\":[{{\"productId\":\"margherita\",\"quantity\":2}}],\"cardToken\":\"{card}\"}}'

Ctrl-C stops everything and keeps the data; `make down` forgets it.",
        logs = system.dir().display(),
        customer_subject = Person::Customer.subject(),
        cook_subject = Person::Cook.subject(),
        card = Card::Good.token(),
    ));
    Ok(())
}

fn say(message: &str) {
    // The reader of our output may have gone, and that is no reason to stop.
    let _ = writeln!(stdout(), "{message}");
}

struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen for signals to stop");
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! { _ = self.interrupt.recv() => {}, _ = self.terminate.recv() => {} }
    }
}
