//! What follows from the sagas' definitions: diagrams, and the lock over what was published.

mod document;
pub mod draw;
mod generated;
pub mod lock;

pub use generated::{DOCUMENT, FOLDERS, files, generate};
