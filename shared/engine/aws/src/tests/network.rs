//! An HTTP client that sends nothing: it notes the requests and gives the answers that it was told to give.

use std::collections::VecDeque;
use std::future::{pending, ready};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::config::RuntimeComponents;
use aws_sdk_dynamodb::config::http::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::result::ConnectorError;
use serde_json::Value;
use tokio::time::Instant;

use super::answers::Answer;

/// A request as it would have left.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Request {
    /// When it left.
    pub(super) at: Duration,
    /// The operation, such as `DynamoDB_20120810.GetItem`; empty where the body names it.
    pub(super) operation: String,
    /// Where it went.
    pub(super) uri: String,
    /// What it said.
    pub(super) body: String,
}

impl Request {
    /// What it said, as JSON.
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

/// All that is sent meets it.
#[derive(Debug, Clone)]
pub(super) struct Network {
    began: Instant,
    traffic: Arc<Mutex<Traffic>>,
}

#[derive(Debug, Default)]
struct Traffic {
    answers: VecDeque<Answer>,
    requests: Vec<Request>,
    connect_timeout: Option<Duration>,
}

impl Network {
    /// The first answer goes to the first request; a request without an answer fails the test.
    pub(super) fn new(began: Instant, answers: impl IntoIterator<Item = Answer>) -> Self {
        let traffic = Traffic { answers: answers.into_iter().collect(), ..Traffic::default() };
        Self { began, traffic: Arc::new(Mutex::new(traffic)) }
    }

    /// What was sent.
    pub(super) fn requests(&self) -> Vec<Request> {
        self.traffic.lock().expect("the traffic").requests.clone()
    }

    /// How many answers nobody has asked for.
    pub(super) fn unasked(&self) -> usize {
        self.traffic.lock().expect("the traffic").answers.len()
    }

    /// How long a connection may take to be made.
    pub(super) fn connect_timeout(&self) -> Option<Duration> {
        self.traffic.lock().expect("the traffic").connect_timeout
    }
}

impl HttpClient for Network {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        self.traffic.lock().expect("the traffic").connect_timeout = settings.connect_timeout();
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Network {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut traffic = self.traffic.lock().expect("the traffic");
        let body = request.body().bytes().expect("a body that is not streamed");
        traffic.requests.push(Request {
            at: self.began.elapsed(),
            operation: request.headers().get("x-amz-target").unwrap_or_default().to_owned(),
            uri: request.uri().to_owned(),
            body: String::from_utf8(body.to_vec()).expect("a text"),
        });
        match traffic.answers.pop_front().expect("an answer to this request") {
            Answer::Silence => HttpConnectorFuture::new(pending()),
            Answer::Unreachable => {
                HttpConnectorFuture::new(ready(Err(ConnectorError::io("connection refused".into()))))
            }
            Answer::Response { status, headers, body } => {
                let mut response = HttpResponse::new(status.try_into().expect("a status"), body.into());
                for (name, value) in headers {
                    response.headers_mut().insert(name, value);
                }
                HttpConnectorFuture::new(ready(Ok(response)))
            }
        }
    }
}
