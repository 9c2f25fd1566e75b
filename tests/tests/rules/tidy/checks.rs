//! `make check` runs every test that needs no local AWS.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use cargo_metadata::{MetadataCommand, TargetKind};
use tests::root;

/// The test targets that start a local AWS.
const NEED_A_LOCAL_AWS: [&str; 2] = ["local_aws", "system"];

/// How `make` ends and what it says, with another program in the place of cargo-deny.
fn make(target: &str, deny: &str) -> Result<(bool, String)> {
    let deny = format!("DENY={deny}");
    let output = Command::new("make").args(["--silent", target, &deny]).current_dir(root()).output()?;
    Ok((output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned()))
}

/// `make test` says so when nobody could ask RustSec, and fails when RustSec knows something.
#[test]
fn advisories_decide_where_they_can_be_fetched_and_are_never_left_out_in_silence() -> Result<()> {
    let (passed, said) = make("reachable-advisories", "false")?;
    ensure!(passed && said.contains("NOT CHECKED"), "without the network: {said}");
    // This succeeds when it is asked to fetch, and fails when it is asked to check.
    let knows = "python3 -c \"import sys; sys.exit('check' in sys.argv)\"";
    let (passed, said) = make("reachable-advisories", knows)?;
    ensure!(!passed && !said.contains("NOT CHECKED"), "with an advisory: {said}");
    let (passed, said) = make("reachable-advisories", "true")?;
    ensure!(passed && said.is_empty(), "without an advisory: {said}");
    let makefile = std::fs::read_to_string(root().join("Makefile"))?;
    let (_, recipe) = makefile.split_once("\ntest: ").context("the Makefile has no test")?;
    let recipe = recipe.split("\n\n").next().unwrap_or_default();
    ensure!(recipe.contains(" reachable-advisories"), "make test asks nobody for advisories");
    Ok(())
}

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
