//! `make new-version`: a published definition stays as it is under another name, and its copy becomes the next version.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use heck::ToSnakeCase;
use orchestration::Registry;

use crate::lock;

/// The sagas as values, below the root.
const SAGAS: &str = "shared/services/order/src/sagas";

/// Gives the saga `name` its next version, which is a copy of the newest one, in the sources below `root`; gives the files that
/// it has written.
///
/// # Errors
/// A saga that is not known, whose newest version is not published yet, or a source without one of the lines that a version
/// is added at: then nothing is written.
pub fn new_version(root: &Path, registry: &Registry, name: &str) -> Result<[PathBuf; 2]> {
    let newest = registry.definitions().filter(|saga| saga.name == name).map(|saga| saga.version).max();
    let newest = newest.with_context(|| {
        let known: std::collections::BTreeSet<&str> = registry.definitions().map(|saga| saga.name).collect();
        format!("there is no saga {name:?}: SAGA is one of {}", Vec::from_iter(known).join(", "))
    })?;
    let read =
        |path: &Path| std::fs::read_to_string(root.join(path)).with_context(|| format!("reading {}", path.display()));
    let unpublished = lock::unpublished(&read(Path::new(lock::PATH))?, registry)?;
    ensure!(
        !unpublished.contains_key(&(name.to_owned(), newest)),
        "version {newest} of {name} is not published yet: change it as it is, because no run can be in flight on it"
    );

    let function = name.to_snake_case();
    let (saga, sagas) = (Path::new(SAGAS).join(format!("{function}.rs")), PathBuf::from(format!("{SAGAS}.rs")));
    let with_version = with_version(&read(&saga)?, name, newest).with_context(|| saga.display().to_string())?;
    let registered = registered(&read(&sagas)?, &function, newest).with_context(|| sagas.display().to_string())?;
    for (path, text) in [(&saga, with_version), (&sagas, registered)] {
        std::fs::write(root.join(path), text).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok([saga, sagas])
}

/// The name of the function that gives this version once it is not the newest any more.
fn older(function: &str, version: u32) -> String {
    format!("{function}_v{version}")
}

/// The saga's file: the function gives the next version, and another one below it gives the version that was the newest.
fn with_version(text: &str, name: &str, newest: u32) -> Result<String> {
    let function = name.to_snake_case();
    let (declared, kept) = (format!("pub fn {function}()"), older(&function, newest));
    let taken = text.contains(&format!("fn {kept}("));
    ensure!(!taken, "there is a function {kept} already: the version that {function} gives was kept before");
    let (before, rest) = once(text, &format!("\n{declared}"))?;
    let (body, after) = rest.split_once("\n}\n").with_context(|| looked_for(&format!("}} after {declared}")))?;
    let (saga, next) = (format!("saga(\"{name}\", {newest})"), format!("saga(\"{name}\", {})", newest + 1));
    let (start, steps) = once(body, &saga)?;
    Ok(format!(
        "{before}\n{declared}{start}{next}{steps}\n}}\n\n\
         /// Version {newest} of {name}, for the runs that started with it.\n\
         pub fn {kept}(){body}\n}}\n{after}"
    ))
}

/// The file that registers the sagas: what is the newest version no longer comes before its successor.
fn registered(text: &str, function: &str, newest: u32) -> Result<String> {
    let kept = older(function, newest);
    let export = format!("pub use {function}::{{");
    let (before, rest) = once(text, &export)?;
    let (names, after) = rest.split_once("};").with_context(|| looked_for(&format!("}}; after {export}")))?;
    let names = names.split(',').map(str::trim).filter(|name| !name.is_empty()).chain([kept.as_str()]);
    let text = format!("{before}{export}{}}};{after}", Vec::from_iter(names).join(", "));

    let registration = format!("({function}())");
    let (before, after) = once(&text, &registration)?;
    let (before, with) = before.rsplit_once('\n').unwrap_or(("", before));
    let own = with.trim_start().starts_with(".with::<");
    ensure!(own, "{}", looked_for(&format!(".with::<…>{registration}")));
    Ok(format!("{before}\n{with}({kept}())\n{with}{registration}{after}"))
}

/// What stands before and after the only place with this text.
fn once<'a>(text: &'a str, wanted: &str) -> Result<(&'a str, &'a str)> {
    let parts = text.split_once(wanted).filter(|(_, after)| !after.contains(wanted));
    parts.with_context(|| looked_for(wanted.trim_start()))
}

fn looked_for(line: &str) -> String {
    format!("it needs one line with {line}: bring it into that form, or add the version by hand")
}

#[cfg(test)]
mod tests;
