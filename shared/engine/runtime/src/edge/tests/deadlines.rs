//! How long a call may take. Time passes only while everybody waits for it, so no test waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use auth::{Audience, Issuer, KeySet, KeySource, KeySourceError, Verifier};
use serde_json::{Value, json};
use testkit::Logs;
use tokio::time::{Instant, timeout};

use super::super::Edge;
use super::world::{self, Behaviour, Told, post, post_with, refusal, refused};
use crate::Gate;
use crate::rpc_service::tests::fixture::{API, AUDIENCE, Answer, ISSUER, Keys, answer_in, clock};

/// Longer than the longest time that a caller can ask for.
const LONG: Duration = Duration::from_secs(200 * 24 * 3600);

/// What the edge answers before [`LONG`] is over.
async fn ask(edge: &Edge, event: Value) -> Answer {
    timeout(LONG, world::ask(edge, event)).await.expect("an answer in time")
}

/// The caller's own time is over, which is no failure of the service.
fn exceeded() -> (u16, String, String) {
    refused(499, "deadline_exceeded", "DEADLINE_EXCEEDED")
}

/// The function's time is over.
fn exhausted() -> (u16, String, String) {
    refused(504, "deadline_exceeded", "DEADLINE_EXCEEDED")
}

#[tokio::test(start_paused = true)]
async fn a_call_is_dropped_when_its_callers_time_is_over_and_not_before() {
    let told = Told::to(Behaviour::Hangs);
    let edge = told.edge().await;
    for milliseconds in ["1", "1500", "0001500", "9999999999"] {
        let began = Instant::now();
        let answer = ask(&edge, post_with(&[("connect-timeout-ms", milliseconds)])).await;
        assert_eq!(refusal(&answer), exceeded(), "{milliseconds}");
        assert!(answer.refusal().2.contains("Idempotency-Key"), "{answer:?}");
        assert_eq!(began.elapsed().as_millis(), milliseconds.parse::<u128>().expect("a number"));
        assert!(told.was_dropped());
    }
    assert_eq!(told.begun(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_ends_in_time_is_answered() {
    let told = Told::to(Behaviour::Answers(Duration::from_millis(1499)));
    let answer = ask(&told.edge().await, post_with(&[("connect-timeout-ms", "1500")])).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"sale": {"saleId": "7"}})));
    assert!(!told.was_dropped());
}

#[tokio::test(start_paused = true)]
async fn a_call_without_time_is_not_begun() {
    let told = Told::to(Behaviour::Answers(Duration::ZERO));
    let edge = told.edge().await;
    assert_eq!(refusal(&ask(&edge, post_with(&[("connect-timeout-ms", "0")])).await), exceeded());
    for left in [0, 1, 500] {
        let answer = answer_in(&edge.answer_within(Duration::from_millis(left), post()).await);
        assert_eq!(refusal(&answer), exhausted(), "{left}");
    }
    assert_eq!(told.begun(), 0);
    let answer = answer_in(&edge.answer_within(Duration::from_millis(501), post()).await);
    assert_eq!((answer.status, told.begun()), (200, 1));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_that_is_no_number_of_milliseconds_is_refused() {
    let told = Told::to(Behaviour::Hangs);
    let edge = told.edge().await;
    for value in
        ["", " ", "+1", "-1", "1.5", "1e3", "0x10", "1s", "10 ", " 10", "1,1", "12345678901", "\u{b2}", "\u{663}"]
    {
        let answer = ask(&edge, post_with(&[("connect-timeout-ms", value)])).await;
        assert_eq!(refusal(&answer), refused(400, "invalid_argument", "BAD_TIMEOUT"), "{value:?}");
        assert!(answer.refusal().2.contains("Connect-Timeout-Ms"), "{value:?}");
    }
    let twice = post_with(&[("connect-timeout-ms", "1"), ("Connect-Timeout-Ms", "1")]);
    assert_eq!(refusal(&ask(&edge, twice).await), refused(400, "invalid_argument", "BAD_TIMEOUT"));
    assert_eq!(told.begun(), 0);
}

/// Half a second is left to answer in, before Lambda would end the function and answer for it.
#[tokio::test(start_paused = true)]
async fn the_shorter_time_counts_and_the_functions_is_logged() {
    let cases = [
        (None, Some(8000), 7500, true),
        (Some("7499"), Some(8000), 7499, false),
        (Some("7500"), Some(8000), 7500, true),
        (Some("9000"), Some(8000), 7500, true),
        (Some("9000"), None, 9000, false),
    ];
    for (asked, left, lasts, is_the_functions) in cases {
        let (logs, _guard) = Logs::capture();
        let edge = Told::to(Behaviour::Hangs).edge().await;
        let event = asked.map_or_else(post, |asked| post_with(&[("connect-timeout-ms", asked)]));
        let began = Instant::now();
        let answering = async {
            match left {
                Some(left) => edge.answer_within(Duration::from_millis(left), event).await,
                None => edge.answer(event).await,
            }
        };
        let answer = timeout(LONG, answering).await.expect("an answer in time");
        assert_eq!(refusal(&answer_in(&answer)), if is_the_functions { exhausted() } else { exceeded() });
        assert_eq!(began.elapsed().as_millis(), lasts, "{asked:?} {left:?}");
        let logged: Vec<_> = logs.lines().into_iter().filter(|line| line["level"] == "WARN").collect();
        assert_eq!(logged.len(), usize::from(is_the_functions), "{logged:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_nobody_limits_is_waited_for() {
    let told = Told::to(Behaviour::Hangs);
    let edge = told.edge().await;
    assert!(timeout(LONG, edge.answer(post())).await.is_err());
}

/// An issuer that takes its time, and counts how often it is asked.
struct Slow {
    takes: Duration,
    asked: Arc<AtomicUsize>,
}

#[async_trait]
impl KeySource for Slow {
    async fn fetch(&self) -> Result<KeySet, KeySourceError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(self.takes).await;
        Keys::Published.fetch().await
    }
}

/// FindSale behind a gate whose issuer takes this long, and how often that is asked.
async fn behind(takes: Duration, told: &Told) -> (Edge, Arc<AtomicUsize>) {
    let issuer = Issuer::parse(ISSUER).expect("an issuer");
    let audience = Audience::parse(AUDIENCE).expect("an audience");
    let asked = Arc::default();
    let keys = Slow { takes, asked: Arc::clone(&asked) };
    let gate = Gate::new(Verifier::new(issuer, audience, Arc::new(keys)), API.policy).await.expect("a gate");
    (Edge::of_query(API, gate, told.clone(), clock), asked)
}

#[tokio::test(start_paused = true)]
async fn the_gate_is_within_the_functions_time() {
    let (edge, _) = behind(LONG, &Told::to(Behaviour::Hangs)).await;
    let began = Instant::now();
    let answer = timeout(LONG, edge.answer_within(Duration::from_secs(8), post())).await.expect("an answer in time");
    assert_eq!(refusal(&answer_in(&answer)), exhausted());
    assert_eq!(began.elapsed().as_millis(), 7500);
}

/// A fetch that is dropped has used up some of what there is for everybody, and brought nothing.
#[tokio::test(start_paused = true)]
async fn callers_in_a_hurry_do_not_take_the_issuers_keys_away_from_the_others() {
    let told = Told::to(Behaviour::Answers(Duration::ZERO));
    let (edge, asked) = behind(Duration::from_millis(50), &told).await;
    for nth in 0..10 {
        let answer = ask(&edge, post_with(&[("connect-timeout-ms", "5")])).await;
        // The first has waited for the keys longer than it wanted to.
        if nth == 0 {
            assert_eq!((refusal(&answer), told.begun()), (exceeded(), 0));
        } else {
            assert_eq!((answer.status, told.begun()), (200, nth));
        }
    }
    assert_eq!(ask(&edge, post()).await.status, 200);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}
