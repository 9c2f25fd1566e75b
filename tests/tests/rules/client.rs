//! The TypeScript client: what is generated is fresh, the rest is typed, formatted, short, and does what its tests say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tests::{files_below, relative, root};

const CLIENT: &str = "web/client";
/// Where the packages are installed, and locked.
const WEB: &str = "web";
const GENERATED: &str = "web/client/src/gen/proto";

/// What whoever uses the client has to trust.
const DEPENDENCIES: [&str; 4] =
    ["@bufbuild/protobuf", "@connectrpc/connect", "@connectrpc/connect-node", "@connectrpc/connect-web"];

/// A file of the client that is longer has two subjects.
const MAX_LINES: usize = 150;

/// Runs a program that npm has installed, in `folder`, with Node beside it.
pub(crate) fn run(program: &str, arguments: &[&str], folder: &Path) -> Result<()> {
    let tools = [root().join(".local/node/node_modules/.bin"), root().join(WEB).join("node_modules/.bin")];
    let found = tools.iter().map(|bin| bin.join(program)).find(|path| path.exists());
    let found = found.with_context(|| format!("{program} is missing: run make check"))?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(tools.iter().cloned().chain(std::env::split_paths(&path)))?;
    let output = Command::new(found).args(arguments).current_dir(folder).env("PATH", path).output()?;
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{program} {arguments:?}:\n{said}{complained}");
    Ok(())
}

/// Each file below a folder with its content.
fn contents(folder: &Path) -> Result<BTreeMap<String, String>> {
    let files = files_below(&folder.to_string_lossy(), ".ts")?.into_iter();
    let files = files.chain(files_below(&folder.to_string_lossy(), ".js")?);
    let read = |file: std::path::PathBuf| {
        Ok((file.strip_prefix(folder)?.display().to_string(), std::fs::read_to_string(&file)?))
    };
    files.map(read).collect()
}

#[test]
fn the_generated_client_is_fresh() -> Result<()> {
    let fresh = tempfile::tempdir()?;
    let output = fresh.path().to_string_lossy();
    run("buf", &["generate", "--template", "web/client/buf.gen.yaml", "--output", &output], &root())?;
    let fresh = contents(&fresh.path().join(GENERATED))?;
    let committed = contents(&root().join(GENERATED))?;
    ensure!(fresh.len() > 6, "only {:?} are generated", fresh.keys());
    ensure!(fresh.keys().eq(committed.keys()), "other files are generated: run make generate");
    let stale: Vec<_> = fresh.iter().filter(|(name, text)| committed.get(*name) != Some(*text)).collect();
    ensure!(stale.is_empty(), "stale, run make generate: {:?}", stale.iter().map(|(name, _)| name).collect::<Vec<_>>());
    Ok(())
}

#[test]
fn the_client_is_typed() -> Result<()> {
    run("tsc", &[], &root().join(CLIENT))
}

#[test]
fn the_client_is_formatted() -> Result<()> {
    run("prettier", &["--check", "."], &root().join(CLIENT))
}

#[test]
fn the_client_does_what_it_says() -> Result<()> {
    let tests = files_below("web/client/tests", ".test.ts")?;
    ensure!(tests.len() > 5, "only {tests:?} are there");
    let tests: Vec<_> = tests.iter().map(|test| test.to_string_lossy()).collect();
    let arguments: Vec<_> =
        ["--test", "--test-reporter=dot"].into_iter().chain(tests.iter().map(|test| &**test)).collect();
    run("node", &arguments, &root().join(CLIENT))
}

#[test]
fn the_clients_files_are_short() -> Result<()> {
    let files = files_below(CLIENT, ".ts")?;
    let own: Vec<_> = files.iter().filter(|file| !relative(file).contains("/gen/")).collect();
    ensure!(own.len() > 15, "only {own:?} are there");
    for file in own {
        let lines = std::fs::read_to_string(file)?.lines().count();
        ensure!(lines <= MAX_LINES, "{} has {lines} lines", relative(file));
    }
    Ok(())
}

#[test]
fn the_client_takes_little_from_npm() -> Result<()> {
    let package: Value = serde_json::from_str(&std::fs::read_to_string(root().join(CLIENT).join("package.json"))?)?;
    let taken = package["dependencies"].as_object().context("the dependencies")?;
    let taken: BTreeSet<_> = taken.keys().map(String::as_str).collect();
    ensure!(taken == DEPENDENCIES.into(), "the client depends on {taken:?}");
    Ok(())
}
