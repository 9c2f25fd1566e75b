//! `.github`: what the tools for it see, and what a workflow may do. Only GitHub runs workflows; these rules look at them before.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tests::{files_below, relative, root};

/// The only permission to write: the token by which AWS knows a job, which is worth nothing anywhere else.
const TOKEN: &str = "id-token: write";

/// Each workflow by its path.
fn workflows() -> Result<Vec<(String, String)>> {
    let files = files_below(".github/workflows", ".yml")?;
    ensure!(files.len() > 2, "only {files:?} are there");
    files.iter().map(|file| Ok((relative(file), std::fs::read_to_string(file)?))).collect()
}

fn check(tool: &str, arguments: &[&str]) -> Result<()> {
    let program = root().join(".local/venvs/workflows/bin").join(tool);
    let output = Command::new(&program).args(arguments).current_dir(root()).output();
    let output = output.with_context(|| format!("{} is missing: run make check", program.display()))?;
    let (found, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{tool} {arguments:?}:\n{found}{complained}");
    Ok(())
}

#[test]
fn the_schemas_fit() -> Result<()> {
    for (path, _) in workflows()? {
        check("check-jsonschema", &["--builtin-schema", "vendor.github-workflows", &path])?;
    }
    check("check-jsonschema", &["--builtin-schema", "vendor.dependabot", ".github/dependabot.yml"])
}

/// Actions by their commit, no more permissions than needed, no text of others in a command, and so on.
#[test]
fn the_audit_finds_nothing() -> Result<()> {
    check("zizmor", &["--offline", "--no-progress", "--strict-collection", "--persona", "pedantic", "."])
}

#[test]
fn a_workflow_runs_targets_that_are_there() -> Result<()> {
    let makefile = std::fs::read_to_string(root().join("Makefile"))?;
    let targets: BTreeSet<_> = makefile.lines().filter_map(|line| line.strip_prefix(".PHONY: ")).collect();
    let mut commands = BTreeSet::new();
    for (path, text) in workflows()? {
        for command in text.lines().filter_map(|line| line.trim().strip_prefix("- run: ")) {
            commands.insert(command.to_owned());
            let mut words = command.split(' ');
            let is_there = match words.next() {
                Some("make") => words.all(|word| word.contains('=') || targets.contains(word)),
                Some(file) => root().join(file).is_file(),
                None => false,
            };
            ensure!(is_there, "{path} runs `{command}`: name a target of the Makefile or a file");
            let asks = command.starts_with("make deploy ") && !command.ends_with(" CONFIRM=no");
            ensure!(!asks, "{path} runs `{command}`: prod's change set would ask, and nobody is there: add CONFIRM=no");
        }
        let all = text.matches("run:").count();
        let seen = text.lines().filter(|line| line.trim().starts_with("- run: ")).count();
        ensure!(all == seen, "{path} has a command that this rule does not see: write it as `- run: make <target>`");
    }
    ensure!(commands.contains(".ci/run"), "nothing decides whether a change lands: {commands:?}");
    ensure!(commands.contains("make advisories"), "nobody asks RustSec where it can be reached: {commands:?}");
    Ok(())
}

#[test]
fn no_workflow_holds_a_key_or_writes_to_the_repository() -> Result<()> {
    for (path, text) in workflows()? {
        ensure!(
            text.contains("\npermissions:\n  contents: read\n"),
            "{path} does not begin with permission to read only"
        );
        for key in ["secrets.", "aws-access-key-id", "aws-secret-access-key", "write-all", "pull_request_target"] {
            ensure!(
                !text.contains(key),
                "{path} uses {key}: AWS knows a job by its token, and nothing else needs a key"
            );
        }
        for (number, line) in text.lines().enumerate().filter(|(_, line)| line.contains(": write")) {
            let in_environment = text.contains("\n    environment: ");
            let is_token = line.trim().starts_with(TOKEN) && in_environment;
            ensure!(is_token, "{path}:{}: only a job with an environment may write, and only `{TOKEN}`", number + 1);
        }
    }
    Ok(())
}
