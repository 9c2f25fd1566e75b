//! What the code under test logs, line by line.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use serde_json::Value;
use tracing::Dispatch;
use tracing::level_filters::LevelFilter;
use tracing::subscriber::{DefaultGuard, NoSubscriber, set_default};
use tracing_subscriber::fmt;

/// The lines that this thread logs, as the functions write them: JSON with `level`, `target` and `fields`.
#[derive(Debug, Clone, Default)]
pub struct Logs(Arc<Mutex<Vec<u8>>>);

impl Logs {
    /// Keeps what this thread logs, at every level, until the guard is dropped.
    pub fn capture() -> (Self, DefaultGuard) {
        // While there is only one subscriber, tracing asks the thread that meets a log statement first whether the
        // statement matters to anybody, and keeps the answer for every thread. A second subscriber prevents that.
        static SECOND: OnceLock<Dispatch> = OnceLock::new();
        SECOND.get_or_init(|| Dispatch::new(NoSubscriber::new()));
        let logs = Self::default();
        let writer = logs.clone();
        let lines =
            fmt().json().with_ansi(false).with_max_level(LevelFilter::TRACE).with_writer(move || writer.clone());
        (logs, set_default(lines.finish()))
    }

    /// Every line so far, in order.
    pub fn lines(&self) -> Vec<Value> {
        let line = |line| serde_json::from_slice(line).expect("a line of JSON");
        self.bytes().split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(line).collect()
    }

    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().expect("no test panics while it logs")
    }
}

impl Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
