use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Long enough for a saga on a slow machine whose functions have to be started first.
const PATIENCE: Duration = Duration::from_secs(120);
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// The end of a wait for something that must happen.
#[derive(Debug)]
pub struct Deadline(Instant);

impl Deadline {
    /// A deadline that leaves a saga enough time on a slow machine.
    #[must_use]
    pub fn soon() -> Self {
        Self(Instant::now() + PATIENCE)
    }

    /// Waits a little before the next look.
    ///
    /// # Errors
    /// The deadline has passed; the error is the complaint.
    pub async fn wait_or(&self, complaint: impl FnOnce() -> String) -> Result<()> {
        if Instant::now() > self.0 {
            bail!(complaint());
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
        Ok(())
    }
}
