//! What is rendered of sagas.
#![allow(clippy::expect_used, reason = "tests")]

mod golden;
