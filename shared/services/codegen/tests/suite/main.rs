//! What is derived from sagas, as those see it who call the generator.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod command_line;
mod functions;
mod versions;
