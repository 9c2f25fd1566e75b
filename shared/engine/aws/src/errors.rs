//! What an error of the SDK says.

use std::error::Error;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// The service's code for the error; empty when the service gave no answer.
pub(crate) fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> &str {
    error.as_service_error().and_then(ProvideErrorMetadata::code).unwrap_or_default()
}

/// The operation, the error's code and its message; never what was sent or received.
pub(crate) fn describe<E: ProvideErrorMetadata, R>(operation: &str, error: &SdkError<E, R>) -> String {
    match error {
        SdkError::ServiceError(context) => {
            let (code, message) = (context.err().code(), context.err().message());
            format!("{operation}: {}: {}", code.unwrap_or("no code"), message.unwrap_or("no message"))
        }
        SdkError::DispatchFailure(failure) => {
            let cause = failure.as_connector_error().map(|error| innermost(error).to_string());
            format!("{operation}: the service could not be reached: {}", cause.as_deref().unwrap_or("no cause given"))
        }
        SdkError::TimeoutError(_) => format!("{operation}: no answer in time"),
        SdkError::ConstructionFailure(_) => format!("{operation}: the request could not be built"),
        _ => format!("{operation}: the answer could not be read"),
    }
}

/// The cause that says what went wrong; the outer causes only say where.
fn innermost<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause
}

#[cfg(test)]
mod tests {
    use std::io;

    use aws_sdk_dynamodb::error::ErrorMetadata;
    use aws_sdk_dynamodb::operation::get_item::GetItemError;
    use aws_smithy_runtime_api::client::result::ConnectorError;

    use super::*;

    #[test]
    fn an_error_of_the_service_is_told_by_code_and_message_alone() {
        let metadata = ErrorMetadata::builder().code("ThrottlingException").message("slow down").build();
        let error = SdkError::service_error(GetItemError::generic(metadata), "the response with its payload");
        assert_eq!(describe("GetItem", &error), "GetItem: ThrottlingException: slow down");
        assert_eq!(code(&error), "ThrottlingException");
    }

    #[test]
    fn an_error_without_an_answer_of_the_service_has_no_code() {
        let payload = "the request with its payload";
        let refused = ConnectorError::io(Box::new(io::Error::other(io::Error::other("connection refused"))));
        let errors: [(SdkError<GetItemError, &str>, &str); 4] = [
            (SdkError::timeout_error(payload), "GetItem: no answer in time"),
            (SdkError::construction_failure(payload), "GetItem: the request could not be built"),
            (SdkError::response_error(payload, payload), "GetItem: the answer could not be read"),
            (SdkError::dispatch_failure(refused), "GetItem: the service could not be reached: connection refused"),
        ];
        for (error, description) in errors {
            assert_eq!((code(&error), describe("GetItem", &error).as_str()), ("", description));
        }
    }

    #[test]
    fn an_answer_that_is_no_error_of_the_service_is_told_as_what_it_lacks() {
        let error = SdkError::service_error(GetItemError::unhandled("the response with its payload"), ());
        assert_eq!(describe("GetItem", &error), "GetItem: no code: no message");
    }
}
