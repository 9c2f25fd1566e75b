//! `operate smoke`: plays five stories against a deployed stack, and takes away what it has made.

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail, ensure};
use auth::Policy;
use clap::Args;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::api::client::{CANCEL_ORDER, CREATE_ORDER, Client, FIND_ORDER, LIST_TICKETS, SET_STOCK, START_TICKET};
use crate::api::deadline::Patience;
use crate::api::door;
use crate::api::journal::Journal;
use crate::api::token::Token;
use crate::smoke::cleaning::Cleaning;
use crate::smoke::{Run, Tally};
use crate::speech::{complain, say};
use crate::stack::Stack;
use crate::stories::ending::WRONG;
use crate::stories::stage::Cast;
use crate::stories::story::Story;
use crate::stories::timeline::Style;

/// The RPCs that a customer calls in the stories.
const OF_CUSTOMERS: [&str; 3] = [CREATE_ORDER, CANCEL_ORDER, FIND_ORDER];
/// The RPCs that a cook calls in the stories.
const OF_COOKS: [&str; 3] = [SET_STOCK, START_TICKET, LIST_TICKETS];
/// The longest wait for sagas before their orders are removed: an unanswered command counts as unknown after 150 seconds, and is
/// undone after that.
const CLEANING: Duration = Duration::from_secs(240);
/// The time between two looks at an order: a deployment is not there to be asked all the time.
const PAUSE: Duration = Duration::from_millis(500);

#[derive(Args)]
pub(crate) struct Smoke {
    /// The address of the API: the stack's output ApiUrl
    #[arg(long, env = "API")]
    api: String,
    /// The issuer of the token: the stack's parameter TokenIssuer, to the letter
    #[arg(long, env = "ISSUER")]
    issuer: String,
    /// An access token of a customer; give it by the environment, where no list of processes shows it
    #[arg(long, env = "TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// An access token of a cook, if the customer's has no permissions of the kitchen
    #[arg(long, env = "COOK_TOKEN", hide_env_values = true)]
    cook_token: Option<String>,
    /// The longest wait for the end of an order, in seconds
    #[arg(long, env = "PATIENCE", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=3600))]
    patience: u64,
}

pub(crate) async fn run(stack: &Stack, asked: Smoke) -> Result<()> {
    let api = door::address(&asked.api)?;
    stack.announce().await?;
    say!("its API at {api}");
    let patience = Patience { limit: Duration::from_secs(asked.patience), pause: PAUSE };
    let journal = Journal::default();
    let cast = admitted(&asked, api, patience, &journal).await?;
    let run = Run::of(cast, stack.tables(), journal);
    say!("on the menu until the end: {}\n", run.products().join(", "));
    let mut stops = Stops::listen()?;
    let played = tokio::select! {
        played = run.play(Style::of_stdout()) => Some(played),
        () = stops.next() => None,
    };
    if played.is_none() {
        say!("interrupted: taking away what was made; interrupt again to leave it there");
    }
    let cleaned =
        clean(&run, Patience { limit: patience.limit.max(CLEANING), ..patience }, played.is_none(), &mut stops).await;
    let played = played.context("the smoke test was interrupted").and_then(|played| played.and_then(judge));
    match (played, cleaned) {
        (Err(error), Err(left)) => Err(error.context(left)),
        (played, cleaned) => played.and(cleaned),
    }
}

/// The people of the stories, once their tokens are known to be good for everything that they will do.
async fn admitted(asked: &Smoke, api: String, patience: Patience, journal: &Journal) -> Result<Cast> {
    let customer = Token::given("TOKEN", asked.token.as_deref())?;
    let cook = asked.cook_token.as_deref().filter(|token| !token.is_empty());
    let cook = cook.map(|token| Token::parse("COOK_TOKEN", token)).transpose()?;
    let cook = cook.as_ref().unwrap_or(&customer);
    let policy = Policy::from_rows(contracts::API.policy).await?;
    for (token, paths) in [(&customer, OF_CUSTOMERS), (cook, OF_COOKS)] {
        token.left(SystemTime::now())?;
        token.must_come_from(&asked.issuer)?;
        let hint = "TOKEN may be a customer's and COOK_TOKEN a cook's, or TOKEN alone may have all six permissions";
        token.must_open(&policy, &paths).context(hint)?;
    }
    let http = door::http(&api)?;
    door::ask_issuer(&http, &asked.issuer, &[&customer, cook]).await?;
    say!("    ok  the issuer answers, and has issued the tokens");
    let client = |token: &Token| {
        let client = Client::new(http.clone(), api.clone(), Some(token.text().to_owned()));
        client.patient(patience).noting(journal, token.subject())
    };
    let cast = Cast { customer: client(&customer), cook: client(cook) };
    door::knock(&cast.customer, &customer).await?;
    door::knock(&cast.cook, cook).await?;
    say!("    ok  the API takes the tokens, which have the permissions that the stories need");
    Ok(cast)
}

fn judge(tally: Tally) -> Result<()> {
    let (all, Tally { stories, hold, checks }) = (Story::ALL.len(), tally);
    say!("{stories} of {all} stories ended as they must: {hold} of {checks} checks hold");
    ensure!(stories == all, "{} of {all} stories ended wrong: see the lines marked {WRONG} above", all - stories);
    Ok(())
}

/// Takes away what the run has made, and prints what stays.
async fn clean(run: &Run, patience: Patience, interrupted: bool, stops: &mut Stops) -> Result<()> {
    let mut cleaning = Cleaning::after(run, patience);
    let is_stopped = tokio::select! {
        () = cleaning.clean(interrupted) => false,
        () = stops.next() => true,
    };
    let Cleaning { left, removed, expiring, complaints, .. } = cleaning;
    say!("{removed} items are removed again: products, stock, orders, tickets, authorizations, claims and sagas");
    if expiring > 0 {
        say!("{expiring} sagas with repeated commands stay in the sagas table until they expire, in 30 days");
    }
    say!("what stays: log lines, traces, published events, and in the Step Functions lane executions for 90 days");
    let items = left.items();
    if items.is_empty() && complaints.is_empty() {
        return Ok(());
    }
    complaints.iter().for_each(|complaint| complain!("left behind: {complaint}"));
    if !items.is_empty() {
        complain!("once the orders' sagas are over, remove what is left:");
        items.iter().for_each(|item| complain!("  {}", item.command(run.tables().stack())));
    }
    let why = if is_stopped { "the cleaning was interrupted" } else { "not everything could be removed" };
    bail!("{why}: see the {} commands above", items.len())
}

/// The signals that ask for an end. A terminal that is closed asks for nothing: it is a reader that has gone.
struct Stops {
    interrupt: Signal,
    terminate: Signal,
}

impl Stops {
    fn listen() -> Result<Self> {
        let listen = |kind| signal(kind).context("cannot listen for signals to stop");
        // Who listens once is not ended by it any more.
        let _ = listen(SignalKind::hangup())?;
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! { _ = self.interrupt.recv() => {}, _ = self.terminate.recv() => {} }
    }
}
