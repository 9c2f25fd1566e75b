//! The rows of Billing's steps, from which `make generate` writes their parts of `template.yaml`.

use std::sync::Arc;

use messaging::Deployment;

use crate::gateway::PaymentGateway;
use crate::steps::{AuthorizeCard, CancelCard};

/// Which payment provider the functions talk to; see [`Provider`](crate::gateway::Provider).
const GATEWAY: &[(&str, &str)] = &[("PAYMENT_GATEWAY", "sandbox")];

type Gateway = Arc<dyn PaymentGateway>;

/// The row of each step.
pub const STEPS: &[Deployment] = &[
    Deployment::effect_step::<AuthorizeCard<Gateway>>("Holds the amount of an order on a card.")
        .with_variables(GATEWAY),
    Deployment::effect_step::<CancelCard<Gateway>>("Releases what is held on a card.").with_variables(GATEWAY),
];

#[cfg(test)]
mod tests {
    use super::STEPS;
    use crate::gateway::Provider;

    #[test]
    fn a_step_is_given_a_gateway_that_there_is() {
        for row in STEPS {
            let [("PAYMENT_GATEWAY", value)] = row.variables else { panic!("{} has no gateway", row.handler) };
            serde_json::from_value::<Provider>((*value).into()).expect("a gateway that there is");
        }
    }
}
