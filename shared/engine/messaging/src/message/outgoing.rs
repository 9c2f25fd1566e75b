//! A message that a decision sends, and the envelope in which it leaves.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;
use wire::Payload;

use crate::{Address, Correlation, Envelope, ids};

/// A message that leaves once the decision is saved, and again whenever its cause is delivered again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outgoing {
    /// The answer to the handled message, sent to the return address of its newest delivery.
    Reply(Payload),
    /// A command, or a message to the sender itself.
    Message {
        /// Where it goes.
        to: Address,
        /// Its identity, derived by the sender.
        id: Uuid,
        /// What a reply to the message carries.
        correlation: Option<Correlation>,
        /// How many seconds it stays invisible, at most [`LONGEST_DELAY`](crate::LONGEST_DELAY).
        delay_seconds: u32,
        /// Its content.
        payload: Payload,
    },
}

/// The envelope in which `outgoing` leaves as an answer to `cause`.
pub(crate) fn wrap(outgoing: &Outgoing, cause: &Envelope, source: &str, now: OffsetDateTime) -> Option<Addressed> {
    let (to, message_id, correlation, delay_seconds, payload) = match outgoing {
        Outgoing::Reply(payload) => {
            let correlation = cause.correlation.clone()?;
            let to = Address::Queue(correlation.reply_to.clone());
            (to, ids::reply(cause.message_id), Some(correlation), 0, payload)
        }
        Outgoing::Message { to, id, correlation, delay_seconds, payload } => {
            (to.clone(), *id, correlation.clone(), *delay_seconds, payload)
        }
    };
    let envelope = Envelope {
        message_id,
        source: source.to_owned(),
        causation_id: Some(cause.message_id),
        correlation,
        occurred_at: now,
        trace_parent: cause.trace_parent.clone(),
        payload: payload.clone(),
    };
    Some(Addressed { to, delay_seconds, envelope })
}

/// A message and where it goes.
pub(crate) struct Addressed {
    pub(crate) to: Address,
    pub(crate) delay_seconds: u32,
    pub(crate) envelope: Envelope,
}
