//! Which payment provider a deployment uses.

use std::sync::Arc;

use messaging::Store;
use serde::Deserialize;

use super::{PaymentGateway, Sandbox};

/// The value of `PAYMENT_GATEWAY`. A provider's adapter gets a variant here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Test cards, no money.
    Sandbox,
}

impl Provider {
    /// The chosen provider's adapter. The sandbox, which is no service of its own, keeps what it must remember in `items`.
    pub fn gateway(self, items: Arc<dyn Store>) -> Arc<dyn PaymentGateway> {
        match self {
            Self::Sandbox => Arc::new(Sandbox::new(items)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{NOW, card, eur, reference};
    use crate::gateway::GatewayAnswer;

    #[tokio::test]
    async fn the_configuration_names_the_sandbox_and_nothing_else_by_chance() {
        let chosen: Provider = serde_json::from_str("\"sandbox\"").expect("a provider");
        assert_eq!(chosen, Provider::Sandbox);
        for other in ["\"Sandbox\"", "\"\"", "\"stripe\""] {
            assert!(serde_json::from_str::<Provider>(other).is_err(), "{other}");
        }
        let (gateway, reference) = (chosen.gateway(Arc::new(testkit::MemoryStore::default())), reference());
        let answer = gateway.authorize(&reference, eur(500), &card("tok_visa"), NOW).await;
        assert_eq!(answer, Ok(GatewayAnswer::Authorized));
        assert_eq!(gateway.void(&reference).await, Ok(()));
    }
}
