//! What the functions do to AWS, call by call.

pub(crate) mod identity;
pub mod items;
pub mod recorder;
pub mod uses;
