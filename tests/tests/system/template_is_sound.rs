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
    ]
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
