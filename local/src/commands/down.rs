//! `local down`: stops the running system and forgets its data.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::data::run_state::RunLock;
use crate::data::workspace::Workspace;
use crate::stack::process;

const PATIENCE: Duration = Duration::from_secs(40);

pub(crate) fn run() -> Result<()> {
    let workspace = Workspace::here();
    if let Some(id) = RunLock::holder(&workspace)? {
        if !process::runs(id, "local up") {
            bail!("process {id} holds the lock in .local/run but is no `local up`: end it and try again");
        }
        println!("stopping process {id}");
        process::terminate(id);
        let deadline = Instant::now() + PATIENCE;
        while RunLock::holder(&workspace)?.is_some() {
            if Instant::now() > deadline {
                bail!("process {id} does not stop: end it with `kill -9 {id}` and try again");
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    let dir = workspace.run_dir();
    if dir.exists() {
        std::fs::remove_dir_all(&dir).with_context(|| format!("cannot remove {}", dir.display()))?;
    }
    println!("the data is gone");
    Ok(())
}
