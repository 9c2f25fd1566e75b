//! What is derived from sagas, as those see it who call the generator.
#![allow(clippy::expect_used, reason = "tests")]

mod command_line;
mod versions;
