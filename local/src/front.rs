//! The API at a plain address, the issuer of its tokens, and its callers.

pub(crate) mod bridge;
pub(crate) mod console;
pub(crate) mod gateway;
pub(crate) mod guard;
pub(crate) mod issuer;
pub(crate) mod person;
pub(crate) mod serving;
pub(crate) mod token;
pub(crate) mod trouble;
