//! `local token`: prints a development token.

use anyhow::Result;

use crate::data::run_state::RunState;
use crate::data::workspace::Workspace;
use crate::front::token::{AccessToken, SigningKey};

pub(crate) fn run(subject: &str, permissions: &[String], expires_in: i64) -> Result<()> {
    let workspace = Workspace::here();
    let state = RunState::of_running(&workspace)?;
    let permissions: Vec<&str> = permissions.iter().map(String::as_str).collect();
    println!("{}", signed(&workspace, &state, subject, &permissions, expires_in)?);
    Ok(())
}

/// A token that the running system accepts.
pub(crate) fn signed(
    workspace: &Workspace,
    state: &RunState,
    subject: &str,
    permissions: &[&str],
    expires_in: i64,
) -> Result<String> {
    let key = SigningKey::kept_in(&workspace.issuer_key())?;
    let token = AccessToken::new(&state.issuer_url, &state.audience, subject, permissions);
    key.sign(&token.expires_in(expires_in))
}
