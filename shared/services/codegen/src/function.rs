//! `make function`: the crate of a step's function, and the two events that try it.

mod event;
mod values;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use heck::{ToKebabCase, ToUpperCamelCase};
use messaging::Deployment;
use orchestration::Registry;
use saga::Definition;

/// The files of the function of this step: their paths below the root, and their content. `checkout` has the contracts.
///
/// # Errors
/// A name that is not in kebab-case, without a row, or of a command that no saga sends; or contracts that do not declare
/// the command.
pub fn files(checkout: &Path, registry: &Registry, steps: &[Deployment], name: &str) -> Result<Vec<(PathBuf, String)>> {
    let is_kebab_case = name.starts_with(|first: char| first.is_ascii_lowercase()) && name == name.to_kebab_case();
    ensure!(
        is_kebab_case,
        "{name:?} is not in kebab-case: NAME is the command's, such as send-receipt for SendReceipt"
    );
    let step = name.to_upper_camel_case();
    let row = steps.iter().find(|row| row.handler == name).with_context(|| {
        format!("{name} has no row: add Deployment::step::<{step}>(…) to STEPS in the deployment.rs of its service")
    })?;
    let saga = sender(registry, name).with_context(|| {
        format!("no saga sends {name}: add {step} to a saga in shared/services/order/src/sagas, and word it")
    })?;
    let wordings = registry.wordings(saga)?;
    let command = &wordings.get(name).with_context(|| format!("{} does not word {name}", saga.name))?.message;
    let [ok, poison] = event::events(name, command, saga.name, values::of(checkout, command)?)?;
    let (function, events) = (Path::new("functions").join(name), Path::new("events").join(name));
    Ok(vec![
        (function.join("Cargo.toml"), manifest(name, row.service)),
        (function.join("src/main.rs"), main(&step, row.service)),
        (events.join("ok.json"), ok),
        (events.join("poison.json"), poison),
    ])
}

/// The saga that the command comes from; a saga that sends it on its way forward comes before one that undoes with it.
fn sender<'a>(registry: &'a Registry, name: &str) -> Option<&'a Definition> {
    let forward = |saga: &&Definition| saga.steps.iter().any(|step| step.command.handler == name);
    let sends = |saga: &&Definition| saga.commands().any(|command| command.handler == name);
    registry.definitions().find(forward).or_else(|| registry.definitions().find(sends))
}

/// Writes the files of the function `name` below `root`.
///
/// # Errors
/// A function or events that are there already, or a file that cannot be written.
pub fn write(root: &Path, name: &str, files: &[(PathBuf, String)]) -> Result<()> {
    for folder in ["functions", "events"] {
        let there = root.join(folder).join(name).exists();
        ensure!(!there, "{folder}/{name} is there already: edit it, or remove it and try again");
    }
    for (path, content) in files {
        let path = root.join(path);
        let written =
            path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, content));
        written.with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

fn manifest(name: &str, service: &str) -> String {
    format!(
        "\
[package]
name = \"{name}\"
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
publish.workspace = true

[[bin]]
name = \"{name}\"
path = \"src/main.rs\"
test = false

[lints]
workspace = true

[dependencies]
{service}.workspace = true
runtime.workspace = true
tokio.workspace = true
"
    )
}

fn main(step: &str, service: &str) -> String {
    format!(
        "\
//! Handles {step}.

#[tokio::main(flavor = \"current_thread\")]
async fn main() -> Result<(), runtime::Error> {{
    runtime::serve_step({service}::steps::{step}, {service}::deployment::STEPS).await
}}
"
    )
}
