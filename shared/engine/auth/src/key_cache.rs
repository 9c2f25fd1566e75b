//! Between tokens and the issuer: callers choose the key ids, so they must not decide how often the issuer is asked.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use jsonwebtoken::DecodingKey;
use tokio::sync::Mutex;

use crate::key_source::MAX_KEY_ID_BYTES;
use crate::{KeySet, KeySource, KeysUnavailable, Rejection, TokenError};

/// The age at which the keys are fetched again: a key that the issuer has revoked must stop working.
const FRESH: Duration = Duration::from_secs(60 * 60);
/// The age up to which old keys serve on while that fetch fails: Auth0's default lifetime of an access token.
const USABLE: Duration = Duration::from_secs(24 * 60 * 60);
/// How long an unknown key id is refused without a fetch. The refusal must end: an issuer may start to sign with a key
/// before every copy of its key set shows the key.
const UNKNOWN_MEMORY: Duration = Duration::from_secs(5 * 60);
/// No more than `MAX_FETCHES` fetches start within any `FETCH_WINDOW`, whatever key ids arrive.
const FETCH_WINDOW: Duration = Duration::from_secs(60);
const MAX_FETCHES: usize = 10;
/// How long after a failed fetch no call waits for another fetch.
const FAILURE_PAUSE: Duration = Duration::from_secs(5);
/// Each unknown key id costs a fetch, so at most 50 are added within `UNKNOWN_MEMORY`: none of them is forgotten early.
const MAX_UNKNOWN: usize = 64;

/// The issuer's keys, and the rules for asking for them again.
///
/// A key id outside a fresh set causes one fetch; when it stays unknown it is refused for [`UNKNOWN_MEMORY`], though
/// any fetch in between that brings the key makes it known at once. Without budget for a fetch the answer is
/// "unavailable" and never "unknown", as a caller with a new key must not be sent to log in again because others
/// send random key ids. Known keys never wait for a fetch while they are fresh.
pub(crate) struct KeyCache {
    source: Arc<dyn KeySource>,
    cached: RwLock<Option<Cached>>,
    /// Held during a fetch, so that concurrent calls share it.
    refetch: Mutex<Refetch>,
}

#[derive(Clone)]
struct Cached {
    keys: Arc<KeySet>,
    fetched_at: SystemTime,
}

#[derive(Default)]
struct Refetch {
    started: VecDeque<SystemTime>,
    failed_at: Option<SystemTime>,
    unknown: VecDeque<(String, SystemTime)>,
}

impl KeyCache {
    pub(crate) fn new(source: Arc<dyn KeySource>) -> Self {
        Self { source, cached: RwLock::new(None), refetch: Mutex::default() }
    }

    /// The issuer's key with this id, from the cache if possible.
    pub(crate) async fn key(&self, key_id: &str, now: SystemTime) -> Result<DecodingKey, TokenError> {
        if key_id.is_empty() || key_id.len() > MAX_KEY_ID_BYTES {
            return Err(Rejection::UnknownKey.into());
        }
        if let Some(key) = self.cached_key(key_id, now, FRESH) {
            return Ok(key);
        }
        let mut refetch = self.refetch.lock().await;
        // Another call may have fetched the key while this call waited.
        if let Some(key) = self.cached_key(key_id, now, FRESH) {
            return Ok(key);
        }
        if refetch.remembers_unknown(key_id, now) {
            return Err(Rejection::UnknownKey.into());
        }
        let old = self.cached_key(key_id, now, USABLE);
        if !refetch.start(now) {
            return old.ok_or(KeysUnavailable::Paused.into());
        }
        match self.source.fetch().await {
            Ok(keys) => {
                refetch.failed_at = None;
                let found = keys.find(key_id);
                self.store(Cached { keys: Arc::new(keys), fetched_at: now });
                found.ok_or_else(|| {
                    refetch.remember_unknown(key_id, now);
                    Rejection::UnknownKey.into()
                })
            }
            Err(error) => {
                refetch.failed_at = Some(now);
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the issuer's signing keys could not be fetched"
                );
                old.ok_or(KeysUnavailable::Fetch(error).into())
            }
        }
    }

    fn cached_key(&self, key_id: &str, now: SystemTime, max_age: Duration) -> Option<DecodingKey> {
        let cached = self.cached.read().unwrap_or_else(PoisonError::into_inner).clone()?;
        (apart(now, cached.fetched_at) < max_age).then(|| cached.keys.find(key_id)).flatten()
    }

    fn store(&self, cached: Cached) {
        *self.cached.write().unwrap_or_else(PoisonError::into_inner) = Some(cached);
    }
}

impl Refetch {
    /// Takes one fetch out of the budget; returns false if the issuer must not be asked now.
    fn start(&mut self, now: SystemTime) -> bool {
        self.started.retain(|&at| apart(now, at) < FETCH_WINDOW);
        let resting = self.failed_at.is_some_and(|at| apart(now, at) < FAILURE_PAUSE);
        if resting || self.started.len() >= MAX_FETCHES {
            return false;
        }
        self.started.push_back(now);
        true
    }

    fn remembers_unknown(&mut self, key_id: &str, now: SystemTime) -> bool {
        self.unknown.retain(|&(_, at)| apart(now, at) < UNKNOWN_MEMORY);
        self.unknown.iter().any(|(id, _)| id == key_id)
    }

    fn remember_unknown(&mut self, key_id: &str, now: SystemTime) {
        if self.unknown.len() >= MAX_UNKNOWN {
            self.unknown.pop_front();
        }
        self.unknown.push_back((key_id.to_owned(), now));
    }
}

/// The distance in either direction: concurrent calls carry slightly different clocks, and a clock that was set back
/// by a lot must not freeze the cache.
fn apart(a: SystemTime, b: SystemTime) -> Duration {
    a.duration_since(b).unwrap_or_else(|backwards| backwards.duration())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_unknown_key_ids_is_bounded_and_keeps_the_latest() {
        let (mut refetch, now) = (Refetch::default(), SystemTime::UNIX_EPOCH);
        for n in 0..1_000 {
            refetch.remember_unknown(&n.to_string(), now);
        }
        assert_eq!(refetch.unknown.len(), MAX_UNKNOWN);
        assert!(refetch.remembers_unknown("999", now));
        assert!(!refetch.remembers_unknown("0", now));
    }

    #[test]
    fn the_memory_holds_every_key_id_that_the_fetch_budget_lets_in() {
        let windows = UNKNOWN_MEMORY.as_secs().div_ceil(FETCH_WINDOW.as_secs()) as usize;
        assert!(windows * MAX_FETCHES <= MAX_UNKNOWN);
    }
}
