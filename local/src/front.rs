//! What the outside meets: the API at a plain address, and who issues its tokens.

pub(crate) mod bridge;
pub(crate) mod client;
pub(crate) mod gateway;
pub(crate) mod issuer;
pub(crate) mod person;
pub(crate) mod serving;
pub(crate) mod token;
