//! Whose things an RPC is about, among the callers who have its permission.

/// Whose things an RPC shows or changes. Each RPC says it, and has no rule by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// The caller's own: another's thing is answered to the letter like a thing that is not there, so that nobody learns of it.
    Caller,
    /// Everybody's who has the permission, for the reason that stands here.
    Everybody(&'static str),
}
