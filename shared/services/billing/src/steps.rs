//! The commands that Billing accepts from a saga, one file each.

mod authorize_card;
mod cancel_card;

pub use authorize_card::{AuthorizeCard, Effect, Outcome};
pub use cancel_card::{CancelCard, Void};

use messaging::Failure;
use uuid::Uuid;

use crate::gateway::GatewayError;

/// The identity of the authorization, which is its order's.
fn parse_order_id(order_id: &str) -> Result<Uuid, Failure> {
    Uuid::parse_str(order_id).map_err(|error| Failure::set_aside(format!("order_id is not a UUID: {error}")))
}

/// The failure of a request whose outcome is not known: the next delivery asks again, under the same reference.
fn unknown(error: GatewayError) -> Failure {
    match error {
        GatewayError::Unavailable(_) => Failure::retry(error),
    }
}
