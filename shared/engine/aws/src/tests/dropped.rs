//! A call that nobody waits for any more: the edge of an RPC drops its work when the caller's time is over.

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use messaging::Store;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::{Clients, DynamoStore};

/// How long a connection may stay open before it counts as forgotten.
const PATIENCE: Duration = Duration::from_secs(60);

/// Reads a request until its body says what is asked for.
async fn asked(listener: &TcpListener) -> (TcpStream, String) {
    let (mut connection, _) = listener.accept().await.expect("a connection");
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if text.ends_with('}') {
            return (connection, text);
        }
        assert_ne!(connection.read_buf(&mut request).await.expect("a request"), 0, "it ended early: {text}");
    }
}

/// With the HTTP client of a function, over a real connection.
#[tokio::test]
async fn a_call_that_is_dropped_hangs_up_on_dynamodb() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("eu-test-1"))
        .endpoint_url(format!("http://{}", listener.local_addr().expect("an address")))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("id", "key", None, None, "test")));
    // Without the timeouts of a function's client, which would hang up as well.
    let patient =
        Clients::of(config.build()).dynamodb().config().to_builder().timeout_config(TimeoutConfig::disabled());
    let store = DynamoStore::new(Client::from_conf(patient.build()), "orders");
    let key = "7".to_owned();
    let (mut connection, request) = tokio::select! {
        answer = store.load(&key) => panic!("nobody has answered: {:?}", answer.is_ok()),
        asked = asked(&listener) => asked,
    };
    // The call is dropped here, as `tokio::time::timeout` drops what it waited for.
    assert!(request.contains("DynamoDB_20120810.GetItem") && request.contains("orders"), "{request}");
    let mut rest = Vec::new();
    let hung_up = timeout(PATIENCE, connection.read_to_end(&mut rest)).await.expect("the connection is closed");
    assert!(hung_up.is_err() || rest.is_empty(), "it went on: {}", String::from_utf8_lossy(&rest));
}
