use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long to wait for something that must happen, and how often to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The longest wait.
    pub limit: Duration,
    /// The time between two looks.
    pub pause: Duration,
}

impl Patience {
    /// A deadline that begins now.
    #[must_use]
    pub fn begins(self) -> Deadline {
        Deadline { end: Instant::now() + self.limit, pause: self.pause }
    }
}

/// Long enough for a saga on a slow machine whose functions have to be started first.
impl Default for Patience {
    fn default() -> Self {
        Self { limit: Duration::from_secs(120), pause: Duration::from_millis(50) }
    }
}

/// The end of a wait for something that must happen.
#[derive(Debug)]
pub struct Deadline {
    end: Instant,
    pause: Duration,
}

impl Deadline {
    /// A deadline that leaves a saga enough time on a slow machine.
    #[must_use]
    pub fn soon() -> Self {
        Patience::default().begins()
    }

    /// Waits a little before the next look.
    ///
    /// # Errors
    /// The deadline has passed; the error is the complaint.
    pub async fn wait_or(&self, complaint: impl FnOnce() -> String) -> Result<()> {
        if Instant::now() > self.end {
            bail!(complaint());
        }
        tokio::time::sleep(self.pause).await;
        Ok(())
    }
}
