//! What a deployment has to know of the steps of Kitchen.

use contracts::kitchen::v1::{ApproveTicket, CancelTicket, CreateTicket, RejectTicket};
use messaging::Deployment;

use crate::{STOCK, TICKETS};

/// The row of each step.
pub const STEPS: [Deployment; 4] = [
    Deployment::of::<CreateTicket>("Reserves the stock of an order.", TICKETS).with_counters(STOCK),
    Deployment::of::<ApproveTicket>("Releases a reserved ticket to the cooks.", TICKETS),
    Deployment::of::<RejectTicket>("Undoes a ticket and returns its stock.", TICKETS).with_counters(STOCK),
    Deployment::of::<CancelTicket>("Takes an approved ticket back and returns its stock.", TICKETS)
        .with_counters(STOCK),
];

#[cfg(test)]
mod tests {
    use messaging::{Command, Step, Table};

    use super::STEPS;
    use crate::domain::Ticket;
    use crate::{TICKETS, steps};

    /// A step that changes tickets, which are in their own table.
    fn on_tickets<S: Step<Aggregate = Ticket>>() -> (&'static str, Table) {
        (S::Command::HANDLER, TICKETS)
    }

    #[test]
    fn a_step_has_the_table_of_its_aggregate() {
        let stored = [
            on_tickets::<steps::CreateTicket>(),
            on_tickets::<steps::ApproveTicket>(),
            on_tickets::<steps::RejectTicket>(),
            on_tickets::<steps::CancelTicket>(),
        ];
        assert_eq!(STEPS.map(|row| (row.handler, row.table))[..], stored[..]);
    }
}
