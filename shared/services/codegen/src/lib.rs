//! What follows from the sagas' definitions: state machines, diagrams, the parts of the template that speak of them, and the
//! lock over what was published. And what follows from the contracts: the documents of the API and of the messages, and what
//! clients are told of the reasons for which a call is refused.

mod blocks;
mod documents;
pub mod draw;
pub mod errors;
pub mod function;
mod generated;
pub mod lock;
mod new_version;
mod overview;
mod state_machines;
mod template;

use messaging::Deployment;

pub use documents::{documents, write_documents};
pub use generated::{FOLDERS, files, generate, with_parts};
pub use new_version::new_version;
pub use template::{TEMPLATE, blocks};

/// The rows of the steps of every service.
pub fn steps() -> Vec<Deployment> {
    [order::deployment::STEPS, kitchen::deployment::STEPS, billing::deployment::STEPS].concat()
}
