//! Who calls, and what they may do: access tokens and the policy over RPC paths.
//!
//! Read [`Verifier`] first, which turns an `Authorization` header into a [`Principal`], then [`Policy`], which says whether that
//! caller may call an RPC. `key_cache.rs` holds the rules for asking the issuer for its keys again.
//! This crate knows no domain, no AWS and no HTTP framework, and it takes the clock as an argument.

mod http_key_source;
mod issuer;
mod key_cache;
mod key_source;
mod policy;
mod principal;
mod token;
mod token_error;
mod verifier;

pub use http_key_source::HttpKeySource;
pub use issuer::{Audience, AudienceError, Issuer, IssuerError};
pub use key_source::{KeySet, KeySource, KeySourceError};
pub use policy::{AnyOf, PermissionDenied, Policy, PolicyError};
pub use principal::{Permission, Principal, Subject};
pub use token_error::{KeysUnavailable, Rejection, TokenError};
pub use verifier::Verifier;

#[cfg(test)]
mod tests;
