//! What a caller, a queue or a table may bring, as bytes that nobody has looked at: a module for each place where they come in,
//! with what must hold whatever they are.
//!
//! `tests/suite` tries each of them on its corpus and on what becomes of the corpus by small changes, in every `make test`.
//! `make fuzz TARGET=envelope MINUTES=10` lets libFuzzer look for inputs that reach code which the corpus does not reach.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test support: a broken expectation ends the test, and a JSON document is read by name; nothing here is deployed"
)]

// `cargo test <name>` builds the tests of the library as well, and the marks in it need libFuzzer to be linked.
#[cfg(all(fuzzing, test))]
use bolero as _;

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;

pub mod authorization_header;
pub mod connect_request;
mod dynamo;
mod echoes;
pub mod envelope;
mod issuer;
pub mod page_token;
mod restaurant;
pub mod stored_record;

pub use dynamo::OneItem;

/// Runs a future to its end on this thread alone. No time passes meanwhile, however slow the machine is: the clock moves when a
/// future waits for it, and no target has anything to wait for.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    thread_local! {
        static RUNTIME: Runtime =
            Builder::new_current_thread().enable_time().start_paused(true).build().expect("a runtime");
    }
    RUNTIME.with(|runtime| {
        runtime.block_on(async {
            let begun = Instant::now();
            let done = future.await;
            assert_eq!(begun.elapsed(), Duration::ZERO, "the outcome depends on the clock");
            done
        })
    })
}
