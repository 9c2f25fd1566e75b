//! The emulator, and the template as it is deployed to it.

pub mod api;
pub mod artifacts;
pub mod clients;
pub mod deployment;
pub mod emulator;
pub mod functions;
pub mod process;
pub mod template;
