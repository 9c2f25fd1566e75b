use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use uuid::Uuid;

/// Every call of its callers that changes something, noted before it is sent: whatever becomes of the call, what it may have
/// written can be found by its identity.
#[derive(Clone, Debug, Default)]
pub(crate) struct Journal(Arc<Mutex<Vec<Deed>>>);

/// A call that changes something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deed {
    /// The RPC's path.
    pub(crate) path: String,
    /// The call's identity, as the service derives it.
    pub(crate) id: Uuid,
    /// When the call was sent.
    pub(crate) at: Instant,
}

impl Journal {
    /// Notes that `subject` is about to call the RPC at `path` under an idempotency key.
    pub(crate) fn note(&self, subject: &str, path: &str, key: &str) {
        let deed = Deed { path: path.to_owned(), id: messaging::ids::request(subject, path, key), at: Instant::now() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(deed);
    }

    /// What was noted, the oldest first.
    pub(crate) fn deeds(&self) -> Vec<Deed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
