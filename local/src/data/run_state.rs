//! The file .local/run/state.json, by which a running `local up` tells the other commands of itself.

use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::data::lane::Lane;
use crate::data::workspace::Workspace;
use crate::stack::deployment::Stack;

/// A running system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunState {
    /// The process id of `local up`.
    pub process_id: u32,
    /// The lane that runs the sagas. A file without it was written before there were two lanes.
    #[serde(default)]
    pub lane: Lane,
    /// The API's address, without a trailing "/".
    pub api_url: String,
    /// The development issuer's address, which ends in "/".
    pub issuer_url: String,
    /// The audience of the API's tokens.
    pub audience: String,
    /// The emulator's address, for root's AWS calls.
    pub endpoint: String,
    /// The address at which the functions' AWS calls can be read.
    pub calls_url: String,
    /// The name of the deployed stack.
    pub stack_name: String,
    /// The deployed stack.
    pub stack: Stack,
}

impl RunState {
    fn file(workspace: &Workspace) -> PathBuf {
        workspace.run_dir().join("state.json")
    }

    /// Reads the state of the running system. A file that a killed system left behind does not count.
    ///
    /// # Errors
    /// When the file is damaged.
    pub(crate) fn find(workspace: &Workspace) -> Result<Option<Self>> {
        let file = Self::file(workspace);
        let Ok(text) = std::fs::read_to_string(&file) else { return Ok(None) };
        let state: Self = serde_json::from_str(&text)
            .with_context(|| format!("{} is damaged: remove it when no system is running", file.display()))?;
        Ok(Some(state).filter(|state| RunLock::holder(workspace).ok().flatten() == Some(state.process_id)))
    }

    /// The state of the running system.
    ///
    /// # Errors
    /// When no system is running; the error says how to start it.
    pub(crate) fn of_running(workspace: &Workspace) -> Result<Self> {
        let Some(state) = Self::find(workspace)? else {
            bail!("nothing is running: run `make up` in another terminal")
        };
        Ok(state)
    }

    /// Writes the state for the other commands to read.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn write(&self, workspace: &Workspace) -> Result<()> {
        let file = Self::file(workspace);
        // A reader sees the old file or the new one, never half of it.
        let partial = file.with_extension("partial");
        std::fs::write(&partial, serde_json::to_string_pretty(self)?).context("cannot write the state")?;
        std::fs::rename(&partial, &file).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Removes the state, which tells the other commands that the system has ended.
    pub(crate) fn remove(workspace: &Workspace) {
        let _ = std::fs::remove_file(Self::file(workspace));
    }
}

/// The lock of a running `local up`. It is given back on drop, or by the operating system when the process is killed.
#[derive(Debug)]
pub(crate) struct RunLock {
    _file: File,
}

impl RunLock {
    fn open(workspace: &Workspace) -> Result<File> {
        let dir = workspace.run_dir();
        std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let file = dir.join("lock");
        let opened = File::options().create(true).read(true).write(true).truncate(false).open(&file);
        opened.with_context(|| format!("cannot open {}", file.display()))
    }

    /// Takes the lock for this process.
    ///
    /// # Errors
    /// When another process has the lock; the error names the process and says how to stop it.
    pub(crate) fn take(workspace: &Workspace) -> Result<Self> {
        let mut file = Self::open(workspace)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let id = std::io::read_to_string(&file).unwrap_or_default();
                bail!("the local AWS is already running as process {id}: stop it with Ctrl-C or `make down` first");
            }
            Err(TryLockError::Error(error)) => return Err(error).context("cannot lock .local/run"),
        }
        file.set_len(0).and_then(|()| write!(file, "{}", std::process::id())).context("cannot write the lock")?;
        Ok(Self { _file: file })
    }

    /// The process that has the lock; `None` when the lock is free.
    ///
    /// # Errors
    /// When the lock cannot be read.
    pub(crate) fn holder(workspace: &Workspace) -> Result<Option<u32>> {
        if !workspace.run_dir().join("lock").exists() {
            return Ok(None);
        }
        let file = Self::open(workspace)?;
        match file.try_lock() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => {
                let id = std::io::read_to_string(&file).context("cannot read the lock")?;
                Ok(Some(
                    id.trim()
                        .parse()
                        .context("the lock in .local/run names no process: remove it when no system is running")?,
                ))
            }
            Err(TryLockError::Error(error)) => Err(error).context("cannot ask for the lock"),
        }
    }
}
