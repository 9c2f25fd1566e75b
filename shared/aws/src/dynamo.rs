//! Items in DynamoDB.

mod index;
mod item;
mod scan;
mod store;
mod token;
mod transaction;

pub use index::DynamoIndex;
pub use scan::DynamoScan;
pub use store::DynamoStore;

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::AsyncSleep;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use messaging::{LoadError, SaveError};

use crate::errors::{code, describe};

/// The attribute by which a table finds its items.
const KEY: &str = "key";
/// The attribute that a conditional write compares.
const VERSION: &str = "version";
/// The attribute that counters are.
const AVAILABLE: &str = "available";

/// A key that no item has.
const NO_ITEM: &str = "-";

const VALIDATION: &str = "ValidationException";

/// Only what the service finds wrong with the request itself is final; a missing table or permission can be repaired.
fn load_error<E: ProvideErrorMetadata, R>(operation: &str, error: &SdkError<E, R>) -> LoadError {
    let description = describe(operation, error);
    if code(error) == VALIDATION { LoadError::Unreadable(description) } else { LoadError::Transient(description) }
}

fn save_error<E: ProvideErrorMetadata, R>(operation: &str, error: &SdkError<E, R>) -> SaveError {
    match code(error) {
        "ConditionalCheckFailedException" | "TransactionConflictException" => SaveError::Conflict,
        VALIDATION | "ItemCollectionSizeLimitExceededException" => SaveError::Rejected(describe(operation, error)),
        _ => SaveError::Transient(describe(operation, error)),
    }
}

/// Waits by the clock that the client itself waits by before it tries again.
async fn wait(client: &Client, pause: Duration) {
    match client.config().sleep_impl() {
        Some(clock) => clock.sleep(pause).await,
        None => tokio::time::sleep(pause).await,
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use aws_sdk_dynamodb::config::{BehaviorVersion, Config};

    use super::*;

    #[tokio::test]
    async fn a_client_without_a_clock_is_waited_for_by_the_runtimes() {
        let config = Config::builder().behavior_version(BehaviorVersion::v2026_01_12()).build();
        let client = Client::from_conf(config);
        assert!(client.config().sleep_impl().is_none());
        let mut context = Context::from_waker(Waker::noop());
        assert_eq!(pin!(wait(&client, Duration::from_secs(3600))).poll(&mut context), Poll::Pending);
    }
}
