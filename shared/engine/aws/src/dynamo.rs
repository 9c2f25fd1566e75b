//! Items in DynamoDB.

mod condition;
mod count;
mod index;
mod item;
mod page;
mod scan;
mod store;
mod token;
mod touch;
mod transaction;

pub use index::DynamoIndex;
pub use scan::DynamoScan;
pub use store::DynamoStore;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use messaging::{LoadError, SaveError};

use crate::errors::{code, describe};

/// The attribute by which a table finds its items.
const KEY: &str = "key";
/// The attribute that a conditional write compares.
const VERSION: &str = "version";

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
