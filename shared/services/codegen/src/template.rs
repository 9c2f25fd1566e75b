//! The parts of `template.yaml` that follow from the sagas and from the rows of the steps.

mod lanes;
mod machines;
mod steps;
pub(crate) mod yaml;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};
use messaging::Deployment;
use orchestration::Registry;
use saga::{CommandSpec, Definition};

use crate::blocks::Markers;

/// The template, below the root.
pub const TEMPLATE: &str = "template.yaml";

const MARKERS: Markers = Markers { before: "# <generated: ", after: ">", end: "# <end>" };

/// Every generated block of the template: its name, and its lines.
///
/// # Errors
/// Sagas and rows that do not speak of the same steps.
pub fn blocks(registry: &Registry, steps: &[Deployment]) -> Result<BTreeMap<String, String>> {
    check(registry, steps)?;
    let definitions: Vec<&Definition> = registry.definitions().collect();
    let mut blocks = steps::blocks(steps);
    blocks.extend(machines::blocks(&definitions));
    blocks.extend(lanes::blocks(registry, &definitions, steps));
    Ok(blocks)
}

/// The template with what stands between each `# <generated: …>` and its `# <end>` replaced by that block.
///
/// # Errors
/// Sagas and rows that do not speak of the same steps, or a template that does not have each block once.
pub(crate) fn refresh(text: &str, registry: &Registry, steps: &[Deployment]) -> Result<String> {
    let blocks = blocks(registry, steps)?;
    let mut seen = BTreeSet::new();
    let refreshed = MARKERS.refresh(text, |name| {
        let start = MARKERS.start(name);
        let content = blocks.get(name).with_context(|| {
            let known: Vec<_> = blocks.keys().map(String::as_str).collect();
            format!("the block {start} is not known: take it out, or name one of {}", known.join(", "))
        })?;
        ensure!(seen.insert(name.to_owned()), "the block {start} is there twice: take one out");
        Ok(content.clone())
    })?;
    if let Some(name) = blocks.keys().find(|name| !seen.contains(*name)) {
        let (start, end) = (MARKERS.start(name), MARKERS.end);
        bail!("has no place for the {name}: it needs the line {start} and after it the line {end}");
    }
    Ok(refreshed)
}

/// Each command of the sagas has one row, and there are no other rows.
fn check(registry: &Registry, steps: &[Deployment]) -> Result<()> {
    let mut rows = BTreeSet::new();
    for row in steps {
        let place = place(row.service);
        ensure!(rows.insert(row.handler), "{} has two rows: take one out of {place}", row.handler);
    }
    for CommandSpec { handler, participant } in registry.definitions().flat_map(Definition::commands) {
        let (command, place) = (yaml::id(handler), place(participant));
        ensure!(rows.contains(handler), "{handler} has no row: add Deployment::step::<{command}>(…) to {place}");
    }
    let handlers = registry.handlers();
    if let Some(row) = steps.iter().find(|row| !handlers.contains(row.handler)) {
        let place = place(row.service);
        bail!("no saga sends {}: take its row out of {place}, or register the saga that sends it", row.handler);
    }
    Ok(())
}

fn place(service: &str) -> String {
    format!("STEPS in the deployment.rs of {service}")
}

#[cfg(test)]
mod tests;
