//! The local AWS: starts the emulator, deploys the real template to it, bridges what the emulator does not do, and issues
//! development tokens. `make up` runs it through the `local` binary; the as-deployed tests start stacks of their own.
#![allow(
    clippy::indexing_slicing,
    reason = "JSON documents are read by name, which gives null where there is nothing; nothing here is deployed"
)]
// What clippy.toml keeps from the functions, the clock and waiting, is this program's own business: it runs beside them.
#![allow(clippy::disallowed_methods)]

pub mod api;
pub mod artifacts;
pub mod bridge;
pub mod clients;
pub mod deployment;
pub mod emulator;
pub mod events;
pub mod functions;
pub mod gateway;
mod identity;
pub mod issuer;
pub mod items;
pub mod lane;
pub mod process;
pub mod recorder;
pub mod run_state;
pub mod seed;
pub mod serving;
pub mod stack;
pub mod template;
pub mod token;
pub mod uses;
pub mod workspace;

pub use emulator::Emulator;
pub use events::Event;
pub use issuer::Issuer;
pub use items::Touched;
pub use lane::Lane;
pub use recorder::{Call, Recorder};
pub use stack::{LocalAws, Options};
pub use token::{AccessToken, SigningKey};
pub use uses::Use;
pub use workspace::Workspace;
