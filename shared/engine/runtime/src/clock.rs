//! The one place where the clock is read.

use std::time::SystemTime;

/// Tells the time: the system's clock, but in tests.
pub type Clock = fn() -> SystemTime;

#[expect(clippy::disallowed_methods, reason = "this is the edge where the clock is read")]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}
