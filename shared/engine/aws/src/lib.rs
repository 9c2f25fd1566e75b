//! The ports on DynamoDB, SQS, SNS and Step Functions. Nothing here knows what an item or a message means.
//!
//! [`Clients`] makes the SDK's clients over one HTTP client; [`DynamoStore`], [`DynamoIndex`] and [`DynamoScan`] hold
//! items, [`AwsOutbound`] lets messages leave, [`AwsExecutions`] runs state machines. Every error of the SDK is classified where it arises.

mod clients;
mod dynamo;
mod errors;
mod executions;
mod outbound;
#[cfg(test)]
mod tests;

pub use clients::Clients;
pub use dynamo::{DynamoIndex, DynamoScan, DynamoStore};
pub use executions::AwsExecutions;
pub use outbound::AwsOutbound;
