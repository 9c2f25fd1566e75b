//! Every command: the function that handles it, and whether a business rule may refuse it.

use std::convert::Infallible;

use ::saga::{Command, Refusal};

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
