//! When the issuer's keys are fetched, and what is answered meanwhile.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::json;
use tokio::task::{JoinHandle, JoinSet};

use super::fixture::{
    NOW_SECONDS, PublishedKeys, SIGNER_A, SIGNER_B, Signer, after, bearer, claims, claims_with, now, refusal, verifier,
};
use crate::{KeysUnavailable, Principal, Rejection, TokenError, Verifier};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

fn token_by(signer: Signer) -> String {
    bearer(&signer.token(&claims()))
}

/// A token under a key id that no issuer knows.
fn token_under(key_id: &str) -> String {
    let header = json!({ "alg": "RS256", "typ": "JWT", "kid": key_id });
    bearer(&SIGNER_A.token_with_header(&header, &claims()))
}

async fn ask(verifier: &Verifier, header: &str, at: SystemTime) -> Result<Principal, TokenError> {
    verifier.verify(Some(header), at).await
}

fn is_paused(outcome: Result<Principal, TokenError>) -> bool {
    matches!(outcome, Err(TokenError::Unavailable(KeysUnavailable::Paused)))
}

fn is_failed_fetch(outcome: Result<Principal, TokenError>) -> bool {
    matches!(outcome, Err(TokenError::Unavailable(KeysUnavailable::Fetch(_))))
}

#[tokio::test]
async fn keys_are_fetched_once_and_not_before_a_token_needs_them() {
    let keys = PublishedKeys::of(&[SIGNER_A, SIGNER_B]);
    let verifier = verifier(&keys);
    assert_eq!(refusal(verifier.verify(None, now()).await), Rejection::Missing);
    assert_eq!(refusal(ask(&verifier, "Bearer x.y.z", now()).await), Rejection::Malformed);
    assert_eq!(keys.fetches(), 0);
    for at in [0, 1, 30 * MINUTE] {
        ask(&verifier, &token_by(SIGNER_A), after(at)).await.unwrap();
        ask(&verifier, &token_by(SIGNER_B), after(at)).await.unwrap();
    }
    assert_eq!(keys.fetches(), 1);
}

#[tokio::test]
async fn a_rotated_key_is_found_at_once_and_the_old_one_ends_with_it() {
    let keys = PublishedKeys::of(&[SIGNER_A]);
    let verifier = verifier(&keys);
    ask(&verifier, &token_by(SIGNER_A), now()).await.unwrap();
    keys.publish(&[SIGNER_B]);
    ask(&verifier, &token_by(SIGNER_B), after(1)).await.unwrap();
    assert_eq!(keys.fetches(), 2);
    assert_eq!(refusal(ask(&verifier, &token_by(SIGNER_A), after(2)).await), Rejection::UnknownKey);
}

#[tokio::test]
async fn an_unknown_key_id_causes_one_fetch() {
    let keys = PublishedKeys::of(&[SIGNER_A]);
    let verifier = verifier(&keys);
    ask(&verifier, &token_by(SIGNER_A), now()).await.unwrap();
    for at in [1, 2, 3, 5 * MINUTE] {
        assert_eq!(refusal(ask(&verifier, &token_under("unknown"), after(at)).await), Rejection::UnknownKey);
        assert_eq!(keys.fetches(), 2, "after {at} s");
    }
    assert_eq!(refusal(ask(&verifier, &token_under("other"), after(4)).await), Rejection::UnknownKey);
    assert_eq!(keys.fetches(), 3);
}

#[tokio::test]
async fn an_unknown_key_id_is_forgotten_so_that_a_key_published_late_is_found() {
    let keys = PublishedKeys::of(&[SIGNER_A]);
    let verifier = verifier(&keys);
    assert_eq!(refusal(ask(&verifier, &token_by(SIGNER_B), now()).await), Rejection::UnknownKey);
    keys.publish(&[SIGNER_A, SIGNER_B]);
    assert_eq!(refusal(ask(&verifier, &token_by(SIGNER_B), after(5 * MINUTE - 1)).await), Rejection::UnknownKey);
    ask(&verifier, &token_by(SIGNER_B), after(5 * MINUTE)).await.unwrap();
    assert_eq!(keys.fetches(), 2);
}

#[tokio::test]
async fn a_fetch_for_another_key_id_makes_a_key_published_late_known_at_once() {
    let keys = PublishedKeys::of(&[SIGNER_A]);
    let verifier = verifier(&keys);
    assert_eq!(refusal(ask(&verifier, &token_by(SIGNER_B), now()).await), Rejection::UnknownKey);
    keys.publish(&[SIGNER_A, SIGNER_B]);
    assert_eq!(refusal(ask(&verifier, &token_under("other"), after(1)).await), Rejection::UnknownKey);
    ask(&verifier, &token_by(SIGNER_B), after(2)).await.unwrap();
    assert_eq!(keys.fetches(), 2);
}

#[tokio::test]
async fn random_key_ids_cannot_cause_a_storm_of_fetches() {
    let keys = PublishedKeys::of(&[SIGNER_A]);
    let verifier = verifier(&keys);
    ask(&verifier, &token_by(SIGNER_A), now()).await.unwrap();
    for n in 1..10 {
        assert_eq!(refusal(ask(&verifier, &token_under(&format!("{n}")), now()).await), Rejection::UnknownKey);
    }
    keys.publish(&[SIGNER_A, SIGNER_B]);
    for n in 10..50 {
        assert!(is_paused(ask(&verifier, &token_under(&format!("{n}")), after(59)).await), "{n}");
    }
    assert_eq!(keys.fetches(), 10);
    // Whoever has a new key is told to come back, not to log in again, and known keys go on working.
    assert!(is_paused(ask(&verifier, &token_by(SIGNER_B), after(59)).await));
    ask(&verifier, &token_by(SIGNER_A), after(59)).await.unwrap();
    ask(&verifier, &token_by(SIGNER_B), after(MINUTE)).await.unwrap();
    assert_eq!(keys.fetches(), 11);
}

#[tokio::test]
async fn a_key_id_without_bounds_is_refused_without_a_fetch() {
    let keys = PublishedKeys::of(&[SIGNER_A]);
    let verifier = verifier(&keys);
    for key_id in [String::new(), "k".repeat(129)] {
        assert_eq!(refusal(ask(&verifier, &token_under(&key_id), now()).await), Rejection::UnknownKey);
    }
    assert_eq!(keys.fetches(), 0);
    assert_eq!(refusal(ask(&verifier, &token_under(&"k".repeat(128)), now()).await), Rejection::UnknownKey);
    assert_eq!(keys.fetches(), 1);
}

#[tokio::test]
async fn without_keys_the_answer_is_unavailable_until_a_fetch_succeeds() {
    let keys = PublishedKeys::of(&[SIGNER_A]);
    keys.fail(true);
    let verifier = verifier(&keys);
    assert!(is_failed_fetch(ask(&verifier, &token_by(SIGNER_A), now()).await));
    keys.fail(false);
    assert!(is_paused(ask(&verifier, &token_by(SIGNER_A), after(4)).await));
    assert_eq!(keys.fetches(), 1);
    ask(&verifier, &token_by(SIGNER_A), after(5)).await.unwrap();
    assert_eq!(keys.fetches(), 2);
}

/// Concurrent calls carry slightly different clocks.
#[tokio::test]
async fn a_fetch_that_succeeds_ends_the_pause_for_calls_whose_clock_is_a_little_behind() {
    let keys = PublishedKeys::of(&[SIGNER_A]);
    keys.fail(true);
    let verifier = verifier(&keys);
    assert!(is_failed_fetch(ask(&verifier, &token_by(SIGNER_A), now()).await));
    keys.fail(false);
    ask(&verifier, &token_by(SIGNER_A), after(5)).await.unwrap();
    keys.publish(&[SIGNER_A, SIGNER_B]);
    ask(&verifier, &token_by(SIGNER_B), after(4)).await.unwrap();
    assert_eq!(keys.fetches(), 3);
}

#[tokio::test]
async fn a_failed_fetch_does_not_make_a_key_id_unknown() {
    let keys = PublishedKeys::of(&[SIGNER_A]);
    let verifier = verifier(&keys);
    ask(&verifier, &token_by(SIGNER_A), now()).await.unwrap();
    keys.publish(&[SIGNER_A, SIGNER_B]);
    keys.fail(true);
    assert!(is_failed_fetch(ask(&verifier, &token_by(SIGNER_B), after(1)).await));
    ask(&verifier, &token_by(SIGNER_A), after(2)).await.unwrap();
    keys.fail(false);
    ask(&verifier, &token_by(SIGNER_B), after(6)).await.unwrap();
}

#[tokio::test]
async fn a_revoked_key_stops_working_within_the_hour() {
    let keys = PublishedKeys::of(&[SIGNER_A]);
    let verifier = verifier(&keys);
    ask(&verifier, &token_by(SIGNER_A), now()).await.unwrap();
    keys.publish(&[SIGNER_B]);
    ask(&verifier, &token_by(SIGNER_A), after(HOUR - 1)).await.unwrap();
    assert_eq!(refusal(ask(&verifier, &token_by(SIGNER_A), after(HOUR)).await), Rejection::UnknownKey);
    assert_eq!(keys.fetches(), 2);
}

#[tokio::test]
async fn old_keys_serve_on_for_a_day_while_the_issuer_is_down() {
    let keys = PublishedKeys::of(&[SIGNER_A]);
    let verifier = verifier(&keys);
    ask(&verifier, &token_by(SIGNER_A), now()).await.unwrap();
    keys.fail(true);
    ask(&verifier, &token_by(SIGNER_A), after(HOUR)).await.unwrap();
    ask(&verifier, &token_by(SIGNER_A), after(HOUR + 1)).await.unwrap();
    assert_eq!(keys.fetches(), 2, "a fetch that has just failed is not repeated");
    ask(&verifier, &token_by(SIGNER_A), after(24 * HOUR - 1)).await.unwrap();
    assert!(is_failed_fetch(ask(&verifier, &token_by(SIGNER_A), after(24 * HOUR + 10)).await));
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_freeze_the_cache() {
    let keys = PublishedKeys::of(&[SIGNER_A]);
    let verifier = verifier(&keys);
    let token = bearer(&SIGNER_A.token(&claims_with("iat", json!(NOW_SECONDS - 10 * HOUR))));
    ask(&verifier, &token, now()).await.unwrap();
    ask(&verifier, &token, now() - Duration::from_secs(1)).await.unwrap();
    assert_eq!(keys.fetches(), 1);
    ask(&verifier, &token, now() - Duration::from_secs(2 * HOUR)).await.unwrap();
    assert_eq!(keys.fetches(), 2);
}

async fn ask_together(verifier: &Arc<Verifier>, header: &str) -> Vec<Result<Principal, TokenError>> {
    let mut calls = JoinSet::new();
    for n in 0..10 {
        let (verifier, header) = (verifier.clone(), header.to_owned());
        // Their clocks differ, and in the other direction than their order.
        let at = after(10) - Duration::from_millis(n);
        calls.spawn(async move { ask(&verifier, &header, at).await });
    }
    calls.join_all().await
}

#[tokio::test]
async fn concurrent_calls_share_one_fetch() {
    let keys = PublishedKeys::of(&[SIGNER_A]);
    let verifier = Arc::new(verifier(&keys));
    assert!(ask_together(&verifier, &token_by(SIGNER_A)).await.iter().all(Result::is_ok));
    assert_eq!(keys.fetches(), 1);
    for outcome in ask_together(&verifier, &token_under("unknown")).await {
        assert_eq!(refusal(outcome), Rejection::UnknownKey);
    }
    assert_eq!(keys.fetches(), 2);
    keys.fail(true);
    assert!(ask_together(&verifier, &token_under("other")).await.iter().all(Result::is_err));
    assert_eq!(keys.fetches(), 3);
}

/// Lets the call run until it waits for this many fetches.
async fn until_fetching<T>(keys: &PublishedKeys, fetches: usize, call: &JoinHandle<T>) {
    while keys.fetches() < fetches {
        assert!(!call.is_finished(), "the call has ended without a fetch");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_known_key_does_not_wait_for_a_fetch() {
    let keys = PublishedKeys::of(&[SIGNER_A]);
    let verifier = Arc::new(verifier(&keys));
    ask(&verifier, &token_by(SIGNER_A), now()).await.unwrap();
    keys.permits.forget_permits(usize::MAX);
    let stalled = tokio::spawn({
        let verifier = verifier.clone();
        async move { ask(&verifier, &token_under("unknown"), after(1)).await }
    });
    until_fetching(&keys, 2, &stalled).await;
    let known = tokio::time::timeout(Duration::from_secs(10), ask(&verifier, &token_by(SIGNER_A), after(1))).await;
    known.expect("the known key waited").unwrap();
    keys.permits.add_permits(1);
    assert_eq!(refusal(stalled.await.unwrap()), Rejection::UnknownKey);
}

#[tokio::test]
async fn an_abandoned_fetch_leaves_the_next_call_free_to_fetch() {
    let keys = PublishedKeys::of(&[SIGNER_A]);
    let verifier = Arc::new(verifier(&keys));
    keys.permits.forget_permits(usize::MAX);
    let abandoned = tokio::spawn({
        let verifier = verifier.clone();
        async move { ask(&verifier, &token_by(SIGNER_A), now()).await }
    });
    until_fetching(&keys, 1, &abandoned).await;
    abandoned.abort();
    assert!(abandoned.await.unwrap_err().is_cancelled());
    keys.permits.add_permits(1);
    ask(&verifier, &token_by(SIGNER_A), now()).await.unwrap();
    assert_eq!(keys.fetches(), 2);
}
