//! The AsyncAPI is what the template deploys and what the recorded events hold.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use local::Template;
use serde_json::{Map, Value, json};
use tests::{Document, function_names, root};

/// Where a queue's or a topic's name stands for the stack's name.
const STACK: (&str, &str) = ("${AWS::StackName}", "{stack}");

fn template() -> Result<Map<String, Value>> {
    let template = Template::read(&root().join("template.yaml"))?;
    Ok(template.as_json()["Resources"].as_object().context("resources")?.clone())
}

/// The resources of a type by their logical ids.
fn of_type<'a>(resources: &'a Map<String, Value>, kind: &str) -> Vec<(&'a str, &'a Value)> {
    let of_kind = resources.iter().filter(|(_, resource)| resource["Type"] == kind);
    of_kind.map(|(id, resource)| (id.as_str(), &resource["Properties"])).collect()
}

/// A name as the document writes it.
fn named(name: &Value) -> Result<String> {
    let name = name["Fn::Sub"].as_str().with_context(|| format!("a name with the stack's, not {name}"))?;
    Ok(name.replace(STACK.0, STACK.1))
}

/// The name of the queue whose ARN stands there.
fn queue_at(resources: &Map<String, Value>, arn: &Value) -> Result<String> {
    let id = arn["Fn::GetAtt"][0].as_str().with_context(|| format!("a queue's ARN, not {arn}"))?;
    named(&resources[id]["Properties"]["QueueName"])
}

#[test]
fn each_queue_is_a_channel_with_its_settings() -> Result<()> {
    let (resources, document) = (template()?, Document::asyncapi()?);
    let mut expected = BTreeMap::new();
    // Dead-letter queues stand with the queues whose messages they take.
    for (_, queue) in
        of_type(&resources, "AWS::SQS::Queue").into_iter().filter(|(_, queue)| queue["RedrivePolicy"].is_object())
    {
        let (name, redrive) = (named(&queue["QueueName"])?, &queue["RedrivePolicy"]);
        let dead = queue_at(&resources, &redrive["deadLetterTargetArn"])?;
        let binding = json!({
            "queue": {
                "name": name,
                "fifoQueue": queue["FifoQueue"].as_bool().unwrap_or_default(),
                "visibilityTimeout": queue["VisibilityTimeout"],
                "messageRetentionPeriod": queue["MessageRetentionPeriod"],
                "redrivePolicy": {"deadLetterQueue": {"name": dead}, "maxReceiveCount": redrive["maxReceiveCount"]},
            },
            "deadLetterQueue": {"name": dead, "fifoQueue": false, "messageRetentionPeriod": queue["MessageRetentionPeriod"]},
            "bindingVersion": "0.2.0",
        });
        expected.insert(name, binding);
    }
    let channels = document.as_json()["channels"].as_object().context("channels")?;
    let queues = channels.values().filter(|channel| channel["bindings"]["sqs"].is_object());
    let queues = queues.map(|channel| {
        Ok((channel["address"].as_str().context("an address")?.to_owned(), channel["bindings"]["sqs"].clone()))
    });
    let queues: BTreeMap<String, Value> = queues.collect::<Result<_>>()?;
    ensure!(queues.keys().eq(expected.keys()), "{:?} instead of {:?}", queues.keys(), expected.keys());
    for (name, binding) in &expected {
        ensure!(&queues[name] == binding, "{name} is {}, and the template says {binding}", queues[name]);
    }
    Ok(())
}

#[test]
fn each_subscription_of_a_queue_is_an_operation_with_its_filter() -> Result<()> {
    let (resources, document) = (template()?, Document::asyncapi()?);
    let mut expected = BTreeSet::new();
    for (_, subscription) in
        of_type(&resources, "AWS::SNS::Subscription").into_iter().filter(|(_, it)| it["Protocol"] == "sqs")
    {
        let topic = subscription["TopicArn"]["Ref"].as_str().context("a topic")?;
        let consumer = json!({
            "protocol": "sqs",
            "endpoint": {"name": queue_at(&resources, &subscription["Endpoint"])?},
            "filterPolicy": subscription["FilterPolicy"],
            "filterPolicyScope": subscription["FilterPolicyScope"],
            "rawMessageDelivery": subscription["RawMessageDelivery"],
            "redrivePolicy": {"deadLetterQueue": {"name": queue_at(&resources, &subscription["RedrivePolicy"]["deadLetterTargetArn"])?}},
        });
        let topic = named(&resources[topic]["Properties"]["TopicName"])?;
        expected
            .insert(json!({"topic": {"name": topic}, "consumers": [consumer], "bindingVersion": "0.1.0"}).to_string());
    }
    let operations = document.as_json()["operations"].as_object().context("operations")?;
    let bound =
        operations.values().map(|operation| &operation["bindings"]["sns"]).filter(|binding| binding.is_object());
    let bound: BTreeSet<String> = bound.map(Value::to_string).collect();
    ensure!(bound == expected, "{bound:#?}, and the template says {expected:#?}");
    ensure!(bound.len() == 2, "a subscription for each lane, not {}", bound.len());
    Ok(())
}

/// A function that a queue calls has an operation of its name, which receives from that queue.
#[test]
fn each_function_receives_from_its_queue() -> Result<()> {
    let (resources, document) = (template()?, Document::asyncapi()?);
    let operations = document.as_json()["operations"].as_object().context("operations")?;
    let mut fed = BTreeSet::new();
    for (id, function) in of_type(&resources, "AWS::Serverless::Function") {
        for event in
            function["Events"].as_object().into_iter().flat_map(Map::values).filter(|event| event["Type"] == "SQS")
        {
            let name =
                function["CodeUri"].as_str().and_then(|place| place.strip_prefix("functions/")).context("a folder")?;
            let queue = queue_at(&resources, &event["Properties"]["Queue"])?;
            let operation = operations.get(name).with_context(|| format!("{id} has no operation {name}"))?;
            ensure!(operation["action"] == "receive", "{name}: {operation}");
            let channel = operation["channel"]["$ref"]
                .as_str()
                .and_then(|place| place.strip_prefix("#/channels/"))
                .context("a channel")?;
            ensure!(
                document.as_json()["channels"][channel]["address"] == queue,
                "{name} receives from {channel}, not from {queue}"
            );
            fed.insert(name.to_owned());
        }
    }
    ensure!(fed.len() >= 10, "only {fed:?}");
    Ok(())
}

/// The messages of the recorded events fit; the poison among them does not.
#[test]
fn each_recorded_message_fits_and_no_poison_does() -> Result<()> {
    let (document, mut fitting, mut poison) = (Document::asyncapi()?, 0, 0);
    for function in function_names()? {
        for (case, good) in [("ok", true), ("reply", true), ("watchdog", true), ("poison", false)] {
            let Ok(text) = std::fs::read_to_string(root().join(format!("events/{function}/{case}.json"))) else {
                continue;
            };
            let event: Value = serde_json::from_str(&text)?;
            for body in event["Records"].as_array().into_iter().flatten().filter_map(|record| record["body"].as_str()) {
                let message = serde_json::from_str(body).unwrap_or(Value::Null);
                let fits = document.message(&message);
                // What resume-saga is poisoned with is a token, which only AWS can tell.
                if good {
                    fits.with_context(|| format!("events/{function}/{case}.json"))?;
                    needs_its_parts(&document, &message).with_context(|| format!("events/{function}/{case}.json"))?;
                    fitting += 1;
                } else if function != "resume-saga" {
                    ensure!(
                        fits.is_err() || !is_for(&document, &function, &message),
                        "events/{function}/{case}.json is no poison"
                    );
                    poison += 1;
                }
            }
        }
    }
    ensure!(fitting >= 15 && poison >= 10, "{fitting} and {poison}");
    Ok(())
}

/// A message fits no more without a part that its receiver reads, or with a payload of another type.
fn needs_its_parts(document: &Document, message: &Value) -> Result<()> {
    let of_saga = message["subject"]["correlation"].is_object();
    let parts =
        [("/subject", "type"), ("/subject", "messageId"), ("", "subject"), ("", "payload"), ("/payload", "@type")];
    for (place, part) in parts.into_iter().chain(of_saga.then_some(("/subject", "correlation"))) {
        let mut without = message.clone();
        without.pointer_mut(place).and_then(Value::as_object_mut).context("an object")?.remove(part);
        ensure!(document.message(&without).is_err(), "it fits without {place}/{part}");
    }
    let mut other = message.clone();
    other["payload"]["@type"] = json!("type.googleapis.com/order.v1.Money");
    ensure!(document.message(&other).is_err(), "it fits with a payload of another type");
    Ok(())
}

/// Whether the operation of the function is about this message.
fn is_for(document: &Document, function: &str, message: &Value) -> bool {
    let name = message["subject"]["type"].as_str().unwrap_or_default();
    let messages = document.as_json()["operations"][function]["messages"].as_array();
    messages
        .into_iter()
        .flatten()
        .filter_map(|message| message["$ref"].as_str())
        .any(|place| place.ends_with(&format!("/{name}")))
}
