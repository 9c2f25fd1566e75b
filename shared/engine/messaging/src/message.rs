//! What travels: envelopes, where they go, and what a failure asks its caller to do.

mod envelope;
mod failure;
pub mod ids;
mod outbound;
mod outgoing;

pub use envelope::{Correlation, Envelope, MAX_MESSAGE_BYTES};
pub use failure::{Failure, Reason};
pub use outbound::{Address, LONGEST_DELAY, Outbound, OutgoingEvent, SendError};
pub use outgoing::Outgoing;
pub(crate) use outgoing::wrap;
