//! Lambda glue: configuration, logs, and the three kinds of functions: RPCs, queue handlers and the outbox relay.
//!
//! Read [`serve_step`] first, which is the whole `main` of a step, then [`serve_queue`], which it ends in: a batch whose
//! messages are handled each by itself. Other functions read their [`configuration()`], wire their ports and call [`serve_queue`],
//! [`serve_outbox`], [`serve_query`] or [`serve_mutation`]; before the last two stands the [`Gate`].

mod clock;
mod configuration;
mod decode;
mod edge;
mod gate;
mod idempotency;
mod lane;
mod logging;
mod outbox;
mod queue;
mod rpc_service;
mod step;
mod trace;

pub use clock::Clock;
pub use configuration::{ConfigurationError, configuration};
pub use edge::{Edge, MAX_REQUEST_BYTES, serve_mutation, serve_query};
pub use gate::Gate;
pub use idempotency::MAX_LENGTH as MAX_KEY_LENGTH;
pub use lane::{catalog, executions, executions_of, lane, sagas};
pub use logging::start_logging;
pub use outbox::serve_outbox;
pub use queue::{HANDLING_TIMEOUT, QueueConfiguration, outbound, outbound_to, serve_queue, serve_receiver};
pub use step::{serve_effect_step, serve_step};

/// What a function's `main` fails with.
pub type Error = lambda_runtime::Error;

#[cfg(test)]
mod tests;
