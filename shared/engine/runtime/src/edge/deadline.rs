//! How long a call may take: what its caller allows, or what the function has left, whichever is shorter.

use std::time::Duration;

use http::{HeaderMap, HeaderName};
use tokio::time::Instant;

use super::refusal::Refusal;

pub(super) const CONNECT_TIMEOUT: HeaderName = HeaderName::from_static("connect-timeout-ms");

/// What the answer takes once the work has been dropped: it is made, written down and sent to Lambda.
const RESERVE: Duration = Duration::from_millis(500);

/// Connect's most digits: 115 days.
const MAX_DIGITS: usize = 10;

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Deadline {
    /// What the function has; `None` if it never runs out of time.
    left: Option<Duration>,
    /// What the caller allows, if that is less.
    callers: CallersTime,
}

impl Deadline {
    /// The deadline of a call with these headers, in a function that has this much time left.
    ///
    /// # Errors
    /// A header that is no timeout, or that comes twice.
    pub(super) fn of(headers: &HeaderMap, left: Option<Duration>) -> Result<Self, Refusal> {
        let left = left.map(|left| left.saturating_sub(RESERVE));
        let is_shorter = |asked: &Duration| left.is_none_or(|left| *asked < left);
        let until = asked(headers)?.filter(is_shorter).map(|asked| Instant::now() + asked);
        Ok(Self { left, callers: CallersTime(until) })
    }

    /// What the caller allows.
    pub(super) fn callers(self) -> CallersTime {
        self.callers
    }

    /// Does the work, or drops it together with everything that it waits for when the function would run out of time.
    ///
    /// # Errors
    /// The time is over. Work that has no time at all is not begun.
    pub(super) async fn keep<T>(self, work: impl Future<Output = T>) -> Result<T, Refusal> {
        let Some(left) = self.left else { return Ok(work.await) };
        if !left.is_zero()
            && let Ok(done) = tokio::time::timeout(left, work).await
        {
            return Ok(done);
        }
        tracing::warn!(milliseconds = left.as_millis(), "a call was dropped before the function ran out of time");
        Err(Refusal::OutOfTheFunctionsTime)
    }
}

/// Until when a caller waits, if not for as long as it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct CallersTime(Option<Instant>);

impl CallersTime {
    /// Does the work, or drops it together with everything that it waits for when the caller waits no longer.
    ///
    /// What others share must not be in it, such as the gate's fetch of the issuer's keys: callers in a hurry would take it away
    /// from everybody.
    ///
    /// # Errors
    /// The time is over. Work that has no time at all is not begun.
    pub(crate) async fn keep<T>(self, work: impl Future<Output = T>) -> Result<T, Refusal> {
        let Some(until) = self.0 else { return Ok(work.await) };
        if Instant::now() >= until {
            return Err(Refusal::OutOfTheCallersTime);
        }
        tokio::time::timeout_at(until, work).await.map_err(|_| Refusal::OutOfTheCallersTime)
    }
}

fn asked(headers: &HeaderMap) -> Result<Option<Duration>, Refusal> {
    let mut values = headers.get_all(CONNECT_TIMEOUT).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Ok(None),
        (Some(value), None) => value.as_bytes(),
        (Some(_), Some(_)) => return Err(Refusal::Timeout),
    };
    // `parse` alone would take a sign.
    let is_number = (1..=MAX_DIGITS).contains(&value.len()) && value.iter().all(u8::is_ascii_digit);
    let milliseconds = std::str::from_utf8(value).ok().filter(|_| is_number).and_then(|digits| digits.parse().ok());
    milliseconds.map(|milliseconds| Some(Duration::from_millis(milliseconds))).ok_or(Refusal::Timeout)
}
