//! The clients as production makes them, over a [`Network`].

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider, SharedHttpClient};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, timeout};

use super::answers::Answer;
use super::network::{Network, Request};
use crate::Clients;

/// No call takes longer, unless it waits for nothing.
const LONGEST: Duration = Duration::from_secs(3600);

/// An AWS that answers as it is told. Time passes only while everybody waits for it, so no test waits.
pub(super) struct World {
    runtime: Runtime,
    began: Instant,
    pub(super) network: Network,
    clients: Clients,
}

/// Makes a client with the configuration of ours, except that the SDK's pauses are as long as they can be and
/// that no other test uses up its quota of retries.
macro_rules! client {
    ($name:ident, $sdk:ident) => {
        pub(super) fn $name(&self) -> $sdk::Client {
            let client = self.clients.$name();
            let longest: RetryConfig = client.config().retry_config().expect("retries").clone();
            let config = client.config().to_builder();
            let config = config.retry_config(longest.with_use_static_exponential_base(true));
            let partition = $sdk::config::retry::RetryPartition::custom("test").build();
            $sdk::Client::from_conf(config.retry_partition(partition).build())
        }
    };
}

impl World {
    /// The first answer goes to the first request.
    pub(super) fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
        let began = runtime.block_on(async { Instant::now() });
        let network = Network::new(began, answers);
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("eu-test-1"))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new("id", "key", None, None, "test")));
        let clients = Clients::over(SharedHttpClient::new(network.clone()), config.build());
        Self { runtime, began, network, clients }
    }

    client!(dynamodb, aws_sdk_dynamodb);
    client!(sqs, aws_sdk_sqs);
    client!(sns, aws_sdk_sns);
    client!(sfn, aws_sdk_sfn);

    /// Runs a call to its end; it must ask for every answer.
    pub(super) fn run<T>(&self, call: impl Future<Output = T>) -> T {
        let call = async { timeout(LONGEST, call).await.expect("a call that ends") };
        let result = self.runtime.block_on(call);
        assert_eq!(self.network.unasked(), 0, "answers that nobody asked for; sent: {:?}", self.network.requests());
        result
    }

    /// What was sent.
    pub(super) fn requests(&self) -> Vec<Request> {
        self.network.requests()
    }

    /// What was sent in the only request.
    pub(super) fn request(&self) -> Request {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests.remove(0)
    }

    /// What the only request said, as JSON.
    pub(super) fn json(&self) -> Value {
        self.request().json()
    }

    /// When each request left, in milliseconds.
    pub(super) fn moments(&self) -> Vec<u128> {
        self.requests().iter().map(|request| request.at.as_millis()).collect()
    }

    /// How much time has passed.
    pub(super) fn now(&self) -> Duration {
        self.runtime.block_on(async { self.began.elapsed() })
    }
}
