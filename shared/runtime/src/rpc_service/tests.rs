mod errors;
mod fixture;
mod gate;
mod idempotency;
mod logs;
mod protocol;
