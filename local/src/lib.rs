//! The local AWS: starts the emulator, deploys the real template to it, bridges what the emulator does not do, and issues
//! development tokens. `make up` runs it through the `local` binary; the as-deployed tests start stacks of their own.
//!
//! Read `local_aws.rs` first: it puts a system together from the rooms. `stack/` runs the emulator and deploys to it, `front/`
//! is the API's address with its callers, `watch/` sees the functions' AWS calls, `trouble/` is what goes wrong on demand, `data/` says where things are and what a
//! system starts with. `commands/` is the command line, and the demo.
#![allow(
    clippy::indexing_slicing,
    reason = "JSON documents are read by name, which gives null where there is nothing; nothing here is deployed"
)]
// clippy.toml keeps the clock and waiting from the functions; this program runs beside them and may use both.
#![allow(clippy::disallowed_methods)]

mod commands;
mod data;
mod front;
mod local_aws;
mod stack;
mod trouble;
mod watch;

pub use commands::run;
pub use data::events::Event;
pub use data::lane::Lane;
pub use data::workspace::Workspace;
pub use front::console::{Console, console_file};
pub use front::issuer::SignIn;
pub use front::person::Person;
pub use front::token::{AccessToken, SigningKey};
pub use local_aws::{Kept, LocalAws, Options};
pub use operate::{Answer, Card, Client, Deadline, Product, Story};
pub use stack::api::Api;
pub use stack::clients::Clients;
pub use stack::emulator::Emulator;
pub use stack::process::{ProcessGroup, free_port};
pub use stack::template::Template;
pub use watch::call::Call;
pub use watch::faults::Held;
pub use watch::items::Touched;
pub use watch::uses::Use;

/// The template's reader, as the rules of the template name it.
pub mod template {
    pub use crate::stack::template::{Template, from_yaml, strings};
}
