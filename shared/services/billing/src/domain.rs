//! Authorizations and amounts: pure, and always valid once constructed.

mod authorization;
mod money;

pub use authorization::{Authorization, Charge, Decline, DeclineReason, OtherCharge, Repeat, Transition};
pub use money::{Currency, Money, MoneyError};
