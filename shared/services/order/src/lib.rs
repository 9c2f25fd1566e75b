//! The Order service: what customers call, the steps on orders, and the sagas that lead to other services.

pub mod api;
pub mod deployment;
pub mod domain;
pub mod sagas;
pub mod steps;
mod stored;

pub use stored::{BY_CUSTOMER, ORDERS, PRODUCTS};
