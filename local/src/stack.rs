//! The emulator, and the template as it is deployed to it.

pub(crate) mod api;
pub(crate) mod artifacts;
pub(crate) mod clients;
pub(crate) mod deployment;
pub(crate) mod emulator;
pub(crate) mod functions;
pub(crate) mod process;
pub(crate) mod template;
