#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod claims;
mod configuration;
mod fetching;
mod fixture;
mod http;
mod key_set;
mod policy;
mod signatures;
