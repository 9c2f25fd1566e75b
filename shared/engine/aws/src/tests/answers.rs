//! Answers that AWS gives, in its own words.

use serde_json::{Value, json};

/// What becomes of a request.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// The service answers.
    Response {
        /// The status of the response.
        status: u16,
        /// Its headers, as far as they matter.
        headers: Vec<(&'static str, String)>,
        /// Its body.
        body: String,
    },
    /// Nobody accepts the connection.
    Unreachable,
    /// The connection is made, and nothing ever comes back.
    Silence,
}

/// A good answer with this body.
pub(super) fn ok(body: Value) -> Answer {
    text(200, &body.to_string())
}

/// An answer of whatever stands before the service.
pub(super) fn text(status: u16, body: &str) -> Answer {
    Answer::Response { status, headers: Vec::new(), body: body.to_owned() }
}

/// An error of a service that speaks JSON.
pub(super) fn error(code: &str) -> Answer {
    text(400, &json!({"__type": format!("com.amazonaws#{code}"), "message": "says AWS"}).to_string())
}

/// An error of SQS, which also tells the code that its older, XML protocol had for it.
pub(super) fn sqs_error(code: &str, older: &str) -> Answer {
    let headers = vec![("x-amzn-query-error", format!("{older};Sender"))];
    let body = json!({"__type": format!("com.amazonaws.sqs#{code}"), "message": "says AWS"}).to_string();
    Answer::Response { status: 400, headers, body }
}

/// An error of SNS, which speaks XML.
pub(super) fn sns_error(status: u16, code: &str) -> Answer {
    let error = format!("<Error><Type>Sender</Type><Code>{code}</Code><Message>says AWS</Message></Error>");
    text(status, &format!("<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>"))
}

/// A transaction that was cancelled for these reasons.
pub(super) fn cancelled(reasons: &[Value]) -> Answer {
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled",
        "CancellationReasons": reasons,
    });
    text(400, &body.to_string())
}

/// The item that holds [`testkit::builders::record`] with this key, in its first version.
pub(super) fn item(key: &str) -> Value {
    json!({"key": {"S": key}, "version": {"N": "1"}, "schema": {"N": "1"}, "state": {"M": {"written": {"N": "1"}}}})
}

/// What may pass, at any service that speaks JSON: the answer, how often it is asked for before it is reported, and as
/// what.
pub(super) fn passing() -> Vec<(Answer, usize, &'static str)> {
    vec![
        (error("ThrottlingException"), 3, "ThrottlingException: says AWS"),
        (error("AccessDeniedException"), 1, "AccessDeniedException: says AWS"),
        (error("ExpiredTokenException"), 1, "ExpiredTokenException: says AWS"),
        (error("SomethingNew"), 1, "SomethingNew: says AWS"),
        (text(500, ""), 3, "no code: no message"),
        (text(503, "<html>busy</html>"), 3, "no code: no message"),
        (Answer::Unreachable, 3, "the service could not be reached: connection refused"),
        (Answer::Silence, 3, "no answer in time"),
    ]
}

/// What may pass at DynamoDB.
pub(super) fn passing_at_a_table() -> Vec<(Answer, usize, &'static str)> {
    let mut answers = passing();
    answers.extend([
        (error("ProvisionedThroughputExceededException"), 3, "ProvisionedThroughputExceededException: says AWS"),
        (error("RequestLimitExceeded"), 3, "RequestLimitExceeded: says AWS"),
        (error("InternalServerError"), 1, "InternalServerError: says AWS"),
        (error("ResourceNotFoundException"), 1, "ResourceNotFoundException: says AWS"),
        (error("UnrecognizedClientException"), 1, "UnrecognizedClientException: says AWS"),
    ]);
    answers
}
