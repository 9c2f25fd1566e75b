//! The SDK's clients, all over one HTTP client.

use std::time::Duration;

use aws_config::environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider};
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TlsContextBuilder, TrustStore};

/// The roots that every AWS endpoint's certificate leads to: four roots of Amazon, and the root that cross-signs them.
/// Parsing the operating system's whole list would cost a cold start 3 ms.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon-roots.pem");

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(3);
/// Shorter than a function's own timeout: a hanging service ends in an error that is logged and classified.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(8);
const MAX_ATTEMPTS: u32 = 3;
const INITIAL_BACKOFF: Duration = Duration::from_millis(50);
const MAX_BACKOFF: Duration = Duration::from_secs(1);

/// Makes clients that share one HTTP client and its connections.
#[derive(Debug, Clone)]
pub struct Clients {
    config: SdkConfig,
}

impl Clients {
    /// Configured by the environment as Lambda sets it: `AWS_REGION`, the credentials, and `AWS_ENDPOINT_URL` on a
    /// local AWS. Profiles and instance metadata are not asked, so nothing is read or connected to.
    pub async fn from_env() -> Self {
        let http = http_client();
        let config = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .region(EnvironmentVariableRegionProvider::new())
            .credentials_provider(EnvironmentVariableCredentialsProvider::new())
            .profile_files(no_profiles())
            .http_client(http.clone())
            .load()
            .await;
        Self::over(http, config)
    }

    /// Configured as AWS's own tools are: a profile or keys, a region, and perhaps an endpoint. This is for programs that a
    /// person runs; a function takes [`Clients::from_env`].
    pub async fn of_the_user() -> Self {
        let http = http_client();
        let config = aws_config::defaults(BehaviorVersion::v2026_01_12()).http_client(http.clone()).load().await;
        Self::over(http, config)
    }

    /// Clients of this configuration, except for the HTTP client, timeouts and retries, which are always the same.
    pub fn of(config: SdkConfig) -> Self {
        Self::over(http_client(), config)
    }

    /// Clients over this HTTP client.
    pub(crate) fn over(http: SharedHttpClient, config: SdkConfig) -> Self {
        let builder = config.into_builder().http_client(http).retry_config(retries());
        Self { config: builder.timeout_config(timeouts()).build() }
    }

    /// Where the clients send, and as whom.
    pub fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// A client of DynamoDB.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.config)
    }

    /// A client of SQS.
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.config)
    }

    /// A client of Step Functions.
    pub fn sfn(&self) -> aws_sdk_sfn::Client {
        aws_sdk_sfn::Client::new(&self.config)
    }

    /// A client of SNS.
    pub fn sns(&self) -> aws_sdk_sns::Client {
        aws_sdk_sns::Client::new(&self.config)
    }
}

fn http_client() -> SharedHttpClient {
    let builder = Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
    match tls().build() {
        Ok(context) => builder.tls_context(context).build_https(),
        // The operating system's roots: slower, but never less.
        Err(_) => builder.build_https(),
    }
}

/// Trusts [`AMAZON_ROOTS`] and no other root.
fn tls() -> TlsContextBuilder {
    TlsContext::builder().with_trust_store(TrustStore::empty().with_pem_certificate(AMAZON_ROOTS))
}

/// One empty file in memory: a function has no profiles, and looking for them would read the disk.
fn no_profiles() -> EnvConfigFiles {
    EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, "").build()
}

fn retries() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(MAX_ATTEMPTS)
        .with_initial_backoff(INITIAL_BACKOFF)
        .with_max_backoff(MAX_BACKOFF)
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build()
}

#[cfg(test)]
mod tests;
