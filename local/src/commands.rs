//! What the command line can do, one file per command.

pub(crate) mod demo;
pub(crate) mod down;
pub(crate) mod invoke;
pub(crate) mod saga;
pub(crate) mod token;
pub(crate) mod up;

/// The customer of the examples.
pub(crate) const CUSTOMER: &str = "auth0|customer-1";
/// What a customer may do.
pub(crate) const CUSTOMER_PERMISSIONS: [&str; 4] = ["create:orders", "cancel:orders", "read:orders", "read:products"];
/// The cook of the examples.
pub(crate) const COOK: &str = "auth0|cook-1";
/// What kitchen staff may do.
pub(crate) const COOK_PERMISSIONS: [&str; 3] = ["read:tickets", "update:tickets", "update:stock"];
