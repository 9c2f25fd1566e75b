//! The local AWS: starts the emulator, deploys the real template to it, bridges what the emulator does not do, and issues
//! development tokens. `make up` runs it through the `local` binary; the as-deployed tests start stacks of their own.
#![allow(
    clippy::indexing_slicing,
    reason = "JSON documents are read by name, which gives null where there is nothing; nothing here is deployed"
)]
// What clippy.toml keeps from the functions, the clock and waiting, is this program's own business: it runs beside them.
#![allow(clippy::disallowed_methods)]

mod data;
mod front;
mod local_aws;
mod stack;
mod watch;

pub use data::{events, lane, run_state, seed, workspace};
pub use front::{bridge, gateway, issuer, serving, token};
pub use stack::{api, artifacts, clients, deployment, emulator, functions, process, template};
pub use watch::{items, recorder, uses};

pub use data::events::Event;
pub use data::lane::Lane;
pub use data::workspace::Workspace;
pub use front::issuer::Issuer;
pub use front::token::{AccessToken, SigningKey};
pub use local_aws::{AUDIENCE, Kept, LocalAws, ORIGIN, Options};
pub use stack::emulator::Emulator;
pub use watch::items::Touched;
pub use watch::recorder::{Call, Recorder};
pub use watch::uses::Use;
