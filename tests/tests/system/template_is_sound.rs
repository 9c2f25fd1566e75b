//! template.yaml, as the tools for it see it.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use tests::root;

use crate::plain;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        plain("template::cfn_lint_finds_nothing", || check(&["cfn-lint", "template.yaml"])),
        plain("template::sam_validate_finds_nothing", || {
            check(&["sam", "validate", "--lint", "--template", "template.yaml", "--region", "us-east-1"])
        }),
        plain("template::lambda_lets_a_saga_go_round", lambda_lets_a_saga_go_round),
    ]
}

/// Without this Lambda drops a saga's message after some sixteen rounds, which no local AWS shows.
fn lambda_lets_a_saga_go_round() -> Result<()> {
    let template = std::fs::read_to_string(root().join("template.yaml"))?;
    let globals = template.split("\nResources:").next().unwrap_or_default();
    ensure!(globals.contains("\n    RecursiveLoop: Allow\n"), "the functions' globals do not allow recursive loops");
    Ok(())
}

fn check(command: &[&str]) -> Result<()> {
    let (program, arguments) = command.split_first().context("a command")?;
    let program = root().join(".local/venvs/sam/bin").join(program);
    let output = Command::new(&program)
        .args(arguments)
        .current_dir(root())
        .env("SAM_CLI_TELEMETRY", "0")
        .output()
        .with_context(|| format!("{} is missing: run make test", program.display()))?;
    let (found, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{command:?}:\n{found}{complained}");
    Ok(())
}
