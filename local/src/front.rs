//! What the outside meets: the API at a plain address, and who issues its tokens.

pub mod bridge;
pub mod gateway;
pub mod issuer;
pub mod serving;
pub mod token;
