//! Why a call is not answered, and what its caller can do.

use std::collections::BTreeMap;
use std::time::Duration;

use buffa_types::google::protobuf::Duration as Delay;
use connectrpc::{ConnectError, ErrorCode, ErrorDetail};
use messaging::conditional::Contended;
use messaging::{LoadError, RecordError, SaveError};
use wire::google::rpc::bad_request::FieldViolation;
use wire::google::rpc::{BadRequest, ErrorInfo, RetryInfo};
use wire::shape::Fault;

use crate::{EdgeReason, Entry, Reason};

/// How many characters of what a caller sent are repeated to the caller.
const MAX_ECHO: usize = 64;

/// Why a call is not answered; each becomes a Connect error with an `ErrorInfo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RpcError {
    /// `invalid_argument`: fields of the request are not what the contract says. Carries a `BadRequest` with these faults.
    Invalid(Vec<Fault>),
    /// The request is understood and refused, for a reason of a catalogue and with the reason's code.
    Refused {
        /// The reason.
        reason: &'static Entry,
        /// What to do, for a developer.
        message: String,
        /// What the reason is about.
        metadata: BTreeMap<&'static str, String>,
    },
    /// `unavailable`: a repeat with the same key may succeed; the cause is logged, not told.
    Unavailable(String),
    /// `internal`: a person has to look; the cause is logged, not told.
    Internal(String),
}

/// The beginning of something that a caller sent, short enough to be repeated to the caller.
pub fn echo(text: &str) -> String {
    match text.char_indices().nth(MAX_ECHO) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

impl RpcError {
    /// An `invalid_argument` about one field, such as `items[2].quantity` and `must be a whole number from 1 to 1000`.
    pub fn invalid(field: impl Into<String>, must: impl Into<String>) -> Self {
        Self::Invalid(vec![Fault::new(field, must)])
    }

    /// A refusal for a reason of a catalogue; the message says to a developer what to do.
    pub fn refused(reason: impl Reason, message: impl Into<String>) -> Self {
        Self::Refused { reason: reason.entry(), message: message.into(), metadata: BTreeMap::new() }
    }

    /// Says what a [`RpcError::Refused`] is about, under a key that the catalogue names.
    #[must_use]
    pub fn about(mut self, name: &'static str, value: impl ToString) -> Self {
        if let Self::Refused { metadata, .. } = &mut self {
            metadata.insert(name, echo(&value.to_string()));
        }
        self
    }

    /// The reason that the caller is told.
    pub fn reason(&self) -> &'static Entry {
        match self {
            Self::Invalid(_) => EdgeReason::InvalidRequest.entry(),
            Self::Refused { reason, .. } => reason,
            Self::Unavailable(_) => EdgeReason::ServiceBusy.entry(),
            Self::Internal(_) => EdgeReason::ServiceFailed.entry(),
        }
    }
}

impl From<LoadError> for RpcError {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Transient(_) => Self::Unavailable(error.to_string()),
            LoadError::Unreadable(_) => Self::Internal(error.to_string()),
            LoadError::BadToken => Self::invalid("page_token", "must be the next_page_token of the page before"),
            LoadError::TooFar => Self::invalid(
                "page_token",
                "leads further back than the list goes: ask for one saga, or for fewer states",
            ),
        }
    }
}

impl From<RecordError> for RpcError {
    fn from(error: RecordError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<SaveError> for RpcError {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Conflict | SaveError::Transient(_) => Self::Unavailable(error.to_string()),
            SaveError::CounterShort(_)
            | SaveError::ShardShort(_)
            | SaveError::CounterMissing(_)
            | SaveError::Rejected(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<Contended> for RpcError {
    fn from(error: Contended) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl RpcError {
    /// What the caller is told; the reason belongs to `domain`. What the caller is not told is logged here.
    pub fn into_connect(self, domain: &str) -> ConnectError {
        let reason = self.reason();
        let (message, metadata, faults) = match self {
            Self::Invalid(faults) => (told(&faults), BTreeMap::new(), faults),
            Self::Refused { message, metadata, .. } => (message, metadata, Vec::new()),
            Self::Unavailable(cause) => {
                tracing::warn!(%cause, "a call could not be answered now");
                let message = "the service is busy: repeat the call, with the same Idempotency-Key if it had one";
                (message.to_owned(), BTreeMap::new(), Vec::new())
            }
            Self::Internal(cause) => {
                tracing::error!(%cause, "a call failed");
                let message = "the service has failed and the failure is recorded: a repeat will not help";
                (message.to_owned(), BTreeMap::new(), Vec::new())
            }
        };
        let info = ErrorInfo {
            reason: reason.name.to_owned(),
            domain: domain.to_owned(),
            metadata: metadata.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            ..Default::default()
        };
        // Only a step's reasons have no code, and no call is refused with those.
        let error = ConnectError::new(reason.code.unwrap_or(ErrorCode::Internal), message)
            .with_detail(ErrorDetail::from_message("google.rpc.ErrorInfo", &info));
        let error = match reason.retry.delay() {
            Some(delay) => error.with_detail(ErrorDetail::from_message("google.rpc.RetryInfo", &retry_info(delay))),
            None => error,
        };
        if faults.is_empty() {
            return error;
        }
        error.with_detail(ErrorDetail::from_message("google.rpc.BadRequest", &bad_request(faults)))
    }
}

/// The first fault, and how many more there are.
fn told(faults: &[Fault]) -> String {
    let first = faults.first().map(ToString::to_string).unwrap_or_default();
    match faults.len().saturating_sub(1) {
        0 => first,
        more => format!("{first}; and {more} more, see the details"),
    }
}

fn retry_info(delay: Duration) -> RetryInfo {
    let seconds = i64::try_from(delay.as_secs()).unwrap_or(i64::MAX);
    // Nanoseconds within a second fit.
    let nanos = i32::try_from(delay.subsec_nanos()).unwrap_or_default();
    RetryInfo { retry_delay: Some(Delay { seconds, nanos, ..Default::default() }).into(), ..Default::default() }
}

fn bad_request(faults: Vec<Fault>) -> BadRequest {
    let violation = |Fault { field, must }: Fault| FieldViolation { field, description: must, ..Default::default() };
    BadRequest { field_violations: faults.into_iter().map(violation).collect(), ..Default::default() }
}

#[cfg(test)]
mod tests;
