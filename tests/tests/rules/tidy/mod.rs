//! The rules of the house that a machine can see, so that they cannot rot.

mod checks;
mod dependencies;
mod functions;
mod sources;
