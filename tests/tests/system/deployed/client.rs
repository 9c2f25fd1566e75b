//! The TypeScript client against the deployed gateway: every RPC, in either codec, in Node and in Chromium; and every reason that
//! somebody can bring about from outside. The plays are `web/client/tests/deployed/`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use aws_sdk_dynamodb::types::AttributeValue;
use contracts::Reason;
use libtest_mimic::Trial;
use local::{LocalAws, Person, Product};
use rpc::EdgeReason;
use serde::Deserialize;
use serde_json::json;
use tests::{LazySystem, System, declared, root};
use uuid::Uuid;

use super::shared;
use crate::plain;

/// What a caller can bring about.
const PROVOKED: [&str; 32] = [
    "ABOVE_APPROVAL_LIMIT",
    "BAD_TIMEOUT",
    "CARD_DECLINED",
    "CARD_NUMBER_SENT",
    "COOKING_HAS_STARTED",
    "DEADLINE_EXCEEDED",
    "IDEMPOTENCY_KEY_MALFORMED",
    "IDEMPOTENCY_KEY_MISSING",
    "IDEMPOTENCY_KEY_REUSED",
    "INSUFFICIENT_FUNDS",
    "INVALID_REQUEST",
    "MALFORMED_REQUEST",
    "ORDER_CANCELED",
    "ORDER_LOCKED",
    "ORDER_NOT_FOUND",
    "ORDER_REJECTED",
    "OUT_OF_STOCK",
    "PERMISSION_MISSING",
    "PRICE_CHANGED",
    "REQUEST_TOO_LARGE",
    "SAGA_NOT_FOUND",
    "TICKET_CANCELED",
    "TICKET_NOT_APPROVED",
    "TICKET_NOT_FOUND",
    "TICKET_REJECTED",
    "TOKEN_NOT_FOR_THIS_API",
    "TOKEN_SENDER_CONSTRAINED",
    "UNKNOWN_PRODUCT",
    "UNREADABLE_REQUEST",
    "UNSUPPORTED_ENCODING",
    "UNSUPPORTED_MEDIA_TYPE",
    "UNSUPPORTED_PROTOCOL",
];

/// What no caller can bring about, and why.
const OTHERS: [(&str, &str); 13] = [
    ("AUTHORIZATION_CANCELED", "an undo would have to overtake its command"),
    ("KEYS_UNAVAILABLE", "the issuer would have to be down"),
    ("METHOD_NOT_ALLOWED", "API Gateway has no such route"),
    ("NO_ANSWER", "a participant would have to be silent for minutes"),
    ("RPC_CLOSED", "the policy would have to forget an RPC"),
    ("SERVICE_BUSY", "the database would have to be slow"),
    ("SERVICE_FAILED", "a function would have to have a defect"),
    ("TOKEN_EXPIRED", "API Gateway refuses the token first"),
    ("TOKEN_MALFORMED", "API Gateway refuses the token first"),
    ("TOKEN_MISSING", "API Gateway refuses the call first"),
    ("TOKEN_NOT_YET_VALID", "API Gateway refuses the token first"),
    ("TOKEN_UNTRUSTED", "API Gateway refuses the token first"),
    ("UNKNOWN_RPC", "API Gateway has no such route"),
];

const CODECS: [&str; 2] = ["binary", "json"];
/// Half of the approval limit, and a cent.
const DEAR: u64 = 50_001;

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    vec![
        plain("client::every_reason_is_brought_about_or_has_an_excuse", every_reason_is_brought_about_or_has_an_excuse),
        shared("client::it_calls_every_rpc_from_node", system, it_calls_every_rpc_from_node),
        shared("client::it_calls_every_rpc_from_a_browser", system, it_calls_every_rpc_from_a_browser),
    ]
}

fn every_reason_is_brought_about_or_has_an_excuse() -> Result<()> {
    let named: BTreeSet<_> = PROVOKED.into_iter().chain(OTHERS.map(|(name, _)| name)).collect();
    let of_the_edge = EdgeReason::ALL.iter().map(|reason| reason.name());
    let all: BTreeSet<_> = of_the_edge.chain(Reason::ALL.iter().map(|reason| reason.name())).collect();
    ensure!(named.len() == PROVOKED.len() + OTHERS.len(), "PROVOKED and OTHERS name a reason twice");
    let (missing, unknown): (Vec<_>, Vec<_>) = (all.difference(&named).collect(), named.difference(&all).collect());
    ensure!(
        missing.is_empty() && unknown.is_empty(),
        "neither in PROVOKED nor in OTHERS: {missing:?}; unknown: {unknown:?}"
    );
    Ok(())
}

async fn it_calls_every_rpc_from_node(system: Arc<System>) -> Result<()> {
    plays(&system, "node.ts", "json").await
}

async fn it_calls_every_rpc_from_a_browser(system: Arc<System>) -> Result<()> {
    plays(&system, "browser.ts", "binary").await
}

/// What all plays have seen.
#[derive(Debug, Deserialize)]
struct Report {
    /// Method, path and codec of each request.
    calls: BTreeSet<String>,
    /// The reasons that were told, by codec.
    reasons: BTreeMap<String, BTreeSet<String>>,
}

/// How each RPC is called in either codec, as the wire names it: what reads, by GET.
fn every_call() -> Result<BTreeSet<String>> {
    let rpcs = declared()?;
    let calls = rpcs.iter().flat_map(|(path, rpc)| {
        let method = if rpc.reads() { "GET" } else { "POST" };
        ["json", "proto"].map(|codec| format!("{method} {path} {codec}"))
    });
    Ok(calls.collect())
}

/// Runs a program of the client's tests, and looks at its report; it plays the refusals in this codec.
async fn plays(system: &System, program: &str, codec: &str) -> Result<()> {
    let setting = setting(system).await?.to_string();
    let name = program.to_owned();
    let output = tokio::task::spawn_blocking(move || run(&name, &setting)).await??;
    let complained = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} fails:\n{complained}");
    let Report { calls, reasons } = serde_json::from_slice(&output.stdout).context(complained.into_owned())?;
    let missing: Vec<_> = every_call()?.into_iter().filter(|call| !calls.contains(call)).collect();
    ensure!(missing.is_empty(), "nothing was called like {missing:?}, but {calls:#?}");
    ensure!(reasons.keys().eq(CODECS), "other codecs were spoken: {:?}", reasons.keys());
    let told = reasons.get(codec).with_context(|| codec.to_owned())?;
    ensure!(*told == PROVOKED.map(str::to_owned).into(), "the reasons {told:#?}, not those of PROVOKED");
    Ok(())
}

fn run(program: &str, setting: &str) -> Result<Output> {
    let node = root().join(".local/node/node_modules/.bin/node");
    let mut command = Command::new(&node);
    command.arg(root().join("web/client/tests/deployed").join(program));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().with_context(|| format!("{} is missing: run make setup", node.display()))?;
    running.stdin.take().context("its input")?.write_all(setting.as_bytes())?;
    Ok(running.wait_with_output()?)
}

/// What the plays are told, with products that no other test knows.
async fn setting(system: &System) -> Result<serde_json::Value> {
    let aws = system.aws();
    let tag = Uuid::new_v4();
    let named = |name: &str, price: u64| Product::new(&format!("{name}-{tag}"), "EUR", price, 0);
    let menu = [named("plenty", 1150), named("sold-out", 690), named("unstocked", 295), named("dear", DEAR)];
    aws.offer(&menu).await?;
    // On the menu, but nothing that the kitchen makes: two services that have drifted apart.
    let stock = aws.clients().dynamodb.delete_item().table_name(aws.stack().resource("StockTable")?);
    stock.key("key", AttributeValue::S(menu[2].id.clone())).send().await?;
    let issuer = aws.issuer();
    // The marks of an ID token and of a bound token are the function's business.
    let token = || issuer.access_token("auth0|misused", Person::Customer.permissions());
    let as_id_token = issuer.sign(&token().claim("nonce", "n-0S6"))?;
    let bound = issuer.sign(&token().claim("cnf", json!({"jkt": "the-key-of-its-holder"})))?;
    let [plenty, sold_out, unstocked, dear] = menu;
    Ok(json!({
        "api": aws.api(), "issuer": issuer.url(), "origin": LocalAws::ORIGIN, "misused": {"asIdToken": as_id_token, "bound": bound},
        "plenty": plenty.id, "price": plenty.unit_price.minor_units.to_string(),
        "soldOut": sold_out.id, "unstocked": unstocked.id, "dear": dear.id,
    }))
}
