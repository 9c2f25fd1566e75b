//! Logs: JSON lines on standard output.

use tracing::{Level, Subscriber};
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Sends logs to standard output as JSON lines; `RUST_LOG` says which, except for lines that could tell a secret.
pub fn start_logging() {
    subscriber(EnvFilter::from_default_env(), std::io::stdout).init();
}

fn subscriber<W>(wanted: EnvFilter, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = fmt::layer().json().with_ansi(false).with_writer(writer);
    let safe = filter_fn(|metadata| is_safe(metadata.target(), *metadata.level()));
    tracing_subscriber::registry().with(wanted).with(safe).with(lines)
}

/// Below INFO these crates log what they carry: whole events and requests, with their tokens.
fn is_safe(target: &str, level: Level) -> bool {
    level <= Level::INFO || !["lambda_", "aws_", "hyper", "h2", "rustls"].iter().any(|name| target.starts_with(name))
}

#[cfg(test)]
mod tests;
