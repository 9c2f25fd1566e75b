//! `make check` runs every test that needs no local AWS.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use cargo_metadata::{MetadataCommand, TargetKind};
use tests::root;

/// The test targets that start a local AWS.
const NEED_A_LOCAL_AWS: [&str; 2] = ["local_aws", "system"];

#[test]
fn every_test_target_is_checked_or_needs_a_local_aws() -> Result<()> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec()?;
    let targets = metadata.packages.into_iter().flat_map(|package| package.targets);
    let targets: BTreeSet<_> =
        targets.filter(|target| target.kind.contains(&TargetKind::Test)).map(|target| target.name).collect();

    let makefile = std::fs::read_to_string(root().join("Makefile"))?;
    let (_, recipe) = makefile.split_once("\ncheck: ").context("the Makefile has no check")?;
    let recipe = recipe.split("\n\n").next().unwrap_or_default();
    let listed = recipe.split("--test ").skip(1).filter_map(|rest| rest.split_whitespace().next());
    let known: BTreeSet<_> = listed.chain(NEED_A_LOCAL_AWS).map(str::to_owned).collect();
    ensure!(known == targets, "make check and NEED_A_LOCAL_AWS name {known:?}, and the test targets are {targets:?}");
    for flag in ["--workspace ", "--lib ", "--bins "] {
        ensure!(recipe.contains(flag), "make check does without {flag}");
    }
    ensure!(NEED_A_LOCAL_AWS.iter().all(|name| !recipe.contains(name)), "make check starts a local AWS");
    Ok(())
}
