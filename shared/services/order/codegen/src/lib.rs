//! What follows from the sagas' definitions: state machines, diagrams, and the lock over what was published.

mod document;
pub mod draw;
mod generated;
pub mod lock;
mod state_machines;

pub use generated::{DOCUMENT, FOLDERS, files, generate};
