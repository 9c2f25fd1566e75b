//! How long a call may take: what its caller allows, or what the function has left, whichever is shorter.

use std::time::Duration;

use http::{HeaderMap, HeaderName};

use super::refusal::Refusal;

pub(super) const CONNECT_TIMEOUT: HeaderName = HeaderName::from_static("connect-timeout-ms");

/// What the answer takes once the work has been dropped: it is made, written down and sent to Lambda.
const RESERVE: Duration = Duration::from_millis(500);

/// Connect's most digits: 115 days.
const MAX_DIGITS: usize = 10;

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deadline {
    /// The caller says so.
    OfTheCaller(Duration),
    /// The function would run out of time.
    OfTheFunction(Duration),
    /// Nobody says so.
    Never,
}

impl Deadline {
    /// The deadline of a call with these headers, in a function that has this much time left.
    ///
    /// # Errors
    /// A header that is no timeout, or that comes twice.
    pub(super) fn of(headers: &HeaderMap, left: Option<Duration>) -> Result<Self, Refusal> {
        let left = left.map(|left| left.saturating_sub(RESERVE));
        Ok(match (asked(headers)?, left) {
            (Some(asked), Some(left)) if asked >= left => Self::OfTheFunction(left),
            (Some(asked), _) => Self::OfTheCaller(asked),
            (None, Some(left)) => Self::OfTheFunction(left),
            (None, None) => Self::Never,
        })
    }

    /// Does the work, or drops it together with everything that it waits for.
    ///
    /// # Errors
    /// The time is over. Work that has no time at all is not begun.
    pub(super) async fn keep<T>(self, work: impl Future<Output = T>) -> Result<T, Refusal> {
        let (Self::OfTheCaller(time) | Self::OfTheFunction(time)) = self else { return Ok(work.await) };
        if !time.is_zero()
            && let Ok(done) = tokio::time::timeout(time, work).await
        {
            return Ok(done);
        }
        if let Self::OfTheCaller(_) = self {
            return Err(Refusal::OutOfTheCallersTime);
        }
        tracing::warn!(milliseconds = time.as_millis(), "a call was dropped before the function ran out of time");
        Err(Refusal::OutOfTheFunctionsTime)
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
