//! A deployed stack: its resources' names follow from its own.

use aws::Clients;

use crate::tables::Tables;

/// A stack and the clients that reach it.
pub(crate) struct Stack {
    name: String,
    clients: Clients,
}

impl Stack {
    /// The stack of this name in the account and region of the environment.
    pub(crate) async fn named(name: String) -> Self {
        Self { name, clients: Clients::of_the_user().await }
    }

    /// Where it is, for a person: the stack, the region, and the endpoint if it is not AWS's own.
    pub(crate) fn place(&self) -> String {
        let config = self.clients.config();
        let region = config.region().map_or("no region: export AWS_REGION", |region| region.as_ref());
        let at = config.endpoint_url().unwrap_or("AWS");
        format!("the stack {} at {at} ({region})", self.name)
    }

    /// Its tables.
    pub(crate) fn tables(&self) -> Tables {
        Tables::of(self.clients.dynamodb(), &self.name)
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
