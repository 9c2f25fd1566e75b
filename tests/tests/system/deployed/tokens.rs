//! Hostile tokens against the API as it is deployed: no answer may be anything but a 401.
//!
//! The long table of them is tried against the verifier (`auth/src/tests/hostile.rs`). Here is a sample of each kind, to see that
//! the verifier stands in front of every call, and that neither the function nor the gateway in front of it stumbles.

mod samples;

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use local::{Api, Event, Person, Workspace};
use serde_json::{Value, json};
use tests::{LazySystem, System, root};

use super::shared;
use samples::{Sample, samples};

const LIST_PRODUCTS: &str = "/order_api.v1.OrderService/ListProducts";
const MINT: &str = include_str!("tokens/mint.py");

pub(crate) fn trials(system: &Arc<LazySystem>) -> Vec<Trial> {
    vec![
        shared("tokens::hostile_tokens_are_stopped_on_their_way", system, hostile_tokens_are_stopped_on_their_way),
        shared("tokens::the_function_alone_refuses_them", system, the_function_alone_refuses_them),
        shared("tokens::another_library_mints_what_ours_judges", system, another_library_mints_what_ours_judges),
    ]
}

/// The two ways to the function: through the gateway, and by Lambda's Invoke API, without an authorizer in front.
struct Door<'a> {
    system: &'a System,
    http: reqwest::Client,
    lambda: Api,
    event: Value,
}

/// Who has answered.
#[derive(Debug, PartialEq, Eq)]
enum By {
    Gateway,
    Function,
}

impl<'a> Door<'a> {
    fn of(system: &'a System) -> Result<Self> {
        let event = Event::read(&root().join("events/list-products/ok.json"))?.recorded().clone();
        let lambda = Api::new(system.aws().emulator().endpoint(), "lambda")?;
        Ok(Self { system, http: reqwest::Client::new(), lambda, event })
    }

    async fn through_the_gateway(&self, authorization: &str) -> Result<(u16, Value)> {
        let request = self.http.post(format!("{}{LIST_PRODUCTS}", self.system.aws().api())).json(&json!({}));
        let answer = request.header("authorization", authorization).send().await?;
        let (status, text) = (answer.status().as_u16(), answer.text().await?);
        Ok((status, serde_json::from_str(&text).with_context(|| format!("{status} without JSON: {text}"))?))
    }

    async fn straight(&self, authorization: &str) -> Result<Value> {
        let mut event = self.event.clone();
        event["headers"]["authorization"] = authorization.into();
        let function = self.system.aws().stack().resource("ListProductsFunction")?;
        let path = format!("/2015-03-31/functions/{function}/invocations");
        self.lambda.call("POST".parse()?, &path, &event).await
    }
}

/// The answer is that of the gateway's authorizer, or that of the function.
fn refused(status: u16, body: &Value) -> Result<By> {
    ensure!(status == 401, "{status} {body}");
    if *body == json!({"message": "Unauthorized"}) {
        return Ok(By::Gateway);
    }
    let message = body["message"].as_str().unwrap_or_default();
    ensure!(body["code"] == "unauthenticated" && !message.is_empty(), "{body}");
    Ok(By::Function)
}

/// A refusal by the function, which does not repeat the token.
fn refused_by_the_function(answer: &Value, authorization: &str) -> Result<()> {
    let status = answer["statusCode"].as_u64().with_context(|| format!("no answer but {answer}"))?;
    let body = answer["body"].as_str().with_context(|| format!("no body: {answer}"))?;
    ensure!(refused(u16::try_from(status)?, &serde_json::from_str(body)?)? == By::Function, "{answer}");
    ensure!(answer["headers"]["content-type"] == "application/json", "{answer}");
    ensure!(answer["headers"]["www-authenticate"].as_str().is_some_and(|it| it.starts_with("Bearer")), "{answer}");
    let mut parts = authorization.split([' ', '.']).filter(|part| part.len() > 40);
    ensure!(!parts.any(|part| answer.to_string().contains(part)), "the answer repeats the token: {answer}");
    Ok(())
}

async fn hostile_tokens_are_stopped_on_their_way(system: Arc<System>) -> Result<()> {
    let door = Door::of(&system)?;
    let good = system.aws().issuer().token("auth0|anna", Person::Customer.permissions())?;
    let (status, body) = door.through_the_gateway(&format!("Bearer {good}")).await?;
    ensure!(status == 200, "the good token is refused, so that nothing is proved: {status} {body}");
    let mut by_the_function = 0;
    for Sample { name, authorization, .. } in samples(&system)?.iter().filter(|sample| sample.at_the_gateway) {
        let (status, body) = door.through_the_gateway(authorization).await?;
        let by = refused(status, &body).with_context(|| name.clone())?;
        by_the_function += usize::from(by == By::Function);
    }
    // What only the function knows: bindings, types, marks of an ID token, subjects.
    ensure!(by_the_function >= 30, "only {by_the_function} tokens have come past the gateway to the function");
    Ok(())
}

async fn the_function_alone_refuses_them(system: Arc<System>) -> Result<()> {
    let door = Door::of(&system)?;
    let good = system.aws().issuer().token("auth0|anna", Person::Customer.permissions())?;
    let answer = door.straight(&format!("Bearer {good}")).await?;
    ensure!(answer["statusCode"] == 200, "the good token is refused, so that nothing is proved: {answer}");
    for Sample { name, authorization, .. } in samples(&system)? {
        let answer = door.straight(&authorization).await.with_context(|| name.clone())?;
        refused_by_the_function(&answer, &authorization).with_context(|| name.clone())?;
    }
    Ok(())
}

/// The tokens of joserfc, a Python library.
async fn another_library_mints_what_ours_judges(system: Arc<System>) -> Result<()> {
    let issuer = system.aws().issuer();
    let token = issuer.access_token("auth0|anna", Person::Customer.permissions());
    let given = json!({"key": issuer.key().pem()?, "kid": issuer.key().id(), "claims": token.claims()});
    let mut python = Command::new(Workspace::here().tool("moto", "python")?);
    python.args(["-c", MINT]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut python = python.spawn().context("cannot start Python")?;
    python.stdin.take().context("no input")?.write_all(given.to_string().as_bytes())?;
    let output = tokio::task::spawn_blocking(move || python.wait_with_output()).await??;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let minted: Vec<Value> = serde_json::from_slice(&output.stdout)?;
    let door = Door::of(&system)?;
    let (mut accepted, mut stopped) = (0, 0);
    for minted in &minted {
        let text = |name: &str| minted[name].as_str().with_context(|| format!("no {name} in {minted}"));
        let (name, authorization) = (text("name")?, format!("Bearer {}", text("token")?));
        let (status, body) = door.through_the_gateway(&authorization).await.with_context(|| name.to_owned())?;
        let answer = door.straight(&authorization).await.with_context(|| name.to_owned())?;
        if minted["good"] == true {
            ensure!(status == 200 && answer["statusCode"] == 200, "{name}: {status} {body}, {answer}");
            accepted += 1;
        } else {
            refused(status, &body).with_context(|| name.to_owned())?;
            refused_by_the_function(&answer, &authorization).with_context(|| name.to_owned())?;
            stopped += 1;
        }
    }
    ensure!(accepted == 2 && stopped >= 25, "{accepted} tokens were good, {stopped} were not");
    Ok(())
}
