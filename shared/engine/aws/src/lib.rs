//! The ports on DynamoDB, SQS, SNS and Step Functions. Nothing here knows what an item or a message means.
//!
//! Read [`DynamoStore`] first, which is the conditional write that the engine stands on, then [`AwsOutbound`], through which
//! messages leave. [`DynamoIndex`] and [`DynamoScan`] give pages of items, [`AwsExecutions`] runs state machines, and
//! [`Clients`] makes the SDK's clients over one HTTP client. Every error of the SDK is classified where it arises. What the
//! adapters promise stands at the ports, in `messaging` and `orchestration`, and `testkit`'s contract tries it.

mod clients;
mod dynamo;
mod errors;
mod executions;
mod outbound;
#[cfg(test)]
mod tests;
mod text;

pub use clients::Clients;
pub use dynamo::{DynamoIndex, DynamoScan, DynamoStore};
pub use executions::AwsExecutions;
pub use outbound::AwsOutbound;
