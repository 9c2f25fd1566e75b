//! What the template must come to, from sources of its own: the registry of sagas, the steps' rows, the contracts, the folders
//! of functions, and the tables in these files. It is the whole template: what is found and not promised is a complaint as well.

mod alarms;
mod api;
mod events;
mod functions;
mod machines;
mod names;
mod queues;
mod rights;
mod surroundings;
mod tables;

use std::collections::BTreeMap;

use anyhow::Result;
use local::Lane;
use serde_json::{Map, Value};

pub(super) use functions::names as function_names;
pub(super) use machines::placeholders;
pub(super) use rights::trespassers;
pub(super) use surroundings::parameters;
pub(super) use tables::indexes;

/// Stands for any text: what is written for people has no other rule than to be there.
pub(super) const ANY_TEXT: &str = "<any text>";

/// The entries of a template in one lane, by section and name, such as `Resources/OrdersTable`.
pub(super) type Entries = BTreeMap<String, Value>;

/// Every entry that the template must have in the lane, and what it must be.
pub(super) fn promises(lane: Lane) -> Result<Entries> {
    let mut resources = Map::new();
    resources.extend(tables::resources());
    resources.extend(queues::resources(lane));
    resources.extend(functions::resources(lane)?);
    resources.extend(api::resources()?);
    resources.extend(events::resources(lane));
    resources.extend(machines::resources(lane));
    resources.extend(alarms::resources(lane)?);
    let mut entries = surroundings::entries(lane);
    entries.extend(resources.into_iter().map(|(id, resource)| (format!("Resources/{id}"), resource)));
    Ok(entries)
}
