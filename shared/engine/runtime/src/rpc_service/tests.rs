mod errors;
pub(crate) mod fixture;
mod gate;
mod idempotency;
mod logs;
mod protocol;
