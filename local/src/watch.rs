//! What the functions do to AWS, call by call.

pub(crate) mod call;
pub(crate) mod disturbances;
pub(crate) mod faults;
pub(crate) mod identity;
pub(crate) mod items;
pub(crate) mod recorder;
pub(crate) mod uses;
