use std::time::Duration;

use serde_json::json;
use testkit::Logs;

use super::*;
use crate::{Retry, Rpcs};

crate::reasons! {
    /// Why the shop says no.
    pub enum No {
        /// The sale is being decided.
        Locked = Entry {
            name: "SALE_LOCKED",
            code: Some(ErrorCode::FailedPrecondition),
            rpcs: Rpcs::Only(&["FindSale"]),
            by_saga: false,
            when: "the sale is being decided",
            metadata: &["sale_id"],
            retry: Retry::After(Duration::from_millis(1500)),
            tell: "Please wait.",
        },
        /// There is no such sale.
        Gone = Entry {
            name: "SALE_NOT_FOUND",
            code: Some(ErrorCode::NotFound),
            rpcs: Rpcs::Only(&["FindSale"]),
            by_saga: false,
            when: "there is no such sale",
            metadata: &[],
            retry: Retry::Never,
            tell: "There is no such sale.",
        },
    }
}

fn connect(error: RpcError) -> ConnectError {
    error.into_connect("shop.example.com")
}

/// What the caller is told: the code and the message.
fn told(error: RpcError) -> (ErrorCode, String) {
    let error = connect(error);
    (error.code, error.message.unwrap_or_default())
}

/// The details as they are sent.
fn details(error: RpcError) -> String {
    format!("{:?}", connect(error).details)
}

fn info(reason: &str, metadata: &[(&str, &str)]) -> ErrorDetail {
    let info = ErrorInfo {
        reason: reason.to_owned(),
        domain: "shop.example.com".to_owned(),
        metadata: metadata.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        ..Default::default()
    };
    ErrorDetail::from_message("google.rpc.ErrorInfo", &info)
}

fn retry(seconds: i64, nanos: i32) -> ErrorDetail {
    let delay = Delay { seconds, nanos, ..Default::default() };
    let info = RetryInfo { retry_delay: Some(delay).into(), ..Default::default() };
    ErrorDetail::from_message("google.rpc.RetryInfo", &info)
}

#[test]
fn each_error_becomes_its_code_and_says_what_the_caller_can_do() {
    let says = |text: &str| text.to_owned();
    let bad = RpcError::invalid("quantity", "must be 1");
    assert_eq!(told(bad), (ErrorCode::InvalidArgument, says("quantity must be 1")));
    assert_eq!(told(RpcError::refused(No::Gone, "gone")), (ErrorCode::NotFound, says("gone")));
    assert_eq!(told(RpcError::refused(No::Locked, "not now")), (ErrorCode::FailedPrecondition, says("not now")));
    let busy = says("the service is busy: repeat the call, with the same Idempotency-Key if it had one");
    assert_eq!(told(RpcError::Unavailable(says("secret"))), (ErrorCode::Unavailable, busy));
    let failed = says("the service has failed and the failure is recorded: a repeat will not help");
    assert_eq!(told(RpcError::Internal(says("secret"))), (ErrorCode::Internal, failed));
}

#[test]
fn what_the_caller_is_not_told_is_logged_for_the_operator() {
    let (logs, _guard) = Logs::capture();
    told(RpcError::invalid("quantity", "must be 1"));
    told(RpcError::refused(No::Gone, "gone"));
    told(RpcError::refused(No::Locked, "not now"));
    assert!(logs.lines().is_empty(), "a caller's mistake is no news");
    told(RpcError::Unavailable("throttled".to_owned()));
    told(RpcError::Internal("broken".to_owned()));
    let lines: Vec<_> = logs.lines().iter().map(|line| (line["level"].clone(), line["fields"].clone())).collect();
    let busy = json!({"message": "a call could not be answered now", "cause": "throttled"});
    let failed = json!({"message": "a call failed", "cause": "broken"});
    assert_eq!(lines, [(json!("WARN"), busy), (json!("ERROR"), failed)]);
}

#[test]
fn every_error_carries_its_reason_and_what_may_be_repeated_says_when() {
    let locked = RpcError::refused(No::Locked, "wait").about("sale_id", "6").about("sale_id", 7);
    assert_eq!(details(locked), format!("{:?}", [info("SALE_LOCKED", &[("sale_id", "7")]), retry(1, 500_000_000)]));
    assert_eq!(details(RpcError::refused(No::Gone, "gone")), format!("{:?}", [info("SALE_NOT_FOUND", &[])]));
    let busy = RpcError::Unavailable("slow".to_owned());
    assert_eq!(details(busy), format!("{:?}", [info("SERVICE_BUSY", &[]), retry(1, 0)]));
    let failed = RpcError::Internal("broken".to_owned());
    assert_eq!(details(failed), format!("{:?}", [info("SERVICE_FAILED", &[])]));
    for other in [RpcError::invalid("x", "y"), RpcError::Internal(String::new())] {
        assert_eq!(other.clone().about("sale_id", "7"), other, "only a refusal is about something");
    }
}

#[test]
fn all_faults_of_a_request_are_told_at_once() {
    let faults = vec![Fault::new("goods[2].quantity", "must be 1"), Fault::new("card_token", "must be given")];
    let violation = |field: &str, description: &str| FieldViolation {
        field: field.to_owned(),
        description: description.to_owned(),
        ..Default::default()
    };
    let violations = vec![violation("goods[2].quantity", "must be 1"), violation("card_token", "must be given")];
    let request = BadRequest { field_violations: violations, ..Default::default() };
    let expected = [info("INVALID_REQUEST", &[]), ErrorDetail::from_message("google.rpc.BadRequest", &request)];
    let error = RpcError::Invalid(faults);
    assert_eq!(told(error.clone()).1, "goods[2].quantity must be 1; and 1 more, see the details");
    assert_eq!(details(error), format!("{expected:?}"));
}

#[test]
fn what_a_caller_sent_is_repeated_in_part() {
    let long = "é".repeat(65);
    assert_eq!(echo("abc"), "abc");
    assert_eq!(echo(&"é".repeat(64)), "é".repeat(64));
    assert_eq!(echo(&long), format!("{}…", "é".repeat(64)));
    let refused = RpcError::refused(No::Locked, "wait").about("sale_id", &long);
    let RpcError::Refused { metadata, .. } = refused else { panic!("refused otherwise") };
    assert_eq!(metadata["sale_id"], echo(&long));
}

/// The bytes of an error depend on nothing but what is refused: a repeat is answered with the same.
#[test]
fn the_same_refusal_is_always_the_same_bytes() {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let bytes = || {
        let refused = RpcError::refused(No::Gone, "gone");
        connect(names.iter().fold(refused, |refused, name| refused.about(name, name))).to_json()
    };
    let first = bytes();
    assert!((0..20).all(|_| bytes() == first));
}

#[test]
fn only_what_a_repeat_may_heal_is_unavailable() {
    let internal = |error: RpcError| matches!(error, RpcError::Internal(_));
    let unavailable = |error: RpcError| matches!(error, RpcError::Unavailable(_));
    assert!(unavailable(LoadError::Transient("busy".to_owned()).into()));
    assert!(internal(LoadError::Unreadable("strange".to_owned()).into()));
    let bad_token = RpcError::invalid("page_token", "must be the next_page_token of the page before");
    assert_eq!(RpcError::from(LoadError::BadToken), bad_token);
    assert!(matches!(RpcError::from(LoadError::TooFar), RpcError::Invalid(_)));
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
