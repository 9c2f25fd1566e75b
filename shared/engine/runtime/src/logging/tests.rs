use messaging::{Address, deliver, ids};
use orchestration::{Orchestrator, STUCK_SAGA};
use serde_json::Value;
use testkit::shop::v1::SalePlaced;
use testkit::{Logs, MemoryOutbound, MemoryStore, builders, queue_url, sagas};
use tracing::subscriber::{DefaultGuard, set_default};

use super::*;

/// Keeps what this thread logs, as a function writes it when `RUST_LOG` says `wanted`.
fn function_logs(wanted: &str) -> (Logs, (DefaultGuard, DefaultGuard)) {
    // The outer capture is there for the second subscriber that it keeps; see `Logs::capture`.
    let (_, outer) = Logs::capture();
    let logs = Logs::default();
    let writer = logs.clone();
    let inner = set_default(subscriber(EnvFilter::new(wanted), move || writer.clone()));
    (logs, (inner, outer))
}

/// Logs its level at each level as each of these targets.
macro_rules! log_as {
    ($($target:literal),*) => {{ $(
        tracing::error!(target: $target, "ERROR");
        tracing::warn!(target: $target, "WARN");
        tracing::info!(target: $target, "INFO");
        tracing::debug!(target: $target, "DEBUG");
        tracing::trace!(target: $target, "TRACE");
    )* }};
}

/// The targets with the levels that were written, such as `messaging: ERROR WARN`.
fn levels(logs: &Logs) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in logs.lines() {
        assert_eq!(line["level"], line["fields"]["message"], "{line}");
        let (target, level) = (line["target"].as_str().expect("a target"), line["level"].as_str().expect("a level"));
        match found.last_mut().filter(|last| last.starts_with(&format!("{target}:"))) {
            Some(last) => *last = format!("{last} {level}"),
            None => found.push(format!("{target}: {level}")),
        }
    }
    found
}

#[test]
fn what_carries_secrets_never_writes_them_down() {
    let (logs, _guards) = function_logs("trace");
    log_as!(
        "lambda_runtime",
        "lambda_runtime::layers::api_response",
        "aws_config",
        "aws_smithy_runtime::client::orchestrator",
        "hyper",
        "hyper_util::client::legacy",
        "h2::codec",
        "rustls::client"
    );
    let written = levels(&logs);
    assert_eq!(written.len(), 8, "{written:#?}");
    for target in written {
        assert!(target.ends_with(": ERROR WARN INFO"), "{target}");
    }
}

#[test]
fn our_own_details_are_written_down_when_they_are_wanted() {
    let (logs, _guards) = function_logs("trace");
    // The last is only named like what carries secrets.
    log_as!("runtime::queue", "messaging", "rpc::error", "auth", "shop::lambda_aws_hyper_h2_rustls");
    let written = levels(&logs);
    assert_eq!(written.len(), 5, "{written:#?}");
    for target in written {
        assert!(target.ends_with(": ERROR WARN INFO DEBUG TRACE"), "{target}");
    }
}

#[test]
fn rust_log_says_which_levels_of_which_crate_are_written() {
    let (logs, _guards) = function_logs("info,messaging=debug");
    log_as!("messaging", "runtime");
    assert_eq!(levels(&logs), ["messaging: ERROR WARN INFO DEBUG", "runtime: ERROR WARN INFO"]);
}

#[test]
fn a_line_is_json_with_its_time_its_level_its_target_and_its_fields() {
    let (logs, _guards) = function_logs("info");
    tracing::warn!(reason = "a \"reason\"\nof two lines", count = 2, "it happened");
    let lines = logs.lines();
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    let names: Vec<_> = line.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(names, ["fields", "level", "target", "timestamp"]);
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["target"], "runtime::logging::tests");
    assert_eq!(
        line["fields"],
        serde_json::json!({"message": "it happened", "reason": "a \"reason\"\nof two lines", "count": 2})
    );
}

/// template.yaml's metric filter looks for `STUCK_SAGA` at this place of a line.
#[tokio::test]
async fn a_saga_that_is_stuck_says_so_where_the_metric_filter_looks_and_says_nothing_before() {
    let (logs, _guards) = function_logs("info");
    let orchestrator = Orchestrator::new("orchestrate-saga", sagas::only_version_1(), queue_url("saga"));
    let (store, outbound) = (MemoryStore::default(), MemoryOutbound::default());
    let (mut message, mut now) = (builders::event(1, SalePlaced::default()), builders::at(0));
    // Nobody answers: the first step is given up after its third repeat, and its undo, which cannot be given up, is repeated.
    for deliveries in 1..=11 {
        deliver(&orchestrator, &store, &outbound, &message, now).await.expect("it is handled");
        let alarms = logs.lines().iter().filter(|line| line["fields"]["alarm"] == STUCK_SAGA).count();
        assert_eq!(alarms, usize::saturating_sub(deliveries, 8), "after {deliveries} deliveries: {:#?}", logs.lines());
        let sent = outbound.take_sent().into_iter().find(|sent| sent.to == Address::Myself).expect("a watchdog");
        now += sent.delay;
        message = sent.message;
    }
    let line = logs.lines().pop().expect("a line");
    assert_eq!((&line["level"], &line["fields"]["saga"]), (&Value::from("ERROR"), &Value::from("place-sale")));
    assert_eq!(line["fields"]["saga_id"], ids::saga(builders::id(1)).to_string());
}
