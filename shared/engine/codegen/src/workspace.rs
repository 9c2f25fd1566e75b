//! The manifest with which the engine stands alone.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use toml_edit::{Array, DocumentMut, Item, TableLike, value};

/// The file in the engine's folder; Cargo allows no workspace within a workspace, so it cannot have its final name there.
pub const STANDALONE: &str = "workspace.toml";

const HEAD: &str = "\
# Generated from the Cargo.toml of the whole workspace by make generate. Do not edit.
# Where the folder stands alone, this file is its Cargo.toml.

";

/// The manifest of the workspace at `root`, reduced to the crates in `folder`: their dependencies, lints and profiles.
///
/// # Errors
/// A manifest that cannot be read, or a crate in `folder` that depends on a crate outside of it.
pub fn standalone(root: &Path, folder: &str) -> Result<String> {
    let read = |path: &Path| std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()));
    let mut members = Vec::new();
    for entry in std::fs::read_dir(root.join(folder)).with_context(|| format!("reading {folder}"))? {
        let manifest = entry?.path().join("Cargo.toml");
        if manifest.exists() {
            members.push(read(&manifest)?);
        }
    }
    reduced(&read(&root.join("Cargo.toml"))?, folder, &members)
}

/// The workspace's manifest, reduced to what the manifests of `members` use.
fn reduced(workspace: &str, folder: &str, members: &[String]) -> Result<String> {
    let mut document: DocumentMut = workspace.parse().context("the manifest of the workspace is not TOML")?;
    let used = used_by(members)?;
    document["workspace"]["members"] = value(Array::from_iter(["*"]));
    let declared = table(&mut document["workspace"]["dependencies"])?;
    keep(declared, |name| used.contains(name));
    for name in &used {
        let dependency = declared.get_mut(name).with_context(|| format!("the workspace declares no {name}"))?;
        if let Some(path) = dependency.as_table_like_mut().and_then(|dependency| dependency.get_mut("path")) {
            let inside = path.as_str().and_then(|path| path.strip_prefix(folder)?.strip_prefix('/'));
            *path = value(inside.with_context(|| format!("{name} is not in {folder}: its crates must not use it"))?);
        }
    }
    // Cargo warns of a profile for a package that is not there.
    for (_, profile) in table(&mut document["profile"])?.iter_mut() {
        if let Some(packages) = table(profile)?.get_mut("package") {
            keep(table(packages)?, |name| used.contains(name));
        }
    }
    Ok(format!("{HEAD}{document}"))
}

/// What these crates depend on, by name.
fn used_by(members: &[String]) -> Result<BTreeSet<String>> {
    let mut used = BTreeSet::new();
    for member in members {
        let member: DocumentMut = member.parse().context("the manifest of a crate is not TOML")?;
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let declared = member.get(kind).and_then(Item::as_table_like);
            used.extend(declared.into_iter().flat_map(TableLike::iter).map(|(name, _)| name.to_owned()));
        }
    }
    Ok(used)
}

fn table(item: &mut Item) -> Result<&mut dyn TableLike> {
    item.as_table_like_mut().context("the manifest of the workspace lacks a table")
}

fn keep(table: &mut dyn TableLike, is_kept: impl Fn(&str) -> bool) {
    let others: Vec<String> = table.iter().map(|(name, _)| name.to_owned()).filter(|name| !is_kept(name)).collect();
    for name in others {
        table.remove(&name);
    }
}

#[cfg(test)]
mod tests;
