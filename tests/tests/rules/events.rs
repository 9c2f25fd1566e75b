//! The recorded events are what their functions read, and the poison among them is not: by what `proto/` declares, by the
//! sagas that are registered, and by the engine's own reader of messages.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use codegen::{Holds, MessageType};
use messaging::Envelope;
use serde_json::Value;
use tests::{function_names, root};

/// What `proto/` declares, by the full names of the messages.
type Types = BTreeMap<String, MessageType>;

fn types() -> Result<Types> {
    let wire = root().join("shared/engine/wire/proto");
    let engine = codegen::messages(&wire, &[])?;
    let all = engine.into_iter().chain(codegen::messages(&root().join("proto"), &[wire])?);
    Ok(all.map(|message| (message.name.clone(), message)).collect())
}

/// Says whether the fields are those of the message, and those in it of theirs.
fn must_be(types: &Types, name: &str, message: &Value) -> Result<()> {
    let described = types.get(name).with_context(|| format!("proto/ declares no {name}"))?;
    let fields = message.as_object().with_context(|| format!("{message} is no {name}"))?;
    for (field, value) in fields.iter().filter(|(field, _)| *field != "@type") {
        let holds = described.fields.get(field).with_context(|| format!("{name} has no field {field}"))?;
        if let Holds::Message(inner) = holds
            && types.contains_key(inner)
        {
            for value in value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice) {
                must_be(types, inner, value)?;
            }
        }
    }
    Ok(())
}

/// A message whose payload is what it says it is.
fn envelope(types: &Types, body: &str) -> Result<Envelope> {
    let envelope = Envelope::parse(body)?;
    must_be(types, envelope.payload.type_name(), &serde_json::to_value(&envelope.payload)?)?;
    Ok(envelope)
}

/// What a function reads of a record of its event, as far as its name tells.
fn reads(types: &Types, function: &str, record: &Value) -> Result<()> {
    let registry = order::sagas::registry();
    match function {
        "relay-outbox" => return relayed(types, &record["dynamodb"]["NewImage"]),
        "orchestrate-saga" | "start-saga" | "resume-saga" => {
            let told = envelope(types, record["body"].as_str().context("a body")?)?;
            let name = told.payload.type_name();
            let known = registry.starting_events().any(|event| event == name)
                || ["message.v1.CommandSucceeded", "saga.v1.DeadlinePassed"].contains(&name);
            ensure!(known, "{name} starts no saga and answers none");
        }
        _ if record["rawPath"].is_string() => {
            let (service, rpc) =
                record["rawPath"].as_str().and_then(|path| path[1..].split_once('/')).context("a path")?;
            let package = service.rsplit_once('.').context("a package")?.0;
            let request = serde_json::from_str(record["body"].as_str().context("a body")?)?;
            must_be(types, &format!("{package}.{rpc}Request"), &request)?;
        }
        step => {
            let wordings = registry.definitions().map(|definition| registry.wordings(definition));
            let wordings = wordings.collect::<Result<Vec<_>, _>>()?;
            let handled = wordings.iter().find_map(|wordings| wordings.get(step));
            let handled = &handled.with_context(|| format!("no saga sends commands to {step}"))?.message;
            let command = envelope(types, record["body"].as_str().context("a body")?)?;
            ensure!(command.payload.type_name() == handled, "{step} handles {handled}");
        }
    }
    Ok(())
}

/// Events whose label and identity are those of their content.
fn relayed(types: &Types, image: &Value) -> Result<()> {
    for entry in image["outbox"]["L"].as_array().context("an outbox")? {
        let text = |name: &str| entry["M"][name]["S"].as_str().with_context(|| format!("an entry without {name}"));
        let event = envelope(types, text("body")?)?;
        ensure!(text("type")? == event.payload.type_name() && text("id")? == event.message_id.to_string(), "{entry}");
    }
    Ok(())
}

/// The records of an event; a call is its only one.
fn records(function: &str, case: &str) -> Result<Vec<Value>> {
    let file = root().join(format!("events/{function}/{case}.json"));
    let event: Value = serde_json::from_slice(&std::fs::read(&file).with_context(|| file.display().to_string())?)?;
    Ok(event["Records"].as_array().cloned().unwrap_or_else(|| vec![event]))
}

#[test]
fn every_function_reads_its_event() -> Result<()> {
    let types = types()?;
    for function in function_names()? {
        let records = records(&function, "ok")?;
        ensure!(!records.is_empty(), "events/{function}/ok.json has no record");
        for record in records {
            reads(&types, &function, &record).with_context(|| format!("events/{function}/ok.json"))?;
        }
    }
    Ok(())
}

/// What is bad about a call, or about the token of a reply, only the deployed tests see.
#[test]
fn no_function_reads_its_poison() -> Result<()> {
    let types = types()?;
    let mut tried = 0;
    for function in function_names()?.into_iter().filter(|function| function != "resume-saga") {
        if !root().join(format!("events/{function}/poison.json")).exists() {
            continue;
        }
        for record in records(&function, "poison")? {
            tried += 1;
            ensure!(reads(&types, &function, &record).is_err(), "events/{function}/poison.json is no poison");
        }
    }
    ensure!(tried >= 12, "only {tried} records were tried");
    Ok(())
}
