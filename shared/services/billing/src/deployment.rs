//! What a deployment has to know of the steps of Billing.

use contracts::billing::v1::{AuthorizeCard, CancelCard};
use messaging::Deployment;

use crate::AUTHORIZATIONS;

/// Which payment provider the functions talk to; see [`Choice`](crate::gateway::Choice).
const GATEWAY: &[(&str, &str)] = &[("PAYMENT_GATEWAY", "sandbox")];

/// The row of each step.
pub const STEPS: [Deployment; 2] = [
    Deployment::of::<AuthorizeCard>("Holds the amount of an order on a card.", AUTHORIZATIONS).with_variables(GATEWAY),
    Deployment::of::<CancelCard>("Releases what is held on a card.", AUTHORIZATIONS).with_variables(GATEWAY),
];

#[cfg(test)]
mod tests {
    use messaging::{Handler, Table};

    use super::STEPS;
    use crate::domain::Authorization;
    use crate::gateway::Choice;
    use crate::{AUTHORIZATIONS, steps};

    /// A step that changes authorizations, which are in their own table.
    fn on_authorizations(step: &impl Handler<Aggregate = Authorization>) -> (String, Table) {
        (step.source().to_owned(), AUTHORIZATIONS)
    }

    #[test]
    fn a_step_has_the_table_of_its_aggregate() {
        let gateway = || Choice::Sandbox.gateway();
        let stored = [
            on_authorizations(&steps::AuthorizeCard::new(gateway())),
            on_authorizations(&steps::CancelCard::new(gateway())),
        ];
        assert_eq!(STEPS.map(|row| (row.handler.to_owned(), row.table))[..], stored[..]);
    }

    #[test]
    fn a_step_is_given_a_gateway_that_there_is() {
        for row in STEPS {
            let [("PAYMENT_GATEWAY", value)] = row.variables else { panic!("{} has no gateway", row.handler) };
            serde_json::from_value::<Choice>((*value).into()).expect("a gateway that there is");
        }
    }
}
