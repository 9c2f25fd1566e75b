//! `docs/api/asyncapi.yaml`: the queues and the topic, who sends to them, who receives from them, and what.

mod messages;
mod operations;
mod traffic;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use messaging::Deployment;
use orchestration::Registry;
use protox::prost_reflect::MessageDescriptor;

use super::contract::{Contract, with_what_they_hold};
use super::schema;
use super::tree::{lines, object, reference, text};
use crate::template::yaml::filled;
use messages::Recorded;
use traffic::{REFUSED, SUCCEEDED, Traffic};

/// Where the document stands, below the root.
pub(super) const PATH: &str = "docs/api/asyncapi.yaml";

/// The queues of the lanes, with how often a message is received before it is dead; see `sagas/outages.rs` in tests.
const LANES: [Queue; 3] = [
    Queue { name: "saga", about: "What the orchestrator of the Rust lane receives.", receives: 1000 },
    Queue { name: "start-saga", about: "The events that start a saga, in the Step Functions lane.", receives: 100 },
    Queue { name: "resume-saga", about: "The replies to commands, in the Step Functions lane.", receives: 100 },
];
/// The same of the queue of a step.
const RECEIVES: u32 = 100;

#[derive(Clone, Copy)]
struct Queue {
    name: &'static str,
    about: &'static str,
    receives: u32,
}

/// The document.
///
/// # Errors
/// A saga whose commands the contracts or the rows do not have.
pub(super) fn document(
    contract: &Contract,
    checkout: &Path,
    registry: &Registry,
    steps: &[Deployment],
) -> Result<String> {
    let traffic = Traffic::read(contract, registry, steps)?;
    let recorded = Recorded::read(checkout)?;
    let types = traffic.types();
    let messages = types.iter().map(|name| Ok((name.as_str(), messages::message(&traffic, &recorded, name)?)));
    let messages = object(messages.collect::<Result<Vec<_>>>()?);
    let described = types.iter().map(String::as_str).chain([messages::ENVELOPE]).map(|name| contract.message(name));
    let held = with_what_they_hold(described.collect::<Result<Vec<MessageDescriptor>>>()?);
    let schemas = schema::schemas(contract, &held, &BTreeMap::new())?;
    let schemas = object(schemas.iter().map(|(name, schema)| (name.as_str(), schema.clone())));
    let parts = [
        ("channels", channels(&traffic)?),
        ("operations", operations::lines_of(&traffic)?),
        ("messages", lines(&messages)?),
        ("schemas", lines(&schemas)?),
    ];
    Ok(filled(include_str!("asyncapi/frame.yaml"), &[], &parts))
}

/// The lines of every channel: those of the steps, of the lanes, and of the topic.
fn channels(traffic: &Traffic<'_>) -> Result<Vec<String>> {
    let mut written = String::new();
    for row in traffic.steps {
        let queue = Queue { name: row.handler, about: row.description, receives: RECEIVES };
        written += &queue.channel(&[traffic.command(row.handler)?])?;
    }
    for queue in LANES {
        written += &queue.channel(&traffic.received_by(queue.name))?;
    }
    let events: Vec<&str> = traffic.events.iter().map(String::as_str).collect();
    let parts = [("messages", referred(&events)?), ("replies", referred(&[SUCCEEDED, REFUSED])?)];
    written += &filled(include_str!("asyncapi/topic.yaml"), &[], &parts);
    Ok(written.lines().map(str::to_owned).collect())
}

impl Queue {
    fn channel(&self, messages: &[&str]) -> Result<String> {
        let receives = self.receives.to_string();
        let words = [("name", self.name), ("receives", receives.as_str())];
        let description = object([("description", text(self.about))]);
        let parts = [("description", lines(&description)?), ("messages", referred(messages)?)];
        Ok(filled(include_str!("asyncapi/queue.yaml"), &words, &parts))
    }
}

/// The messages of a channel.
fn referred(messages: &[&str]) -> Result<Vec<String>> {
    lines(&object(messages.iter().map(|name| (*name, reference(&format!("#/components/messages/{name}"))))))
}
