//! A DynamoDB that holds one item, for the adapter as it is: what it asks and answers is the JSON that AWS speaks.

use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::http::{HttpRequest, HttpResponse};
use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region, RuntimeComponents};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use serde_json::{Value, json};

/// One item, and what was last asked. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct OneItem(Arc<Mutex<Held>>);

#[derive(Debug, Default)]
struct Held {
    item: Option<Value>,
    asked: Value,
}

impl OneItem {
    /// The client of the SDK that asks it.
    pub fn client(&self) -> Client {
        let config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("eu-test-1"))
            .credentials_provider(Credentials::new("id", "key", None, None, "test"))
            .http_client(self.clone())
            .build();
        Client::from_conf(config)
    }

    /// Puts an item there as it is.
    pub fn hold(&self, item: Value) {
        self.held().item = Some(item);
    }

    /// The last request.
    pub fn asked(&self) -> Value {
        self.held().asked.clone()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, operation: &str, request: Value) -> Value {
        let mut held = self.held();
        let answer = match operation {
            "GetItem" => held.item.clone().map_or(json!({}), |item| json!({ "Item": item })),
            "PutItem" => {
                held.item = Some(request["Item"].clone());
                json!({})
            }
            // The page ends where it began, so that the next token is of the same key.
            "Query" => match &request["ExclusiveStartKey"] {
                Value::Null => json!({"Items": []}),
                key => json!({"Items": [], "LastEvaluatedKey": key}),
            },
            other => panic!("nobody asks for {other} here"),
        };
        held.asked = request;
        answer
    }
}

impl HttpClient for OneItem {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for OneItem {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default();
        let body = serde_json::from_slice(request.body().bytes().expect("a body")).expect("JSON");
        let answer = self.answer(operation, body).to_string();
        let response = HttpResponse::new(200.try_into().expect("a status"), answer.into());
        HttpConnectorFuture::new(ready(Ok(response)))
    }
}
