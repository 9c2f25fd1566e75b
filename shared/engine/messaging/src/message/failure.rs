//! What a caller of the loop can do about a message that was not handled.

use std::error::Error;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// Why a message could not be handled, by what happens to the message next.
///
/// | what is wrong | what a handler returns | what follows |
/// |---|---|---|
/// | a business rule forbids the command | no failure, but a reply with a [`Refusal`](crate::Refusal) | the saga turns round |
/// | a service is busy or silent, or a newer deployment wrote the item: time may heal it | [`Failure::retry`] | the queue delivers the message again, a few times |
/// | the message is malformed, or contradicts the state: no attempt can succeed | [`Failure::set_aside`] | the message goes to the dead-letter queue, and an alarm calls a person |
///
/// A saga waits for ever for the answer to a command that was set aside, so what a customer can cause is a refusal.
/// Pass the error itself rather than its text: [`Reason::in_full`] then tells its causes as well.
///
/// ```
/// use messaging::Failure;
///
/// fn quantity(text: &str) -> Result<u32, Failure> {
///     text.parse().map_err(Failure::set_aside)
/// }
///
/// assert_eq!(quantity("12"), Ok(12));
/// assert_eq!(quantity("many"), Err(Failure::set_aside("invalid digit found in string")));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Leave the message on its queue: a later attempt may succeed.
    Retry(Reason),
    /// Move the message to the dead-letter queue with this reason: no attempt can succeed.
    SetAside(Reason),
}

impl Failure {
    /// A failure that time may heal, with an error or a text as its reason.
    pub fn retry(reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Retry(Reason::of(reason.into()))
    }

    /// A failure that needs a person, with an error or a text as its reason.
    pub fn set_aside(reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::SetAside(Reason::of(reason.into()))
    }

    /// Why the message could not be handled.
    pub fn reason(&self) -> &Reason {
        match self {
            Self::Retry(reason) | Self::SetAside(reason) => reason,
        }
    }

    /// What happens next and why, with all causes; see [`Reason::in_full`].
    pub fn in_full(&self) -> String {
        in_full(self)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retry(reason) => write!(formatter, "try again later: {reason}"),
            Self::SetAside(reason) => write!(formatter, "set aside: {reason}"),
        }
    }
}

impl Error for Failure {
    /// The cause of the reason, as the reason itself is part of the failure's text.
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.reason().error.source()
    }
}

/// The text of a [`Failure`], and the error that it comes from. Reasons are equal if their texts are.
#[derive(Clone)]
pub struct Reason {
    text: String,
    error: Arc<dyn Error + Send + Sync>,
}

impl Reason {
    fn of(error: Box<dyn Error + Send + Sync>) -> Self {
        Self { text: error.to_string(), error: error.into() }
    }

    /// The text, followed by the causes of the error down to the first; each is told once.
    pub fn in_full(&self) -> String {
        in_full(&*self.error)
    }
}

/// An error's text and those of its causes; a cause that the text before it ends with is not told again.
fn in_full(error: &dyn Error) -> String {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !told.ends_with(&text) {
            told.push_str(": ");
            told.push_str(&text);
        }
        cause = error.source();
    }
    told
}

impl Deref for Reason {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Shows the text alone: the error's own fields may hold more than may be logged.
impl fmt::Debug for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, formatter)
    }
}

impl PartialEq for Reason {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Reason {}

impl PartialEq<str> for Reason {
    fn eq(&self, text: &str) -> bool {
        self.text == text
    }
}

#[cfg(test)]
mod tests {
    use thiserror::Error;

    use super::*;

    #[derive(Debug, Error)]
    #[error("connection refused")]
    struct Refused;

    /// Tells its cause in its own text.
    #[derive(Debug, Error)]
    #[error("no route: {0}")]
    struct NoRoute(#[source] Refused);

    #[derive(Debug, Error)]
    #[error("the provider does not answer")]
    struct Silent(#[source] NoRoute);

    #[test]
    fn a_failure_keeps_the_causes_of_its_error_and_tells_each_once() {
        let failure = Failure::retry(Silent(NoRoute(Refused)));
        assert_eq!(failure.to_string(), "try again later: the provider does not answer");
        assert_eq!(failure.reason().in_full(), "the provider does not answer: no route: connection refused");
        let all = "try again later: the provider does not answer: no route: connection refused";
        assert_eq!(failure.in_full(), all);
        let cause = failure.source().expect("a cause");
        assert!(cause.is::<NoRoute>() && cause.source().is_some_and(|first| first.is::<Refused>()), "{cause:?}");
    }

    #[test]
    fn a_text_is_a_reason_without_a_cause() {
        let failure = Failure::set_aside("it is broken".to_owned());
        assert_eq!(failure.to_string(), "set aside: it is broken");
        assert_eq!((failure.reason().in_full().as_str(), &**failure.reason()), ("it is broken", "it is broken"));
        assert!(failure.source().is_none());
    }

    #[test]
    fn failures_are_equal_by_what_follows_and_by_text() {
        assert_eq!(Failure::retry(Silent(NoRoute(Refused))), Failure::retry("the provider does not answer"));
        assert_ne!(Failure::retry("busy"), Failure::set_aside("busy"));
        assert_ne!(Failure::retry("busy"), Failure::retry("silent"));
    }
}
