//! What wakes a saga whose watchdog was lost.

use messaging::{Correlation, Envelope};
use time::OffsetDateTime;
use uuid::Uuid;
use wire::saga::v1::DeadlinePassed;

use crate::SagaInstance;

/// Who says that a deadline has passed, when it is not the orchestrator.
const SOURCE: &str = "operator";

impl SagaInstance {
    /// Whether the saga is not over and its watchdog should have barked by `then`: a while ago, as it may be on its way.
    pub fn is_silent_since(&self, then: OffsetDateTime) -> bool {
        !self.state.is_over() && self.deadline < then
    }

    /// The watchdog that the saga waits for, as a new message to the orchestrator's queue; `None` once the saga is over.
    ///
    /// A saga whose own watchdog is on its way comes to no harm. Before the deadline the message does nothing but arm a
    /// watchdog for the rest; after it, it does what the lost watchdog would have done. Whichever of the two comes second
    /// counts as a repeat of the first: it sends the awaited command again, under the identity that its receiver knows, and
    /// only the watchdog that was armed last counts.
    pub fn waking(
        &self,
        saga_id: Uuid,
        saga_queue_url: &str,
        message_id: Uuid,
        now: OffsetDateTime,
    ) -> Option<Envelope> {
        let correlation = Correlation {
            saga_id,
            step: String::new(),
            reply_to: saga_queue_url.to_owned(),
            reply_token: String::new(),
        };
        let watchdog = DeadlinePassed { watchdog: self.watchdog, ..Default::default() };
        let envelope = Envelope {
            message_id,
            source: SOURCE.to_owned(),
            causation_id: None,
            correlation: Some(correlation),
            occurred_at: now,
            trace_parent: String::new(),
            payload: watchdog.into(),
        };
        Some(envelope).filter(|_| !self.state.is_over())
    }
}
