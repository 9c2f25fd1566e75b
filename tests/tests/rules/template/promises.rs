//! What the template must come to, from sources of its own: the registry of sagas, the steps' rows, the contracts, the folders
//! of functions, and the tables in these files. It is the whole template: what is found and not promised is a complaint as well.

mod alarms;
mod api;
mod choices;
mod console;
mod events;
mod functions;
mod machines;
mod names;
mod queues;
mod rights;
mod surroundings;
mod tables;
mod versions;

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Map, Value};

pub(super) use choices::{Choices, parameters};
pub(super) use functions::names as function_names;
pub(super) use machines::placeholders;
pub(super) use rights::trespassers;
pub(super) use tables::indexes;

/// Stands for any text: what is written for people has no other rule than to be there.
pub(super) const ANY_TEXT: &str = "<any text>";

/// The entries of a template with its choices made, by section and name, such as `Resources/OrdersTable`.
pub(super) type Entries = BTreeMap<String, Value>;

/// Every entry that the template must have when these choices are made, and what it must be.
pub(super) fn promises(choices: Choices) -> Result<Entries> {
    let lane = choices.lane;
    let mut resources = Map::new();
    resources.extend(tables::resources(choices));
    resources.extend(queues::resources(choices));
    resources.extend(functions::resources(lane)?);
    resources.extend(api::resources(choices)?);
    resources.extend(console::resources(choices));
    resources.extend(events::resources(choices));
    resources.extend(machines::resources());
    resources.extend(alarms::resources(lane)?);
    resources.extend(versions::resources());
    let mut entries = surroundings::entries(choices);
    entries.extend(resources.into_iter().map(|(id, resource)| (format!("Resources/{id}"), resource)));
    Ok(entries)
}
