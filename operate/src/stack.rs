//! A deployed stack: its resources' names follow from its own.

use aws::Clients;
use aws_config::BehaviorVersion;

/// A stack and the clients that reach it.
pub(crate) struct Stack {
    name: String,
    clients: Clients,
}

impl Stack {
    /// The stack of this name in the account and region of the environment.
    pub(crate) async fn named(name: String) -> Self {
        let config = aws_config::defaults(BehaviorVersion::v2026_01_12()).load().await;
        Self { name, clients: Clients::of(config) }
    }

    /// The clients of its account and region.
    pub(crate) fn clients(&self) -> &Clients {
        &self.clients
    }

    /// The queue of a function, such as `order-saga-create-ticket`.
    pub(crate) fn queue(&self, function: &str) -> String {
        format!("{}-{function}", self.name)
    }
}
