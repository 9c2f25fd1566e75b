use connectrpc::ErrorCode;
use serde_json::json;
use testkit::Logs;

use super::*;

/// What the caller is told: the code and the message.
fn told(error: RpcError) -> (ErrorCode, String) {
    let error = error.into_connect("shop.example.com");
    (error.code, error.message.unwrap_or_default())
}

#[test]
fn each_error_becomes_its_code_and_says_what_the_caller_can_do() {
    let says = |text: &str| text.to_owned();
    assert_eq!(told(RpcError::invalid("bad")), (ErrorCode::InvalidArgument, says("bad")));
    assert_eq!(told(RpcError::NotFound(says("gone"))), (ErrorCode::NotFound, says("gone")));
    assert_eq!(told(RpcError::forbidden("NO", "not now")), (ErrorCode::FailedPrecondition, says("not now")));
    let busy = says("the service is busy: repeat the call, with the same Idempotency-Key if it had one");
    assert_eq!(told(RpcError::Unavailable(says("secret"))), (ErrorCode::Unavailable, busy));
    let failed = says("the service has failed and the failure is recorded: a repeat will not help");
    assert_eq!(told(RpcError::Internal(says("secret"))), (ErrorCode::Internal, failed));
}

#[test]
fn what_the_caller_is_not_told_is_logged_for_the_operator() {
    let (logs, _guard) = Logs::capture();
    told(RpcError::invalid("bad"));
    told(RpcError::NotFound("gone".to_owned()));
    told(RpcError::forbidden("NO", "not now"));
    assert!(logs.lines().is_empty(), "a caller's mistake is no news");
    told(RpcError::Unavailable("throttled".to_owned()));
    told(RpcError::Internal("broken".to_owned()));
    let lines: Vec<_> = logs.lines().iter().map(|line| (line["level"].clone(), line["fields"].clone())).collect();
    let busy = json!({"message": "a call could not be answered now", "cause": "throttled"});
    let failed = json!({"message": "a call failed", "cause": "broken"});
    assert_eq!(lines, [(json!("WARN"), busy), (json!("ERROR"), failed)]);
}

#[test]
fn a_refusal_carries_its_reason_and_what_it_is_about() {
    let refusal = RpcError::forbidden("SALE_LOCKED", "wait").about("sale_id", "6").about("sale_id", 7);
    let error = refusal.into_connect("shop.example.com");
    let [detail] = error.details.as_slice() else { panic!("not one detail: {:?}", error.details) };
    let info = ErrorInfo {
        reason: "SALE_LOCKED".to_owned(),
        domain: "shop.example.com".to_owned(),
        metadata: std::iter::once(("sale_id".to_owned(), "7".to_owned())).collect(),
        ..Default::default()
    };
    let expected = ErrorDetail::from_message("google.rpc.ErrorInfo", &info);
    assert_eq!(format!("{detail:?}"), format!("{expected:?}"));
    for other in [RpcError::invalid("x"), RpcError::NotFound(String::new()), RpcError::Internal(String::new())] {
        assert_eq!(other.clone().about("sale_id", "7"), other, "only a refusal is about something");
        assert!(other.into_connect("shop.example.com").details.is_empty());
    }
}

#[test]
fn only_what_a_repeat_may_heal_is_unavailable() {
    let internal = |error: RpcError| matches!(error, RpcError::Internal(_));
    let unavailable = |error: RpcError| matches!(error, RpcError::Unavailable(_));
    assert!(unavailable(LoadError::Transient("busy".to_owned()).into()));
    assert!(internal(LoadError::Unreadable("strange".to_owned()).into()));
    assert_eq!(RpcError::from(LoadError::BadToken), RpcError::Invalid(LoadError::BadToken.to_string()));
    assert!(internal(RecordError::Malformed("strange".to_owned()).into()));
    assert!(unavailable(SaveError::Conflict.into()));
    assert_eq!(
        RpcError::from(SaveError::Transient("busy".to_owned())),
        RpcError::Unavailable("saving failed: busy".to_owned())
    );
    assert!(internal(SaveError::CounterShort("tea".to_owned()).into()));
    assert!(internal(SaveError::CounterMissing("tea".to_owned()).into()));
    assert!(internal(SaveError::Rejected("too large".to_owned()).into()));
}
