//! What an RPC is once its caller is known: a query that reads, or a mutation that one conditional write carries out.
//!
//! Read [`execute`] first, the one place where ownership and the idempotency rule are applied, then [`Mutation`], which is
//! what an RPC writes, and [`Query`]. An [`RpcError`] says what its caller can do about it,
//! for a [`Reason`] of a catalogue. A mutation runs in the same loop
//! as a message: `messaging::conditional`.

mod api;
mod call;
mod error;
mod faults;
mod mutation;
mod ownership;
mod paging;
mod query;
mod reason;

pub use api::Api;
pub use call::{Call, Caller};
/// Connect's codes, which each reason has one of.
pub use connectrpc::ErrorCode;
pub use error::{RpcError, echo};
pub use faults::Faults;
pub use mutation::{CLAIM_KEPT_FOR, CallContext, Change, Facts, Mutation, claim_key, execute, fingerprint};
pub use ownership::Ownership;
pub use paging::{DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, page_size};
pub use query::Query;
pub use reason::{EdgeReason, Entry, Reason, Retry, Rpcs};
