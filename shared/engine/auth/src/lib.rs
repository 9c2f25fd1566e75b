//! Who calls, and what they may do: access tokens and the policy over RPC paths.
//!
//! [`Verifier`] turns an `Authorization` header into a [`Caller`]; [`Policy`] says whether that caller may call an RPC.
//! This crate knows no domain, no AWS and no HTTP framework, and it takes the clock as an argument.

mod caller;
mod http_key_source;
mod issuer;
mod key_cache;
mod key_source;
mod policy;
mod token;
mod token_error;
mod verifier;

pub use caller::{Caller, Permission, Subject};
pub use http_key_source::HttpKeySource;
pub use issuer::{Audience, AudienceError, Issuer, IssuerError};
pub use key_source::{KeySet, KeySource, KeySourceError};
pub use policy::{PermissionDenied, Policy, PolicyError};
pub use token_error::{KeysUnavailable, Refusal, TokenError};
pub use verifier::Verifier;

#[cfg(test)]
mod tests;
