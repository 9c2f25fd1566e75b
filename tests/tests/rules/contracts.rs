//! What is generated from `proto/` is fresh, sound, and breaks nobody.

mod documents;
mod limits;
mod messages;
mod requests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tests::root;

#[test]
fn the_generated_rust_is_fresh() -> Result<()> {
    let wire = root().join("shared/engine/wire/proto");
    is_fresh(&wire, &[], "shared/engine/wire/src/generated")?;
    let shop = root().join("shared/engine/testkit/proto");
    is_fresh(&shop, std::slice::from_ref(&wire), "shared/engine/testkit/src/generated")?;
    let trip = root().join("shared/engine/trip/proto");
    is_fresh(&trip, std::slice::from_ref(&wire), "shared/engine/trip/src/generated")?;
    is_fresh(&root().join("proto"), &[wire], "shared/services/contracts/src/generated")
}

fn is_fresh(protos: &Path, includes: &[PathBuf], committed: &str) -> Result<()> {
    let fresh = tempfile::tempdir()?;
    codegen::generate(protos, includes, fresh.path())?;
    let committed = root().join(committed);
    ensure!(names(fresh.path())? == names(&committed)?, "other files are generated: run make generate");
    for name in names(fresh.path())? {
        let same = std::fs::read(fresh.path().join(&name))? == std::fs::read(committed.join(&name))?;
        ensure!(same, "{name} is stale: run make generate");
    }
    Ok(())
}

fn names(folder: &Path) -> Result<BTreeSet<String>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
}

#[test]
fn buf_lint_finds_nothing() -> Result<()> {
    buf(&["lint"])
}

/// `make publish-contracts` takes today's contracts as what later ones must not break.
#[test]
fn nothing_breaks_what_was_published() -> Result<()> {
    // The published image is one, and the contracts stand in two modules: one image is made of them first.
    let folder = tempfile::tempdir()?;
    let today = folder.path().join("today.binpb");
    let today = today.to_string_lossy();
    buf(&["build", "--output", &today])?;
    buf(&["breaking", &today, "--against", "proto/published.binpb", "--config", "buf.yaml"])
}

fn buf(arguments: &[&str]) -> Result<()> {
    let program = root().join(".local/node/node_modules/.bin/buf");
    let output = Command::new(&program)
        .args(arguments)
        .current_dir(root())
        .output()
        .with_context(|| format!("{} is missing: run make test", program.display()))?;
    let (found, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "buf {arguments:?}:\n{found}{complained}");
    Ok(())
}
