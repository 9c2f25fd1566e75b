//! How the functions are built for AWS, where nothing else says it: three tools have a part in it.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tests::{function_names, root};

use super::template::python;

/// Writes how SAM calls cargo for a function, for each architecture.
const CALLS: &str = "
import json, sys
from aws_lambda_builders.architecture import ARM64, X86_64
from aws_lambda_builders.workflows.rust_cargo.actions import RustCargoLambdaBuildAction

class Cargo:
    binary_path = 'cargo'

def call(architecture):
    action = RustCargoLambdaBuildAction('.', {'cargo': Cargo}, 'release', None, 'provided.al2023', architecture)
    return ' '.join(action.build_command())

json.dump([call(ARM64), call(X86_64)], sys.stdout)
";

/// cargo-lambda sets these as it likes where the profile does not, among them that a panic ends the process: then one bad message
/// would take all messages of its batch along, and a call would get no answer.
#[test]
fn the_release_profile_leaves_nothing_to_cargo_lambda() -> Result<()> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml"))?;
    let (_, profile) = manifest.split_once("\n[profile.release]\n").context("the profile")?;
    let settings: Vec<_> = profile.lines().take_while(|line| !line.starts_with('[')).collect();
    for setting in ["strip", "lto", "codegen-units", "panic"] {
        let is_set = settings.iter().any(|line| line.starts_with(&format!("{setting} = ")));
        ensure!(is_set, "[profile.release] of Cargo.toml does not set {setting}: {settings:?}");
    }
    ensure!(settings.contains(&r#"panic = "unwind""#), "a panic of a handler must become an error: {settings:?}");
    Ok(())
}

/// Measuring the clock's jitter took each cold start some 30 ms, before its first connection. It must stand where cargo looks
/// whoever calls it: an environment variable in the Makefile would not reach `sam build`.
#[test]
fn a_cold_start_does_not_measure_jitter() -> Result<()> {
    let configuration = std::fs::read_to_string(root().join(".cargo/config.toml"))?;
    let (_, environment) = configuration.split_once("\n[env]\n").context("the section [env]")?;
    let is_set = environment.lines().any(|line| line == r#"AWS_LC_SYS_NO_JITTER_ENTROPY = "1""#);
    ensure!(is_set, ".cargo/config.toml gives the build of aws-lc {environment:?}");
    Ok(())
}

/// With other flags cargo would build everything again for SAM, one function after the other.
#[test]
fn make_calls_cargo_as_sam_does() -> Result<()> {
    let calls: [String; 2] = serde_json::from_slice(&python(CALLS, b"")?)?;
    for (architecture, call) in ["arm64", "x86_64"].into_iter().zip(calls) {
        let asked = format!("ARCH={architecture}");
        let make = Command::new("make").args(["--dry-run", "build-aws", &asked]).current_dir(root()).output();
        let said = String::from_utf8(make.context("make")?.stdout)?;
        let (_, made) = said.split_once("; cargo").with_context(|| format!("make calls no cargo: {said}"))?;
        let made = format!("cargo{}", made.split(';').next().unwrap_or_default());
        let (flags, packages) = made.split_once(" --package ").context("packages")?;
        let flags = flags.trim();
        ensure!(flags == call, "make calls `{flags}` for {architecture}, and SAM `{call}`");
        let packages: BTreeSet<_> = packages.split(" --package ").map(|name| name.trim().to_owned()).collect();
        ensure!(packages == function_names()?, "make builds {packages:?}");
        ensure!(said.contains(&format!(
            "sam build --config-env \"default\" --parameter-overrides \"Architecture={architecture}\""
        )));
    }
    Ok(())
}
