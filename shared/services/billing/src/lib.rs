//! The Billing service: authorizations of cards, the payment gateway behind a port, and the steps that sagas ask for.
//!
//! The gateway's effects are outside our tables: a step performs them under an idempotency key that the order gives
//! it, and reverses them when a cancellation has come first.

pub mod deployment;
pub mod domain;
pub mod gateway;
pub mod steps;
mod stored;

pub use stored::AUTHORIZATIONS;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
