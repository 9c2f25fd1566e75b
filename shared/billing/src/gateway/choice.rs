//! Which payment provider a deployment uses.

use std::sync::Arc;

use serde::Deserialize;

use super::{PaymentGateway, Sandbox};

/// The value of `PAYMENT_GATEWAY`. A provider's adapter gets a variant here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Test cards, no money.
    Sandbox,
}

impl Choice {
    /// The chosen provider's adapter.
    pub fn gateway(self) -> Arc<dyn PaymentGateway> {
        match self {
            Self::Sandbox => Arc::new(Sandbox::new()),
        }
    }
}
