//! What befalls the functions' calls for as long as somebody keeps the handle: messages get lost or come again, a service does
//! not answer. Unlike a fault it counts no calls.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

use super::call::Call;

/// The number of messages that are sent again; the messages after them are sent once.
const REPEATED_LIMIT: usize = 10_000;

/// What befalls calls; dropping it ends it.
#[derive(Debug)]
pub(crate) enum Disturbance {
    /// The messages that `functions` send to the queue with the physical name `queue` are taken for sent and get lost.
    Loses {
        /// The logical ids of the senders.
        functions: &'static [&'static str],
        /// The queue that they do not reach.
        queue: String,
    },
    /// No call of `function` to `service` reaches the emulator: it is answered with 503.
    Refuses {
        /// The logical id of the caller.
        function: &'static str,
        /// The service as signatures know it, such as `dynamodb`.
        service: &'static str,
    },
    /// Every message and every event is sent twice.
    Repeats(Repeats),
}

/// The messages that are sent twice.
#[derive(Debug)]
pub(crate) struct Repeats {
    /// The time between a message and its copy.
    later: Duration,
    /// What was sent twice: the repeat of a repeat would double with each step.
    sent: Mutex<BTreeSet<String>>,
}

/// What is to be done with a call.
#[derive(Debug)]
pub(super) enum Fate {
    /// It goes on.
    Passes,
    /// Its caller is told that it has succeeded, and nobody else learns of it.
    IsLost,
    /// Its caller is told that the service is not available.
    IsRefused,
    /// It goes on, and after this time again, if the disturbance is still kept.
    ComesAgain(Duration, Weak<Disturbance>),
}

/// The disturbances that are kept.
#[derive(Debug, Default)]
pub(super) struct Disturbances(Vec<Weak<Disturbance>>);

impl Disturbance {
    /// Sends every message twice, the copy `later`.
    pub(crate) fn repeats(later: Duration) -> Self {
        Self::Repeats(Repeats { later, sent: Mutex::default() })
    }
}

impl Disturbances {
    pub(super) fn add(&mut self, disturbance: Disturbance) -> Arc<Disturbance> {
        let kept = Arc::new(disturbance);
        self.0.push(Arc::downgrade(&kept));
        kept
    }

    /// What is to be done with the call: the first disturbance that knows decides.
    pub(super) fn fate(&mut self, call: &Call, body: &Bytes) -> Fate {
        self.0.retain(|kept| kept.strong_count() > 0);
        let fates = self.0.iter().filter_map(Weak::upgrade).filter_map(|kept| fate(&kept, call, body));
        fates.into_iter().next().unwrap_or(Fate::Passes)
    }
}

fn fate(disturbance: &Arc<Disturbance>, call: &Call, body: &Bytes) -> Option<Fate> {
    match &**disturbance {
        Disturbance::Loses { functions, queue } => {
            let is_lost = functions.contains(&call.function.as_str())
                && call.action == "SendMessage"
                && call.resources.contains(queue);
            is_lost.then_some(Fate::IsLost)
        }
        Disturbance::Refuses { function, service } => {
            (call.function == *function && call.service == *service).then_some(Fate::IsRefused)
        }
        Disturbance::Repeats(repeats) => (["SendMessage", "PublishBatch"].contains(&call.action.as_str())
            && repeats.is_first(body))
        .then(|| Fate::ComesAgain(repeats.later, Arc::downgrade(disturbance))),
    }
}

impl Repeats {
    /// Whether the message has not been sent twice before.
    fn is_first(&self, body: &Bytes) -> bool {
        // Every insertion leaves the set whole, so a panic elsewhere has not broken it.
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.len() < REPEATED_LIMIT && sent.insert(identity(body))
    }
}

/// What a message and its repeats have in common: the receiver and the message's id, or all of it when it has no id.
fn identity(body: &Bytes) -> String {
    let named = || {
        let call: Value = serde_json::from_slice(body).ok()?;
        let message: Value = serde_json::from_str(call["MessageBody"].as_str()?).ok()?;
        Some(format!("{} {}", call["QueueUrl"].as_str()?, message["subject"]["messageId"].as_str()?))
    };
    named().unwrap_or_else(|| String::from_utf8_lossy(body).into_owned())
}

#[cfg(test)]
mod tests;
