//! Prints a development token.

use anyhow::Result;
use local::run_state::RunState;
use local::{AccessToken, SigningKey, Workspace};

pub(crate) fn run(subject: &str, permissions: &[String], expires_in: i64) -> Result<()> {
    let workspace = Workspace::here();
    let state = RunState::of_running(&workspace)?;
    let key = SigningKey::kept_in(&workspace.issuer_key())?;
    let permissions: Vec<&str> = permissions.iter().map(String::as_str).collect();
    let token = AccessToken::new(&state.issuer_url, &state.audience, subject, &permissions).expires_in(expires_in);
    println!("{}", key.sign(&token)?);
    Ok(())
}
