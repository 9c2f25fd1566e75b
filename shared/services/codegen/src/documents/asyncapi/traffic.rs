//! Who says what to whom.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use messaging::Deployment;
use orchestration::Registry;
use protox::prost_reflect::MessageDescriptor;

use crate::documents::contract::{Contract, with_what_they_hold};

/// What a reply says, besides that it answers a command.
pub(super) const SUCCEEDED: &str = "message.v1.CommandSucceeded";
pub(super) const REFUSED: &str = "message.v1.CommandRefused";
/// What the orchestrator of the Rust lane says to itself.
pub(super) const WATCHDOG: &str = "saga.v1.DeadlinePassed";

/// What the contracts, the sagas and the rows say of it.
pub(super) struct Traffic<'a> {
    pub(super) contract: &'a Contract,
    pub(super) registry: &'a Registry,
    pub(super) steps: &'a [Deployment],
    /// The type of the command that each function handles.
    commands: BTreeMap<&'static str, String>,
    /// The types of the events that start a saga.
    pub(super) starting: BTreeSet<&'static str>,
    /// The types of all events.
    pub(super) events: BTreeSet<String>,
}

impl<'a> Traffic<'a> {
    /// Reads it off the contracts and the sagas.
    ///
    /// # Errors
    /// A command that a saga cannot word.
    pub(super) fn read(contract: &'a Contract, registry: &'a Registry, steps: &'a [Deployment]) -> Result<Self> {
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
    pub(super) fn types(&self) -> BTreeSet<String> {
        let replies = [SUCCEEDED, REFUSED, WATCHDOG].map(str::to_owned);
        self.commands.values().cloned().chain(self.events.iter().cloned()).chain(replies).collect()
    }

    /// The command that the function handles.
    pub(super) fn command(&self, handler: &str) -> Result<&str> {
        let command = self.commands.get(handler);
        command.map(String::as_str).with_context(|| format!("no saga sends a command to {handler}"))
    }

    /// What the queue of a lane receives.
    pub(super) fn received_by(&self, queue: &str) -> Vec<&str> {
        let starting = self.starting.iter().copied();
        match queue {
            "saga" => starting.chain([SUCCEEDED, REFUSED, WATCHDOG]).collect(),
            "start-saga" => starting.collect(),
            _ => vec![SUCCEEDED, REFUSED],
        }
    }
}

/// The full names of the messages that the message's fields hold.
fn held_by(message: &MessageDescriptor) -> Vec<String> {
    let held = with_what_they_hold([message.clone()]);
    held.into_keys().filter(|name| name != message.full_name()).collect()
}
