use std::any::TypeId;
use std::convert::Infallible;

use saga::Command;

use crate::{billing, kitchen, order};

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
