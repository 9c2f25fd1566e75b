use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

/// The region of everything.
pub(crate) const REGION: &str = "us-east-1";
/// The access key and the secret of the emulator's root user.
pub(crate) const ROOT: &str = "test";
/// The emulator's only account.
pub(crate) const ACCOUNT: &str = "000000000000";

/// Clients of the emulator as its root user, for each service that tests and set-up use.
#[derive(Clone, Debug)]
pub struct Clients {
    /// DynamoDB.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// Step Functions.
    pub sfn: aws_sdk_sfn::Client,
    /// SNS.
    pub sns: aws_sdk_sns::Client,
    /// SQS.
    pub sqs: aws_sdk_sqs::Client,
}

impl Clients {
    /// Makes the clients of the emulator at `endpoint`.
    #[must_use]
    pub fn new(endpoint: &str) -> Self {
        let config = Self::config(endpoint);
        Self {
            dynamodb: aws_sdk_dynamodb::Client::new(&config),
            sfn: aws_sdk_sfn::Client::new(&config),
            sns: aws_sdk_sns::Client::new(&config),
            sqs: aws_sdk_sqs::Client::new(&config),
        }
    }

    /// The configuration of a client of the emulator at `endpoint`. The user's own AWS set-up has no part in it.
    #[must_use]
    pub fn config(endpoint: &str) -> SdkConfig {
        let credentials = Credentials::new(ROOT, ROOT, None, None, "local AWS");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(REGION))
            .endpoint_url(endpoint)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build()
    }
}
