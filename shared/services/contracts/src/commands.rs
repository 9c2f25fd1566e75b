//! Every command: the function that handles it, and whether a business rule may refuse it.

use std::convert::Infallible;

use saga::{Command, Refusal};

use crate::{billing, kitchen, order};

macro_rules! commands {
    ($($command:ty => $participant:literal, $handler:literal, $refusal:ty;)*) => {
        $(impl Command for $command {
            const HANDLER: &'static str = $handler;
            const PARTICIPANT: &'static str = $participant;
            type Refusal = $refusal;
        })*
    };
}

commands! {
    kitchen::v1::CreateTicket => "kitchen", "create-ticket", Refusal;
    kitchen::v1::ApproveTicket => "kitchen", "approve-ticket", Infallible;
    kitchen::v1::RejectTicket => "kitchen", "reject-ticket", Infallible;
    kitchen::v1::CancelTicket => "kitchen", "cancel-ticket", Refusal;
    billing::v1::AuthorizeCard => "billing", "authorize-card", Refusal;
    billing::v1::CancelCard => "billing", "cancel-card", Infallible;
    order::v1::ApproveOrder => "order", "approve-order", Infallible;
    order::v1::RejectOrder => "order", "reject-order", Infallible;
    order::v1::ConfirmCancellation => "order", "confirm-cancellation", Infallible;
    order::v1::RejectCancellation => "order", "reject-cancellation", Infallible;
}

#[cfg(test)]
mod tests {
    use std::any::TypeId;

    use super::*;

    /// The function that handles the command, the service that owns it, and whether a business rule may refuse it.
    fn row<C: Command>() -> (&'static str, &'static str, bool)
    where
        C::Refusal: 'static,
    {
        (C::HANDLER, C::PARTICIPANT, TypeId::of::<C::Refusal>() != TypeId::of::<Infallible>())
    }

    /// What is promised to sagas in flight: their instances and state machines name the handlers.
    #[test]
    fn every_command_has_its_function_and_its_service() {
        let rows = [
            row::<kitchen::v1::CreateTicket>(),
            row::<kitchen::v1::ApproveTicket>(),
            row::<kitchen::v1::RejectTicket>(),
            row::<kitchen::v1::CancelTicket>(),
            row::<billing::v1::AuthorizeCard>(),
            row::<billing::v1::CancelCard>(),
            row::<order::v1::ApproveOrder>(),
            row::<order::v1::RejectOrder>(),
            row::<order::v1::ConfirmCancellation>(),
            row::<order::v1::RejectCancellation>(),
        ];
        let expected = [
            ("create-ticket", "kitchen", true),
            ("approve-ticket", "kitchen", false),
            ("reject-ticket", "kitchen", false),
            ("cancel-ticket", "kitchen", true),
            ("authorize-card", "billing", true),
            ("cancel-card", "billing", false),
            ("approve-order", "order", false),
            ("reject-order", "order", false),
            ("confirm-cancellation", "order", false),
            ("reject-cancellation", "order", false),
        ];
        assert_eq!(rows, expected);
    }
}
