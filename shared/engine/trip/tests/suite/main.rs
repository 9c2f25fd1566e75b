//! The saga in memory: its runs, its steps, its pictures, and the README that quotes it.
#![allow(clippy::expect_used, reason = "tests")]

mod pictures;
mod readme;
mod runs;
mod steps;
mod world;
