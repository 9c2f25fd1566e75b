//! What operators do with a deployed stack, on AWS and on the local AWS alike.
//!
//! Every command finds AWS by the environment, as AWS's own tools do: `AWS_PROFILE` or keys, `AWS_REGION`, and `AWS_ENDPOINT_URL` on
//! the local AWS, which `local environment` prints.

mod commands;
mod environment;
mod stack;
mod template;

pub use commands::run;
