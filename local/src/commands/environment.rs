//! `local environment`: prints shell commands that make a shell act on the running system, as AWS's own tools and `operate`
//! find it.

use std::io::{Write, stdout};

use anyhow::Result;

use crate::data::run_state::RunState;
use crate::data::workspace::Workspace;
use crate::stack::clients::{REGION, ROOT};

/// What would win over the emulator's keys, or say something else about where AWS is.
const HIDDEN: [&str; 5] = [
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
];

pub(crate) fn run() -> Result<()> {
    let state = RunState::of_running(&Workspace::here())?;
    stdout().write_all(shell(&state).as_bytes())?;
    Ok(())
}

/// The commands of a POSIX shell; no value has a quote in it.
fn shell(state: &RunState) -> String {
    let variables = [
        ("AWS_ENDPOINT_URL", state.endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", ROOT),
        ("AWS_SECRET_ACCESS_KEY", ROOT),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("STACK", &state.stack_name),
        ("API", &state.api_url),
        ("ISSUER", &state.issuer_url),
        ("AUDIENCE", &state.audience),
    ];
    let exports = variables.iter().map(|(name, value)| format!("export {name}='{value}'\n"));
    std::iter::once(format!("unset {}\n", HIDDEN.join(" "))).chain(exports).collect()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::data::lane::Lane;
    use crate::stack::deployment::Stack;

    #[test]
    fn a_shell_takes_the_environment_and_forgets_the_users_profile() {
        let state = RunState {
            process_id: 1,
            lane: Lane::Rust,
            api_url: "http://127.0.0.1:9080".to_owned(),
            issuer_url: "http://127.0.0.1:9081/".to_owned(),
            audience: "https://order-saga.localhost/".to_owned(),
            endpoint: "http://127.0.0.1:4566".to_owned(),
            calls_url: String::new(),
            stack_name: "supper".to_owned(),
            stack: Stack::default(),
        };
        let script = r#"set -u; eval "$0"; echo "$AWS_ENDPOINT_URL $AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY $AWS_REGION"
            echo "$AWS_DEFAULT_REGION $STACK $API $ISSUER $AUDIENCE ${AWS_PROFILE-no profile}""#;
        let output =
            Command::new("sh").args(["-c", script, &shell(&state)]).env("AWS_PROFILE", "mine").output().unwrap();
        assert_eq!(
            String::from_utf8(output.stdout).unwrap(),
            "http://127.0.0.1:4566 test test us-east-1\n\
             us-east-1 supper http://127.0.0.1:9080 http://127.0.0.1:9081/ https://order-saga.localhost/ no profile\n"
        );
    }
}
