//! What operators do with a deployed stack, on AWS and on the local AWS alike.
//!
//! Every command finds AWS by the environment, as AWS's own tools do: `AWS_PROFILE` or keys, `AWS_REGION`, and `AWS_ENDPOINT_URL` on
//! the local AWS, which `local environment` prints.
//!
//! Read `stack.rs` first, which finds a stack's parts by their names, then a file of `commands/`. `stories/` are the demo's five
//! stories, `api/` their callers, `menu/` what they order; `smoke/` plays them against a deployment and takes away what it has made.
//! `local` and the tests use the first three of these as well.
#![allow(
    clippy::indexing_slicing,
    reason = "JSON documents are read by name, which gives null where there is nothing; nothing here is deployed"
)]
// clippy.toml keeps the clock from the functions; this program runs beside them and may use it.
#![allow(clippy::disallowed_methods)]
// They panic when nobody reads any more: see speech.rs.
#![warn(clippy::print_stderr, clippy::print_stdout)]

mod api;
mod commands;
mod console;
mod environment;
mod failures;
mod letters;
mod menu;
mod pages;
mod smoke;
mod speech;
mod stack;
mod stories;
mod tables;
mod template;

pub use api::client::{Answer, Client};
pub use api::deadline::{Deadline, Patience};
pub use commands::run;
pub use console::{is_compressed, kept_for};
pub use menu::product::{Money, Product};
pub use menu::seed::{Outcome, offer, stock};
pub use stories::card::Card;
pub use stories::ending::WRONG;
pub use stories::stage::{Cast, Played};
pub use stories::story::{End, Step, Story};
pub use stories::timeline::Style;
pub use tables::Tables;
