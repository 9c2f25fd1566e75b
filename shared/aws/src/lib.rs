//! The ports on DynamoDB, SQS and SNS. Nothing here knows what an item or a message means.
//!
//! [`Clients`] makes the SDK's clients over one HTTP client; [`DynamoStore`], [`DynamoIndex`] and [`DynamoScan`] hold
//! items, [`AwsOutbound`] lets messages leave. Every error of the SDK is classified where it arises.

mod clients;
mod dynamo;
mod errors;
mod outbound;

pub use clients::Clients;
pub use dynamo::{DynamoIndex, DynamoScan, DynamoStore};
pub use outbound::AwsOutbound;
