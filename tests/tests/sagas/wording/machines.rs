//! What the Step Functions lane says: the input that start-saga gives an execution, and the messages that the committed
//! state machine makes of it.

use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use messaging::{Envelope, Receiver};
use orchestration::{Registry, ResumeSaga, StartSaga};
use order::sagas::registry;
use serde_json::{Map, Value, json};
use testkit::{MemoryExecutions, Told};
use time::OffsetDateTime;

use super::journal::Heard;

/// What a task's token is here.
const TOKEN: &str = "token";
/// When a state is entered here.
const ENTERED: &str = "2026-01-01T00:00:09.876Z";

/// An execution that an event has started.
pub(super) struct Execution {
    /// The state machine's name, such as `create-order-v1`.
    pub(super) machine: String,
    pub(super) name: String,
    pub(super) input: Value,
    states: Map<String, Value>,
}

impl Execution {
    /// The execution that start-saga starts for this event, when these are the sagas.
    pub(super) async fn started_by(event: &Heard, sagas: Registry) -> Result<Self> {
        let executions = MemoryExecutions::default();
        let start = StartSaga::new(sagas, Arc::new(executions.clone()));
        start.receive(&Envelope::parse(&event.body.to_string())?, OffsetDateTime::UNIX_EPOCH).await?;
        let told = executions.told();
        let [Told::Start { machine, name, input }] = told.as_slice() else { bail!("not one start: {told:?}") };
        let file = format!("statemachines/{}.asl.json", machine.replace("-v", ".v"));
        let text = std::fs::read_to_string(tests::root().join(&file)).with_context(|| file.clone())?;
        let definition: Value = serde_json::from_str(&text)?;
        let states = definition["States"].as_object().with_context(|| format!("{file} has no states"))?.clone();
        let (machine, name, input) = (machine.clone(), name.clone(), serde_json::from_str(input)?);
        Ok(Self { machine, name, input, states })
    }

    /// The messages of all its tasks, in the order of the state machine, when it has turned round because of this.
    pub(super) fn messages(&self, refusal: &Value) -> Result<Vec<(String, Value)>> {
        let mut input = self.input.clone();
        input["refusal"] = refusal.clone();
        let tasks = self.states.iter().filter(|(_, state)| state["Type"] == "Task");
        tasks.map(|(name, state)| Ok((name.clone(), made(&state["Parameters"]["MessageBody"], &input)?))).collect()
    }

    /// What is noted when the command of this state stays silent to the end.
    pub(super) fn silence(&self, state: &str) -> Result<Value> {
        let unknown =
            self.states.get(&format!("{state}Unknown")).with_context(|| format!("{state} is never given up"))?;
        ensure!(unknown["ResultPath"] == "$.refusal", "{unknown}");
        Ok(unknown["Result"].clone())
    }
}

/// What an execution notes when resume-saga hands it this refusal.
pub(super) async fn refusal(reply: &Heard) -> Result<Value> {
    let mut reply = reply.body.clone();
    reply["subject"]["correlation"]["replyToken"] = json!(TOKEN);
    let executions = MemoryExecutions::default();
    let resume = ResumeSaga::new(registry(), Arc::new(executions.clone()));
    resume.receive(&Envelope::parse(&reply.to_string())?, OffsetDateTime::UNIX_EPOCH).await?;
    let told = executions.told();
    let [Told::Fail { token, error, cause }] = told.as_slice() else { bail!("not one refusal: {told:?}") };
    ensure!(token == TOKEN, "the refusal goes to {token}");
    Ok(json!({"Error": error, "Cause": cause}))
}

/// What Step Functions makes of a template: fields whose names end with `.$` are expressions.
fn made(template: &Value, input: &Value) -> Result<Value> {
    let Value::Object(fields) = template else { return Ok(template.clone()) };
    let field = |(name, value): (&String, &Value)| match name.strip_suffix(".$") {
        Some(name) => Ok((name.to_owned(), evaluated(value.as_str().context("an expression")?, input)?)),
        None => Ok((name.clone(), made(value, input)?)),
    };
    Ok(Value::Object(fields.iter().map(field).collect::<Result<_>>()?))
}

fn evaluated(expression: &str, input: &Value) -> Result<Value> {
    match expression {
        "$$.Task.Token" => return Ok(json!(TOKEN)),
        "$$.State.EnteredTime" => return Ok(json!(ENTERED)),
        _ => {}
    }
    if let Some(path) = expression.strip_prefix("$.") {
        let pointer = format!("/{}", path.replace('.', "/"));
        return input.pointer(&pointer).cloned().with_context(|| format!("there is no {expression} in {input}"));
    }
    if let Some(text) = within(expression, "States.StringToJson(") {
        let text = evaluated(text, input)?;
        return Ok(serde_json::from_str(text.as_str().context("a text")?)?);
    }
    let arguments = within(expression, "States.JsonMerge(").and_then(|arguments| arguments.strip_suffix(", false"));
    let (one, other) = arguments.and_then(|arguments| arguments.split_once(", ")).context(expression.to_owned())?;
    let (mut one, other) = (evaluated(one, input)?, evaluated(other, input)?);
    let merged = one.as_object_mut().context("an object")?;
    merged.extend(other.as_object().context("an object")?.clone());
    Ok(one)
}

fn within<'a>(expression: &'a str, function: &str) -> Option<&'a str> {
    expression.strip_prefix(function)?.strip_suffix(')')
}
