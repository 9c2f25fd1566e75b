//! The `Idempotency-Key` of a mutation.

use http::{HeaderMap, HeaderName};
use messaging::ids;
use rpc::{Caller, EdgeReason, RpcError};
use uuid::Uuid;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// The longest `Idempotency-Key` that is taken, in characters.
pub const MAX_LENGTH: usize = 128;

/// The call's identity: derived from caller, RPC and key.
pub(crate) fn call_id(headers: &HeaderMap, caller: &Caller, path: &str) -> Result<Uuid, RpcError> {
    let mut values = headers.get_all(HEADER).iter();
    let (key, is_only) = (values.next(), values.next().is_none());
    let key = key.ok_or_else(|| {
        RpcError::refused(
            EdgeReason::IdempotencyKeyMissing,
            "the header Idempotency-Key is missing: send a new UUID with each new request, and the same with a repeat",
        )
    })?;
    let key = key.to_str().ok().filter(|key| is_only && is_key(key)).ok_or_else(|| {
        RpcError::refused(
            EdgeReason::IdempotencyKeyMalformed,
            format!(
                "the header Idempotency-Key is malformed: send one key of 1 to {MAX_LENGTH} visible ASCII characters \
                 without a comma"
            ),
        )
    })?;
    Ok(ids::request(&caller.subject, path, key))
}

/// The HTTP API joins two headers with a comma, so a key with a comma may be two keys.
fn is_key(text: &str) -> bool {
    (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',')
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

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

    fn reason(refused: Result<Uuid, RpcError>) -> &'static str {
        refused.expect_err("a refusal").reason().name
    }

    #[test]
    fn a_missing_or_malformed_key_is_refused() {
        assert_eq!(reason(call("anna", "/a", None)), "IDEMPOTENCY_KEY_MISSING");
        for key in ["", &"x".repeat(129), "a b", " a", "a ", "a\tb", "\t", "a,b", ",", "\u{e9}"] {
            assert_eq!(reason(call("anna", "/a", Some(key))), "IDEMPOTENCY_KEY_MALFORMED", "{key:?}");
        }
        for key in ["!", "~", &"x".repeat(128), "a;b=\"c\"", "82b42619-a5a5-502c-ade2-5353eef6e78b"] {
            call("anna", "/a", Some(key)).expect(key);
        }
    }

    #[test]
    fn two_headers_are_no_key_even_if_they_say_the_same() {
        let headers = HeaderMap::from_iter(["1", "1"].map(|key| (HEADER, HeaderValue::from_static(key))));
        let caller = Caller { subject: "anna".to_owned() };
        assert_eq!(reason(call_id(&headers, &caller, "/a")), "IDEMPOTENCY_KEY_MALFORMED");
    }
}
