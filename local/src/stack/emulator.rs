//! The emulator is ministack, on the loopback interface only.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::data::workspace::Workspace;
use crate::stack::clients::{Clients, REGION, ROOT};
use crate::stack::process::{ProcessGroup, free_port, kill_members};

/// What Python runs: ministack, with what it does otherwise than AWS put right.
const LAUNCH: &str = include_str!("emulator/launch.py");
const START_LIMIT: Duration = Duration::from_secs(90);

/// A running emulator; it is killed on drop, with every function it runs.
#[derive(Debug)]
pub struct Emulator {
    process: ProcessGroup,
    endpoint: String,
    port: u16,
}

/// How an emulator is to run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The directory of its log, its temporary files and, when `keep` is set, its data.
    pub dir: PathBuf,
    /// The preferred port. Kept data stays at the port at which it was made.
    pub port: Option<u16>,
    /// Whether the data of an earlier run is read, and written when it is stopped.
    pub keep: bool,
    /// Whether callers need the permissions that they would need on AWS.
    pub enforce_iam: bool,
    /// The functions' AWS_ENDPOINT_URL, if it is not the emulator itself.
    pub functions_endpoint: Option<String>,
}

impl Emulator {
    /// Starts the emulator and waits until it answers.
    ///
    /// # Errors
    /// When its virtual environment is missing or the emulator does not answer; the error holds the end of its log.
    pub async fn start(workspace: &Workspace, settings: &Settings) -> Result<Self> {
        let python = workspace.tool("ministack", "python")?;
        let temporary = settings.dir.join("tmp");
        std::fs::create_dir_all(&temporary).with_context(|| format!("cannot make {}", temporary.display()))?;
        if settings.keep {
            forget_stream_positions(&settings.dir.join("state").join("lambda.json"))?;
        }
        let port = if settings.keep { kept_port(settings)? } else { free_port(settings.port)? };
        let endpoint = format!("http://127.0.0.1:{port}");
        let mut command = Command::new(python);
        command.args(["-c", LAUNCH]).current_dir(&settings.dir);
        environment(&mut command, settings, &temporary, port, &endpoint);
        let log = settings.dir.join("ministack.log");
        let mut process = ProcessGroup::start(&mut command, &log)?;
        process.answer("ministack", &format!("{endpoint}/_ministack/ready"), &log, START_LIMIT).await?;
        Ok(Self { process, endpoint, port })
    }

    /// Starts an emulator that keeps no data and enforces no permissions, with its files in `dir`.
    ///
    /// # Errors
    /// As [`Emulator::start`].
    pub async fn bare(workspace: &Workspace, dir: &Path) -> Result<Self> {
        let dir = dir.to_owned();
        let settings = Settings { dir, port: None, keep: false, enforce_iam: false, functions_endpoint: None };
        Self::start(workspace, &settings).await
    }

    /// The emulator's own address, without a trailing "/".
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The process id of the emulator.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Clients of the emulator as its root.
    #[must_use]
    pub fn clients(&self) -> Clients {
        Clients::new(&self.endpoint)
    }

    /// Whether the emulator has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.process.has_ended()
    }

    /// Kills the running processes of the function with the physical name `function`, and returns their number.
    #[must_use]
    pub fn kill_function(&self, function: &str) -> usize {
        kill_function(self.process_id(), function)
    }

    /// Stops it in good order, which is when it writes the data it keeps.
    pub fn stop(&mut self) {
        self.process.stop(Duration::from_secs(20));
    }
}

/// Kills the running processes of the function with the physical name `function` of the emulator with this process id, and
/// returns their number.
pub(crate) fn kill_function(emulator: u32, function: &str) -> usize {
    kill_members(emulator, "AWS_LAMBDA_FUNCTION_NAME", function)
}

/// Kept queues hold the port at which they were made, and are not found at another port.
fn kept_port(settings: &Settings) -> Result<u16> {
    let file = settings.dir.join("emulator-port");
    let Some(before) = std::fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok()) else {
        let port = free_port(settings.port)?;
        std::fs::write(&file, port.to_string()).with_context(|| format!("cannot write {}", file.display()))?;
        return Ok(port);
    };
    if free_port(Some(before))? != before {
        bail!(
            "the kept data needs port {before}, which another program has: stop that program, or forget the data with `make down`"
        );
    }
    Ok(before)
}

/// Clears the emulator's environment, so that neither the user's AWS set-up nor a proxy reaches it or a function.
fn environment(command: &mut Command, settings: &Settings, temporary: &Path, port: u16, endpoint: &str) {
    let keep = if settings.keep { "1" } else { "0" };
    command
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "LANG"))
        .env("HOME", &settings.dir)
        .env("TMPDIR", temporary)
        .env("PYTHONUNBUFFERED", "1")
        .env("AUTH", if settings.enforce_iam { "true" } else { "false" })
        .env("BIND_HOST", "127.0.0.1")
        // The IoT broker and the SFTP server would listen on ports of their own.
        .env("IOT_MTLS_ENABLED", "0")
        .env("SFTP_ENABLED", "0")
        .env("MINISTACK_HOST", "127.0.0.1")
        .env("MINISTACK_REGION", REGION)
        .env("GATEWAY_PORT", port.to_string())
        .env("AWS_ACCESS_KEY_ID", ROOT)
        .env("AWS_SECRET_ACCESS_KEY", ROOT)
        .env("AWS_ENDPOINT_URL", settings.functions_endpoint.as_deref().unwrap_or(endpoint))
        .env("PERSIST_STATE", keep)
        .env("STATE_DIR", settings.dir.join("state"))
        .env("S3_PERSIST", keep)
        .env("S3_DATA_DIR", settings.dir.join("s3"));
}

/// Ministack keeps how far each event source mapping has read a table's stream, but not the stream itself: after a restart
/// it would skip as many new records as it had read before. Without the positions it reads the new stream from its start.
fn forget_stream_positions(state: &Path) -> Result<()> {
    let Ok(text) = std::fs::read_to_string(state) else { return Ok(()) };
    let mut kept: Value = serde_json::from_str(&text).with_context(|| format!("{} is damaged", state.display()))?;
    if let Some(positions) = kept["payload"].get_mut("dynamodb_stream_positions") {
        *positions = json!({"__account_region_scoped__": true, "data": {}});
        std::fs::write(state, kept.to_string()).with_context(|| format!("cannot write {}", state.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
