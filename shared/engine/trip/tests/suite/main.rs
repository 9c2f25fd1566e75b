//! The saga in memory: its runs and its pictures.
#![allow(clippy::expect_used, reason = "tests")]

mod pictures;
mod runs;
mod world;
