//! The walk: what holds for every RPC that `proto/` declares, found out by calling it.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use connectrpc::IdempotencyLevel;
use rpc::Ownership;
use serde_json::{Value, json};
use tests::declared;
use wire::google::rpc::BadRequest;
use wire::shape::{Format, Holds, Limits, Shape};

use super::callers::{Call, bearer};
use super::doors::{ANNA, Door, Stage, doors};
use super::{OWN, opening, permissions};

const BERTA: &str = "auth0|berta";
const KEY: &str = "5d2f0c64-5b0e-4f5e-9d53-6a6a1d1f0c11";

/// A permission that opens the RPC.
fn needed(door: &Door) -> Result<&'static str> {
    opening(door.path).next().with_context(|| format!("nothing opens {}", door.path))
}

/// A call with the request that Anna is answered, by somebody who may call.
fn ask(door: &Door, subject: &str) -> Result<Call> {
    ask_with(door, subject, needed(door)?)
}

/// The same call by somebody with this permission and no other.
fn ask_with(door: &Door, subject: &str, permission: &str) -> Result<Call> {
    let call = Call::post(door.path, &door.good).with("authorization", &bearer(subject, &[permission])?);
    Ok(if door.changes() { call.with("idempotency-key", KEY) } else { call })
}

/// The same calls in every way that the RPC can be called.
fn ways(door: &Door, subject: &str) -> Result<Vec<Call>> {
    let mut ways = vec![ask(door, subject)?];
    if !door.changes() {
        let get = Call::get(door.path, &door.good)?;
        ways.push(get.with("authorization", &bearer(subject, &[needed(door)?])?));
    }
    Ok(ways)
}

/// The answer to a call is a refusal of this status and code.
async fn is_refused(door: &Door, call: &Call, status: u16, code: &str) -> Result<Value> {
    let answer = door.answer(call.event()).await;
    let error: Value = serde_json::from_str(answer["body"].as_str().unwrap_or_default()).unwrap_or_default();
    ensure!(answer["statusCode"] == status && error["code"] == code, "{}: {answer}, not {code}", door.path);
    Ok(error)
}

/// The answer to a call that is answered.
async fn is_answered(door: &Door, call: &Call) -> Result<Value> {
    let answer = door.answer(call.event()).await;
    ensure!(answer["statusCode"] == 200, "{}: {answer}", door.path);
    Ok(answer)
}

/// A new RPC has a door, or nothing below would look at it; what the function knows of it is what `proto/` says, and whose things it
/// is about is what the list above says.
#[tokio::test]
async fn every_rpc_has_a_door_and_says_what_a_repeat_does() -> Result<()> {
    let (declared, stage) = (declared()?, Stage::new(true).await?);
    let doors = doors(&stage).await?;
    let (with_door, rpcs): (BTreeSet<&str>, BTreeSet<&str>) =
        (doors.iter().map(|door| door.path).collect(), declared.keys().map(String::as_str).collect());
    ensure!(
        with_door == rpcs && doors.len() == rpcs.len(),
        "there are doors to {with_door:?}, and the RPCs are {rpcs:?}"
    );
    for door in &doors {
        let rpc = &declared[door.path];
        ensure!(rpc.level != IdempotencyLevel::Unknown, "{} has no idempotency_level", door.path);
        ensure!(rpc.level == door.level, "{}: the generated code is stale", door.path);
        ensure!(rpc.request == door.shape.name, "{} is asked with {}", door.path, rpc.request);
        let is_own = door.ownership == Ownership::Caller;
        ensure!(is_own == OWN.contains(&door.path), "{} is about {:?}", door.path, door.ownership);
        ensure!(!rpc.streams, "{} streams, which no function can over API Gateway", door.path);
    }
    Ok(())
}

#[tokio::test]
async fn nobody_is_let_in_without_a_permission_that_opens_the_rpc() -> Result<()> {
    let stage = Stage::new(true).await?;
    let (doors, before) = (doors(&stage).await?, stage.items());
    for door in &doors {
        let opening: Vec<&str> = opening(door.path).collect();
        let all = permissions();
        let others: Vec<&str> = all.iter().map(String::as_str).filter(|other| !opening.contains(other)).collect();
        ensure!(
            !opening.is_empty() && others.len() + opening.len() == all.len(),
            "{} is opened by {opening:?}",
            door.path
        );
        // Whoever is not let in learns nothing of what a request must look like.
        for body in [&door.good, &Value::Null] {
            let call = Call::post(door.path, body).with("idempotency-key", KEY);
            is_refused(door, &call, 401, "unauthenticated").await?;
            let singly = others.iter().map(|other| vec![*other]);
            for permissions in singly.chain([others.clone(), Vec::new()]) {
                let call = call.clone().with("authorization", &bearer(ANNA, &permissions)?);
                is_refused(door, &call, 403, "permission_denied").await?;
            }
        }
    }
    ensure!(stage.items() == before, "a call that was refused has changed something");
    for door in &doors {
        for permission in opening(door.path) {
            is_answered(door, &ask_with(door, ANNA, permission)?).await?;
        }
    }
    Ok(())
}

/// A stranger cannot tell a thing of Anna's from a thing that there never was: both answers are the same to the byte, whatever
/// Anna has done before, and under the very key that she used.
#[tokio::test]
async fn anothers_thing_is_answered_like_a_thing_that_is_not_there() -> Result<()> {
    let (with, without) = (Stage::new(true).await?, Stage::new(false).await?);
    let pairs = doors(&with).await?.into_iter().zip(doors(&without).await?);
    let mut named = 0;
    for (there, nowhere) in pairs.filter(|(door, _)| door.ownership == Ownership::Caller) {
        let names_a_thing = there.shape.fields.iter().any(|field| field.limits.format == Format::Uuid);
        for (annas, bertas) in ways(&there, ANNA)?.iter().zip(ways(&there, BERTA)?) {
            let shown = is_answered(&there, annas).await?;
            let before = with.annas_order();
            let (answer, to_nothing) = (there.answer(bertas.event()).await, nowhere.answer(bertas.event()).await);
            ensure!(answer == to_nothing, "{}: {answer} where Anna has a thing, else {to_nothing}", there.path);
            ensure!(answer != shown, "{} shows Berta what is Anna's: {shown}", there.path);
            ensure!(with.annas_order() == before, "{} changes what is Anna's", there.path);
            if names_a_thing {
                is_refused(&there, &bertas, 404, "not_found").await?;
                named += 1;
            }
        }
    }
    ensure!(named > 0, "no RPC names a thing of the caller's");
    Ok(())
}

/// What an RPC shows or changes for a stated reason for everybody, it shows and changes alike, whoever asks.
#[tokio::test]
async fn what_is_everybodys_is_the_same_whoever_asks() -> Result<()> {
    let mut reasons = BTreeSet::new();
    for number in 0..declared()?.len() {
        let (annas, bertas) = (Stage::new(true).await?, Stage::new(true).await?);
        let (to_anna, to_berta) = (doors(&annas).await?.remove(number), doors(&bertas).await?.remove(number));
        let Ownership::Everybody(why) = to_anna.ownership else { continue };
        ensure!(
            why.split_whitespace().count() > 4 && reasons.insert(why),
            "{} needs a reason, not {why:?}",
            to_anna.path
        );
        for (one, other) in ways(&to_anna, ANNA)?.iter().zip(ways(&to_berta, BERTA)?) {
            let (one, other) = (is_answered(&to_anna, one).await?, is_answered(&to_berta, &other).await?);
            ensure!(one == other, "{}: {one} to Anna, {other} to Berta", to_anna.path);
        }
    }
    ensure!(!reasons.is_empty(), "nothing is everybody's");
    Ok(())
}

/// The request with another content: another id or another number.
fn another(request: &Value) -> Result<Value> {
    let mut request = request.clone();
    for (pointer, value) in [
        ("/orderId", json!("00000000-0000-5000-8000-000000000000")),
        ("/items/0/quantity", json!(3)),
        ("/available", json!(4)),
    ] {
        if let Some(field) = request.pointer_mut(pointer) {
            *field = value;
            return Ok(request);
        }
    }
    bail!("say here what can be changed in {request}")
}

#[tokio::test]
async fn a_call_that_changes_something_has_a_key_and_one_effect() -> Result<()> {
    let stage = Stage::new(true).await?;
    for door in doors(&stage).await?.iter().filter(|door| door.changes()) {
        ensure!(door.level == IdempotencyLevel::Idempotent, "{} promises nothing about repeats", door.path);
        let token = bearer(ANNA, &[needed(door)?])?;
        let before = stage.items();
        let keyless = Call::post(door.path, &door.good).with("authorization", &token);
        let error = is_refused(door, &keyless, 400, "invalid_argument").await?;
        ensure!(error.to_string().contains("Idempotency-Key"), "{}: {error}", door.path);
        let by_get = Call::get(door.path, &door.good)?.with("authorization", &token).with("idempotency-key", KEY);
        is_refused(door, &by_get, 405, "unimplemented").await?;
        ensure!(stage.items() == before, "{} has changed something for a call that it refused", door.path);

        let call = ask(door, ANNA)?;
        let first = is_answered(door, &call).await?;
        let after = stage.items();
        ensure!(after != before, "{} changes nothing: it could be a query", door.path);
        ensure!(is_answered(door, &call).await? == first, "{} answers a repeat otherwise", door.path);
        let other = Call::post(door.path, &another(&door.good)?);
        let reused = other.with("authorization", &token).with("idempotency-key", KEY);
        let error = is_refused(door, &reused, 400, "failed_precondition").await?;
        ensure!(error.to_string().contains("Idempotency-Key"), "{}: {error}", door.path);
        ensure!(stage.items() == after, "a repeat of {} has changed something", door.path);
    }
    Ok(())
}

#[tokio::test]
async fn a_call_that_only_reads_needs_no_key_and_changes_nothing() -> Result<()> {
    let stage = Stage::new(true).await?;
    let before = stage.items();
    for door in doors(&stage).await?.iter().filter(|door| !door.changes()) {
        let mut bodies = BTreeSet::new();
        for call in ways(door, ANNA)? {
            bodies.insert(is_answered(door, &call).await?["body"].to_string());
        }
        ensure!(bodies.len() == 1, "{} answers a GET otherwise than a POST: {bodies:?}", door.path);
    }
    ensure!(stage.items() == before, "a call that only reads has changed something");
    Ok(())
}

/// A field with values that are just beyond what it may hold.
struct Beyond {
    /// The contract's way to the field, such as `items[0].quantity`.
    path: String,
    /// The way to it in a request's JSON.
    pointer: String,
    values: Vec<Value>,
}

/// Values beyond the limits of every field of a request and of what it holds; `good` is a request that has them all.
fn beyond(shape: &Shape, good: &Value, path: &str, pointer: &str, found: &mut Vec<Beyond>) -> Result<()> {
    for field in shape.fields {
        let (path, pointer) = (format!("{path}{}", field.name), format!("{pointer}/{}", field.json_name));
        let Limits { min, max, format } = field.limits;
        let is_bounded = matches!(field.holds, Holds::Enum(_) | Holds::Truth | Holds::Time | Holds::Message(_));
        let is_open = max == 0 && (field.repeated || !is_bounded);
        ensure!(!is_open, "{} of {} has no (message.v1.limits)", field.name, shape.name);
        let held = good.pointer(&pointer).with_context(|| format!("{pointer} is missing in {good}"))?;
        let (mut values, most) = (Vec::new(), usize::try_from(max)?);
        let (path, pointer) = if field.repeated {
            values.push(json!(vec![held[0].clone(); most + 1]));
            values.extend((min > 0).then(|| json!([])));
            found.push(Beyond { path: path.clone(), pointer: pointer.clone(), values: std::mem::take(&mut values) });
            (format!("{path}[0]"), format!("{pointer}/0"))
        } else {
            (path, pointer)
        };
        match field.holds {
            Holds::Message(inner) => beyond(inner, good, &format!("{path}."), &pointer, found)?,
            Holds::Text if !field.repeated => {
                values.push(json!("a".repeat(most + 1)));
                values.extend((min > 0).then(|| json!("")));
                values.extend((format != Format::Any).then(|| json!("\u{e9} \u{0}")));
            }
            Holds::Whole(least, most) => {
                values.extend((i128::from(max) < most).then(|| json!(max + 1)));
                values.extend((i128::from(min) > least).then(|| json!(min - 1)));
            }
            Holds::Enum(_) => values.extend([json!("NO_SUCH_VALUE"), json!(9_999)]),
            Holds::Time => values.extend([json!("soon"), json!(7), json!("10000-01-01T00:00:00Z")]),
            Holds::Text | Holds::Truth | Holds::Other => {}
        }
        found.push(Beyond { path, pointer, values });
    }
    Ok(())
}

/// The fields that a refusal is about.
fn faulty(error: &Value) -> Result<Vec<String>> {
    let details = error["details"].as_array().context("details")?;
    let detail = details.iter().find(|detail| detail["type"] == "google.rpc.BadRequest").context("a BadRequest")?;
    let bytes = STANDARD_NO_PAD.decode(detail["value"].as_str().context("a value")?.trim_end_matches('='))?;
    let told = <BadRequest as buffa::Message>::decode_from_slice(&bytes)?;
    Ok(told.field_violations.into_iter().map(|violation| violation.field).collect())
}

/// A field without a limit is a way to make the service work or store without end.
#[tokio::test]
async fn every_field_of_a_request_has_limits_and_a_value_beyond_them_is_refused() -> Result<()> {
    let stage = Stage::new(true).await?;
    let before = stage.items();
    for door in doors(&stage).await? {
        let mut fields = Vec::new();
        beyond(door.shape, &door.good, "", "", &mut fields)?;
        let token = bearer(ANNA, &[needed(&door)?])?;
        for Beyond { path, pointer, values } in fields {
            for value in values {
                let mut request = door.good.clone();
                *request.pointer_mut(&pointer).context("a field")? = value;
                let call = Call::post(door.path, &request).with("authorization", &token).with("idempotency-key", KEY);
                let error = is_refused(&door, &call, 400, "invalid_argument").await?;
                ensure!(faulty(&error)? == [path.as_str()], "{} {path}: {error}", door.path);
            }
        }
    }
    ensure!(stage.items() == before, "a request beyond its limits has changed something");
    Ok(())
}
