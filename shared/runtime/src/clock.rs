//! The one place where the clock is read.

use std::time::SystemTime;

use time::OffsetDateTime;

#[expect(clippy::disallowed_methods, reason = "this is the edge where the clock is read")]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

pub(crate) fn now_utc() -> OffsetDateTime {
    OffsetDateTime::from(now())
}
