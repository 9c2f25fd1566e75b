//! What a deployment has to know of the steps of Order.

use contracts::order::v1::{ApproveOrder, ConfirmCancellation, RejectCancellation, RejectOrder};
use messaging::Deployment;

use crate::ORDERS;

/// The row of each step.
pub const STEPS: [Deployment; 4] = [
    Deployment::of::<ApproveOrder>("Ends create-order well.", ORDERS),
    Deployment::of::<RejectOrder>("Undoes the creation of an order.", ORDERS),
    Deployment::of::<ConfirmCancellation>("Ends cancel-order well.", ORDERS),
    Deployment::of::<RejectCancellation>("Undoes the request to cancel an order.", ORDERS),
];

#[cfg(test)]
mod tests {
    use messaging::{Command, Step, Table};

    use super::STEPS;
    use crate::domain::Order;
    use crate::{ORDERS, steps};

    /// A step that changes orders, which are in their own table.
    fn on_orders<S: Step<Aggregate = Order>>() -> (&'static str, Table) {
        (S::Command::HANDLER, ORDERS)
    }

    #[test]
    fn a_step_has_the_table_of_its_aggregate() {
        let stored = [
            on_orders::<steps::ApproveOrder>(),
            on_orders::<steps::RejectOrder>(),
            on_orders::<steps::ConfirmCancellation>(),
            on_orders::<steps::RejectCancellation>(),
        ];
        assert_eq!(STEPS.map(|row| (row.handler, row.table))[..], stored[..]);
    }
}
