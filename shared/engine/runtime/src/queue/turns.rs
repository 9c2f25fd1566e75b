//! Who of a batch waits for whom.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use messaging::Key;
use tokio::sync::Mutex as Turn;
use tokio::time::timeout;

/// The turns of a batch: of the messages that contend for the same key, one is handled after the other, because at the same
/// time they would collide and begin again and again. A message that is slow loses its turn and goes on beside the next,
/// so that nobody waits longer for the others than a batch may take: turns only save collisions, nothing depends on them.
pub(super) struct Turns {
    keys: Mutex<BTreeMap<Key, Arc<Turn<()>>>>,
    longest: Duration,
}

impl Turns {
    /// The turns of a batch of this size, which may take so long; each message of it gets its turn before that is over.
    pub(super) fn of(size: usize, time: Duration) -> Self {
        let size = u32::try_from(size).unwrap_or(u32::MAX).max(1);
        Self { keys: Mutex::default(), longest: time / size }
    }

    /// Waits for the turn at each of these keys, then does the work.
    pub(super) async fn take<T>(&self, keys: Vec<Key>, work: impl Future<Output = T>) -> T {
        let mut turns = Vec::new();
        // In the order of the keys, so that no two messages wait for each other.
        for key in keys.into_iter().collect::<BTreeSet<_>>() {
            turns.push(self.turn(key).lock_owned().await);
        }
        let mut work = pin!(work);
        if let Ok(done) = timeout(self.longest, &mut work).await {
            return done;
        }
        drop(turns);
        work.await
    }

    fn turn(&self, key: Key) -> Arc<Turn<()>> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(keys.entry(key).or_default())
    }
}
