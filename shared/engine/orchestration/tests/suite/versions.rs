//! Two versions of one saga side by side: runs in flight finish on the version that they started with, and new runs start
//! with the newest.

mod registry;
mod rust_lane;
mod step_functions;

use messaging::{Envelope, Failure, ids};
use testkit::builders;

use testkit::lane::sale_placed;

/// Another event that starts the saga, after the deployment of version 2.
fn later_sale() -> Envelope {
    Envelope { message_id: builders::id(200), ..sale_placed() }
}

/// The identity of the saga that [`later_sale`] starts.
fn later_saga() -> uuid::Uuid {
    ids::saga(later_sale().message_id)
}

fn handlers(names: &[&str]) -> Result<Vec<String>, Failure> {
    Ok(names.iter().map(ToString::to_string).collect())
}
