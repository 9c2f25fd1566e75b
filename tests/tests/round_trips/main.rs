//! What is written is read again as it was: every message of the contracts, and every state that is stored.
#![allow(clippy::expect_used, clippy::panic, reason = "a broken expectation ends the test")]

mod doors;
mod messages;
mod states;
mod wire;

/// Runs a future to its end on this thread alone.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(future)
}
