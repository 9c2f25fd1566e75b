//! `docs/api/asyncapi.yaml`: the queues and the topic, who sends to them, who receives from them, and what.

mod messages;
mod operations;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use messaging::Deployment;
use orchestration::Registry;
use protox::prost_reflect::MessageDescriptor;

use super::contract::{Contract, with_what_they_hold};
use super::schema;
use super::tree::{lines, object, reference, text};
use crate::template::yaml::filled;
use messages::Recorded;

/// Where the document stands, below the root.
pub(super) const PATH: &str = "docs/api/asyncapi.yaml";

/// What a reply says, besides that it answers a command.
const SUCCEEDED: &str = "message.v1.CommandSucceeded";
const REFUSED: &str = "message.v1.CommandRefused";
/// What the orchestrator of the Rust lane says to itself.
const WATCHDOG: &str = "saga.v1.DeadlinePassed";

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

/// Who says what to whom.
struct Traffic<'a> {
    contract: &'a Contract,
    registry: &'a Registry,
    steps: &'a [Deployment],
    /// The type of the command that each function handles.
    commands: BTreeMap<&'static str, String>,
    /// The types of the events that start a saga.
    starting: BTreeSet<&'static str>,
    /// The types of all events.
    events: BTreeSet<String>,
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
        ("channels", traffic.channels()?),
        ("operations", operations::lines_of(&traffic)?),
        ("messages", lines(&messages)?),
        ("schemas", lines(&schemas)?),
    ];
    Ok(filled(include_str!("asyncapi/frame.yaml"), &[], &parts))
}

impl<'a> Traffic<'a> {
    fn read(contract: &'a Contract, registry: &'a Registry, steps: &'a [Deployment]) -> Result<Self> {
        let mut commands = BTreeMap::new();
        for definition in registry.definitions() {
            let wordings = registry.wordings(definition)?;
            commands.extend(wordings.into_iter().map(|(handler, wording)| (handler, wording.message)));
        }
        let own = contract.own_messages();
        let held: BTreeSet<String> = own.iter().flat_map(held_by).collect();
        let is_event = |message: &&MessageDescriptor| {
            let name = message.full_name();
            !contract.is_api(message) && !held.contains(name) && !commands.values().any(|command| command == name)
        };
        let events = own.iter().filter(is_event).map(|message| message.full_name().to_owned()).collect();
        let starting = registry.starting_events().collect();
        Ok(Self { contract, registry, steps, commands, starting, events })
    }

    /// The types of all messages that travel.
    fn types(&self) -> BTreeSet<String> {
        let replies = [SUCCEEDED, REFUSED, WATCHDOG].map(str::to_owned);
        self.commands.values().cloned().chain(self.events.iter().cloned()).chain(replies).collect()
    }

    /// The command that the function handles.
    fn command(&self, handler: &str) -> Result<&str> {
        let command = self.commands.get(handler);
        command.map(String::as_str).with_context(|| format!("no saga sends a command to {handler}"))
    }

    /// What the queue of a lane receives.
    fn received_by(&self, queue: &str) -> Vec<&str> {
        let starting = self.starting.iter().copied();
        match queue {
            "saga" => starting.chain([SUCCEEDED, REFUSED, WATCHDOG]).collect(),
            "start-saga" => starting.collect(),
            _ => vec![SUCCEEDED, REFUSED],
        }
    }

    fn channels(&self) -> Result<Vec<String>> {
        let mut written = String::new();
        for row in self.steps {
            let queue = Queue { name: row.handler, about: row.description, receives: RECEIVES };
            written += &queue.channel(&[self.command(row.handler)?])?;
        }
        for queue in LANES {
            written += &queue.channel(&self.received_by(queue.name))?;
        }
        let events: Vec<&str> = self.events.iter().map(String::as_str).collect();
        let parts = [("messages", referred(&events)?), ("replies", referred(&[SUCCEEDED, REFUSED])?)];
        written += &filled(include_str!("asyncapi/topic.yaml"), &[], &parts);
        Ok(written.lines().map(str::to_owned).collect())
    }
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

/// The full names of the messages that the message's fields hold.
fn held_by(message: &MessageDescriptor) -> Vec<String> {
    let held = with_what_they_hold([message.clone()]);
    held.into_keys().filter(|name| name != message.full_name()).collect()
}
