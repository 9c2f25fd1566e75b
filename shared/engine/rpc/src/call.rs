//! Who calls, and what makes one call the same as another.

use time::OffsetDateTime;
use uuid::Uuid;

/// Who calls, as the access token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The token's `sub`.
    pub subject: String,
}

/// One call of a mutation.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who calls.
    pub caller: Caller,
    /// The call's identity, derived from caller, RPC and `Idempotency-Key`. A repeat has the same identity.
    pub id: Uuid,
    /// When the call is handled.
    pub now: OffsetDateTime,
    /// W3C trace context of the call; may be empty.
    pub trace_parent: String,
}
