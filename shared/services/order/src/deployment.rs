//! The rows of Order's steps, from which `make generate` writes their parts of `template.yaml`.

use messaging::Deployment;

use crate::steps::{ApproveOrder, ConfirmCancellation, RejectCancellation, RejectOrder};

/// The row of each step.
pub const STEPS: &[Deployment] = &[
    Deployment::step::<ApproveOrder>("Ends create-order well."),
    Deployment::step::<RejectOrder>("Undoes the creation of an order."),
    Deployment::step::<ConfirmCancellation>("Ends cancel-order well."),
    Deployment::step::<RejectCancellation>("Undoes the request to cancel an order."),
];
