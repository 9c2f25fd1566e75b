//! What operators do with a deployed stack, on AWS and on the local AWS alike.
//!
//! Every command finds AWS by the environment, as AWS's own tools do: `AWS_PROFILE` or keys, `AWS_REGION`, and `AWS_ENDPOINT_URL` on
//! the local AWS, which `local environment` prints.
//!
//! Read `stack.rs` first, which finds a stack's parts by their names, then a file of `commands/`.
// clippy.toml keeps the clock from the functions; this program is run by a person.
#![allow(clippy::disallowed_methods)]

mod commands;
mod letters;
mod pages;
mod speech;
mod stack;

pub use commands::run;
