//! What an error of the SDK says, and whether a repeat can help.

use std::error::Error;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// The service's code for the error, or an empty text when the service was not reached.
pub(crate) fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> &str {
    error.as_service_error().and_then(ProvideErrorMetadata::code).unwrap_or_default()
}

/// The operation, the error's code and its message; never what was sent or received.
pub(crate) fn describe<E, R>(operation: &str, error: &SdkError<E, R>) -> String
where
    E: ProvideErrorMetadata + Error + 'static,
{
    if let SdkError::ServiceError(context) = error {
        let code = context.err().code().unwrap_or("an error without a code");
        return match context.err().message() {
            Some(message) => format!("{operation}: {code}: {message}"),
            None => format!("{operation}: {code}"),
        };
    }
    let kind = match error {
        SdkError::ConstructionFailure(_) => "the request could not be built",
        SdkError::TimeoutError(_) => "no answer in time",
        SdkError::DispatchFailure(_) => "the service could not be reached",
        _ => "the answer could not be read",
    };
    match error.source_of_failure() {
        Some(cause) => format!("{operation}: {kind}: {cause}"),
        None => format!("{operation}: {kind}"),
    }
}

trait SourceOfFailure {
    fn source_of_failure(&self) -> Option<String>;
}

impl<E: Error + 'static, R> SourceOfFailure for SdkError<E, R> {
    /// The innermost cause, which names what went wrong; the outer ones only say where.
    fn source_of_failure(&self) -> Option<String> {
        let mut cause: &(dyn Error + 'static) = match self {
            Self::ConstructionFailure(_) | Self::ResponseError(_) => return None,
            Self::DispatchFailure(failure) => failure.as_connector_error()?,
            _ => return None,
        };
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        Some(cause.to_string())
    }
}
