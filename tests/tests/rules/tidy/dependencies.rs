//! Which crate may know which.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail, ensure};
use cargo_metadata::{DependencyKind, MetadataCommand};
use tests::root;

/// Every crate of `shared/` and the crates of the workspace that it may depend on.
const ALLOWED: &[(&str, &[&str])] = &[
    // The engine.
    ("saga", &[]),
    ("wire", &[]),
    ("messaging", &["saga", "wire"]),
    ("orchestration", &["messaging", "saga", "wire"]),
    ("rpc", &["messaging", "wire"]),
    ("auth", &[]),
    ("aws", &["messaging", "orchestration"]),
    ("runtime", &["auth", "aws", "messaging", "orchestration", "rpc", "wire"]),
    ("testkit", &["messaging", "orchestration", "saga", "wire"]),
    ("codegen", &[]),
    ("trip", &["messaging", "orchestration", "saga"]),
    // The services.
    ("contracts", &["rpc", "saga", "wire"]),
    ("order", &["contracts", "messaging", "orchestration", "rpc", "saga"]),
    ("kitchen", &["contracts", "messaging", "rpc"]),
    ("billing", &["contracts", "messaging"]),
    ("operations", &["contracts", "messaging", "orchestration", "rpc", "saga"]),
    (
        "sagas-codegen",
        &["billing", "codegen", "contracts", "kitchen", "messaging", "order", "orchestration", "rpc", "saga", "wire"],
    ),
];

/// What a pure crate may use of others' code: nothing that waits, draws or talks.
const PURE: &[(&str, &[&str])] = &[("saga", &["serde", "thiserror"])];

fn direct_dependencies() -> Result<BTreeMap<String, BTreeSet<String>>> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec()?;
    let normal = |package: &cargo_metadata::Package| {
        let dependencies = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
        dependencies.map(|dependency| dependency.name.clone()).collect()
    };
    Ok(metadata.packages.iter().map(|package| (package.name.to_string(), normal(package))).collect())
}

#[test]
fn point_one_way() -> Result<()> {
    let packages = direct_dependencies()?;
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    for folder in ["shared/engine", "shared/services"] {
        for entry in std::fs::read_dir(root().join(folder))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let known = allowed.contains_key(name.as_str()) || !entry.path().is_dir();
            ensure!(known, "{folder}/{name} has no row in the dependency rules");
        }
    }
    for (name, allowed) in allowed {
        let Some(dependencies) = packages.get(name) else { bail!("there is no crate {name}") };
        let inside = dependencies.iter().filter(|dependency| packages.contains_key(*dependency));
        for dependency in inside {
            ensure!(allowed.contains(&dependency.as_str()), "{name} must not depend on {dependency}");
        }
    }
    for (name, allowed) in PURE {
        for dependency in packages.get(*name).into_iter().flatten() {
            ensure!(allowed.contains(&dependency.as_str()), "the pure crate {name} must not depend on {dependency}");
        }
    }
    Ok(())
}

/// A participant knows commands and its own data. It cannot see how sagas are run, not even through another crate.
#[test]
fn a_participant_sees_messaging_and_not_orchestration() -> Result<()> {
    let packages = direct_dependencies()?;
    for participant in ["kitchen", "billing"] {
        let (mut seen, mut open) = (BTreeSet::new(), vec![participant]);
        while let Some(next) = open.pop() {
            for dependency in packages.get(next).into_iter().flatten().filter(|name| packages.contains_key(*name)) {
                if seen.insert(dependency.as_str()) {
                    open.push(dependency);
                }
            }
        }
        ensure!(seen.contains("messaging"), "{participant} does without messaging");
        ensure!(!seen.contains("orchestration"), "{participant} sees orchestration: it depends on {seen:?}");
    }
    Ok(())
}

/// Functions and tests are ends: nobody depends on them; and only tests know the local AWS.
#[test]
fn nobody_depends_on_what_is_run() -> Result<()> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec()?;
    let functions = tests::function_names()?;
    for package in &metadata.packages {
        let is_tests = package.name.as_str() == "tests";
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            let is_end = functions.contains(name) || name == "tests" || (name == "local" && !is_tests);
            ensure!(!is_end, "{} must not depend on {name}", package.name);
            let not_for_functions = ["local", "operate", "testkit", "codegen", "sagas-codegen"].contains(&name);
            ensure!(
                !functions.contains(package.name.as_str()) || !not_for_functions,
                "the function {} must not depend on {name}",
                package.name
            );
        }
    }
    Ok(())
}

/// Members say `workspace = true`: a version or feature that stands twice would build a dependency twice.
#[test]
fn versions_stand_in_one_place() -> Result<()> {
    for manifest in tests::files_below("", "Cargo.toml")? {
        if manifest == root().join("Cargo.toml") {
            continue;
        }
        let text = std::fs::read_to_string(&manifest)?;
        let dependencies = text.split("dependencies]").skip(1).map(|part| part.split("\n[").next().unwrap_or_default());
        for line in dependencies.flat_map(str::lines).filter(|line| line.contains('=') && !line.starts_with('#')) {
            ensure!(line.contains("workspace = true"), "{}: {line}", manifest.display());
        }
    }
    Ok(())
}
