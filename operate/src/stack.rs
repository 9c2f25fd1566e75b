//! A deployed stack: its resources' names follow from its own.

mod deployed;
mod place;
mod queues;

use aws::Clients;

use crate::tables::Tables;

pub(crate) use deployed::Deployed;
pub(crate) use place::Place;
pub(crate) use queues::{RELAY, last};

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

    /// The clients of its account and region.
    pub(crate) fn clients(&self) -> &Clients {
        &self.clients
    }

    /// Its tables.
    pub(crate) fn tables(&self) -> Tables {
        Tables::of(self.clients.dynamodb(), &self.name)
    }

    /// The queue of a function, such as `order-saga-create-ticket`.
    pub(crate) fn queue(&self, function: &str) -> String {
        format!("{}-{function}", self.name)
    }
}
