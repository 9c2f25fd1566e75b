//! Lambda glue: configuration, logs, and the three kinds of functions: RPCs, queue handlers and the outbox relay.
//!
//! A function's `main` reads its configuration, wires its ports and calls one of [`serve_query`], [`serve_mutation`],
//! [`serve_queue`] or [`serve_outbox`].

mod clock;
mod configuration;
mod gate;
mod idempotency;
mod lane;
mod outbox;
mod queue;
mod rpc_service;
mod trace;

pub use configuration::{ConfigurationError, configuration};
pub use gate::Gate;
pub use lane::{executions, executions_of, sagas};
pub use outbox::serve_outbox;
pub use queue::{HANDLING_TIMEOUT, QueueConfiguration, outbound, outbound_to, serve_queue, serve_receiver};
pub use rpc_service::{serve_mutation, serve_query};

use tracing::Level;
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// What a function's `main` fails with.
pub type Error = lambda_runtime::Error;

/// Sends logs to standard output as JSON lines; `RUST_LOG` says which, except for those that could tell a secret.
pub fn start_logging() {
    let lines = fmt::layer().json().with_ansi(false).with_writer(std::io::stdout);
    let safe = filter_fn(|metadata| is_safe(metadata.target(), *metadata.level()));
    tracing_subscriber::registry().with(EnvFilter::from_default_env()).with(safe).with(lines).init();
}

/// Below INFO these write down what they carry: whole events and requests, with their tokens.
fn is_safe(target: &str, level: Level) -> bool {
    level <= Level::INFO || !["lambda_", "aws_", "hyper", "h2", "rustls"].iter().any(|name| target.starts_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_carries_secrets_never_writes_them_down() {
        assert!(!is_safe("lambda_runtime::layers::api_response", Level::TRACE));
        assert!(!is_safe("aws_smithy_runtime::client::orchestrator", Level::DEBUG));
        assert!(is_safe("lambda_runtime", Level::INFO) && is_safe("messaging::orchestrator", Level::TRACE));
    }
}
