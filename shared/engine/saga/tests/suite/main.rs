//! What is rendered of sagas.
#![allow(clippy::indexing_slicing, reason = "JSON documents are read by name, which gives null where there is nothing")]
#![allow(clippy::expect_used, reason = "tests")]

mod golden;
