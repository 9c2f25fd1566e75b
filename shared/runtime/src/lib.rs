//! Lambda glue: configuration, logs, and the three kinds of functions: RPCs, queue handlers and the outbox relay.
//!
//! A function's `main` reads its configuration, wires its ports and calls one of [`serve_query`], [`serve_mutation`],
//! [`serve_queue`] or [`serve_outbox`].

mod clock;
mod configuration;
mod gate;
mod idempotency;
mod outbox;
mod queue;
mod rpc_service;
mod trace;

pub use configuration::{ConfigurationError, configuration};
pub use gate::Gate;
pub use outbox::serve_outbox;
pub use queue::{QueueConfiguration, outbound, outbound_to, serve_queue};
pub use rpc_service::{serve_mutation, serve_query};

/// What a function's `main` fails with.
pub type Error = lambda_runtime::Error;

/// Sends logs to standard output as JSON lines; `RUST_LOG` says which.
pub fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::from_default_env();
    tracing_subscriber::fmt().json().with_env_filter(filter).with_ansi(false).with_writer(std::io::stdout).init();
}
