//! The `Idempotency-Key` of a mutation.

use http::HeaderMap;
use messaging::ids;
use rpc::{Caller, EdgeReason, RpcError};
use uuid::Uuid;

const HEADER: &str = "idempotency-key";
const MAX_LENGTH: usize = 128;

/// The call's identity: derived from caller, RPC and key.
pub(crate) fn call_id(headers: &HeaderMap, caller: &Caller, path: &str) -> Result<Uuid, RpcError> {
    let key = headers.get(HEADER).ok_or_else(|| {
        RpcError::refused(
            EdgeReason::IdempotencyKeyMissing,
            "the header Idempotency-Key is missing: send a new UUID with each new request, and the same with a repeat",
        )
    })?;
    match key.to_str() {
        Ok(key) if (1..=MAX_LENGTH).contains(&key.len()) => Ok(ids::request(&caller.subject, path, key)),
        _ => Err(RpcError::refused(
            EdgeReason::IdempotencyKeyMalformed,
            format!("the header Idempotency-Key is malformed: send 1 to {MAX_LENGTH} visible ASCII characters"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(subject: &str, path: &str, key: Option<&str>) -> Result<Uuid, RpcError> {
        let mut headers = HeaderMap::new();
        if let Some(key) = key {
            headers.insert(HEADER, key.parse().expect("a header"));
        }
        call_id(&headers, &Caller { subject: subject.to_owned() }, path)
    }

    #[test]
    fn a_key_is_scoped_to_caller_and_rpc() {
        let id = call("anna", "/a", Some("1")).expect("an id");
        assert_eq!(call("anna", "/a", Some("1")).expect("an id"), id);
        assert_ne!(call("bert", "/a", Some("1")).expect("an id"), id);
        assert_ne!(call("anna", "/b", Some("1")).expect("an id"), id);
        assert_ne!(call("anna", "/a", Some("2")).expect("an id"), id);
    }

    #[test]
    fn a_missing_or_malformed_key_is_refused() {
        for key in [None, Some(""), Some("x".repeat(129).as_str())] {
            assert!(matches!(call("anna", "/a", key), Err(RpcError::Refused { .. })), "{key:?}");
        }
    }
}
