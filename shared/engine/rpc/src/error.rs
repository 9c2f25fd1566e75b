//! Why a call is not answered, and what its caller can do.

use std::collections::BTreeMap;

use connectrpc::{ConnectError, ErrorDetail};
use messaging::conditional::Contended;
use messaging::{LoadError, RecordError, SaveError};
use wire::google::rpc::ErrorInfo;

/// Why a call is not answered; each becomes one Connect code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RpcError {
    /// `invalid_argument`: the request can never be accepted; the message says what to change.
    Invalid(String),
    /// `not_found`: there is no such thing, or it belongs to somebody else.
    NotFound(String),
    /// `failed_precondition`: the request is fine, the present state forbids it. Carries an `ErrorInfo`.
    Forbidden {
        /// The reason in UPPER_SNAKE_CASE.
        reason: &'static str,
        /// What to do, for a person.
        message: String,
        /// What the reason is about.
        metadata: BTreeMap<String, String>,
    },
    /// `unavailable`: a repeat with the same key may succeed.
    Unavailable(String),
    /// `internal`: a person has to look; the cause is logged, not told.
    Internal(String),
}

impl RpcError {
    /// An `invalid_argument`.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid(message.into())
    }

    /// A `failed_precondition` with its reason.
    pub fn forbidden(reason: &'static str, message: impl Into<String>) -> Self {
        Self::Forbidden { reason, message: message.into(), metadata: BTreeMap::new() }
    }

    /// Says what a [`RpcError::Forbidden`] is about.
    #[must_use]
    pub fn about(mut self, name: &str, value: impl ToString) -> Self {
        if let Self::Forbidden { metadata, .. } = &mut self {
            metadata.insert(name.to_owned(), value.to_string());
        }
        self
    }
}

impl From<LoadError> for RpcError {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Transient(_) => Self::Unavailable(error.to_string()),
            LoadError::Unreadable(_) => Self::Internal(error.to_string()),
            LoadError::BadToken => Self::Invalid(error.to_string()),
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
    /// What the caller is told; the reason of a refusal belongs to `domain`. What the caller is not told is logged here.
    pub fn into_connect(self, domain: &str) -> ConnectError {
        match self {
            Self::Invalid(message) => ConnectError::invalid_argument(message),
            Self::NotFound(message) => ConnectError::not_found(message),
            Self::Forbidden { reason, message, metadata } => {
                let info = ErrorInfo {
                    reason: reason.to_owned(),
                    domain: domain.to_owned(),
                    metadata: metadata.into_iter().collect(),
                    ..Default::default()
                };
                ConnectError::failed_precondition(message)
                    .with_detail(ErrorDetail::from_message("google.rpc.ErrorInfo", &info))
            }
            Self::Unavailable(cause) => {
                tracing::warn!(%cause, "a call could not be answered now");
                ConnectError::unavailable(
                    "the service is busy: repeat the call, with the same Idempotency-Key if it had one",
                )
            }
            Self::Internal(cause) => {
                tracing::error!(%cause, "a call failed");
                ConnectError::internal("the service has failed and the failure is recorded: a repeat will not help")
            }
        }
    }
}

#[cfg(test)]
mod tests;
