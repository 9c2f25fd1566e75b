//! The rules of the house that a machine can see, so that they cannot rot.

mod checks;
mod circles;
mod dependencies;
mod engine;
mod functions;
mod modules;
mod placement;
mod reasons;
mod sources;
