//! What the application tells the engine about its API.

/// What is the same for each RPC of an API.
#[derive(Debug, Clone, Copy)]
pub struct Api {
    /// The rows of the policy that opens its RPCs, as Casbin reads them.
    pub policy: &'static str,
    /// The domain of the reasons in its `ErrorInfo` details, such as `shop.example.com`.
    pub error_domain: &'static str,
}
