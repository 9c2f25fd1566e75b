//! Values that tests are made of.

use std::collections::BTreeMap;

use messaging::{AVAILABLE, Correlation, Envelope, Record, ids};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;
use wire::message::v1::{CommandRefused, CommandSucceeded};
use wire::{Payload, WireMessage};

use crate::Sent;

/// Where [`command`] wants its reply.
pub const RETURN_ADDRESS: &str = "https://queue/replies";

/// A fixed time, and this many seconds after it.
pub fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::UNIX_EPOCH + Duration::days(20_454) + Duration::seconds(seconds)
}

/// The identity with this number.
pub fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// An event with this identity.
pub fn event(number: u128, payload: impl Into<Payload>) -> Envelope {
    Envelope {
        message_id: id(number),
        source: "test".to_owned(),
        causation_id: None,
        correlation: None,
        occurred_at: at(0),
        trace_parent: String::new(),
        payload: payload.into(),
    }
}

/// A command with this identity, of the saga number 1.
pub fn command(number: u128, payload: impl Into<Payload>) -> Envelope {
    let correlation = Correlation {
        saga_id: id(1),
        step: "test".to_owned(),
        reply_to: RETURN_ADDRESS.to_owned(),
        reply_token: String::new(),
    };
    Envelope { correlation: Some(correlation), ..event(number, payload) }
}

/// The reply to a command, as a participant sends it.
pub fn reply(to: &Envelope, payload: impl Into<Payload>) -> Envelope {
    Envelope {
        message_id: ids::reply(to.message_id),
        causation_id: Some(to.message_id),
        correlation: to.correlation.clone(),
        ..event(0, payload)
    }
}

/// A record with nothing but a state.
pub fn record(key: &str, version: u64) -> Record {
    Record {
        key: key.to_owned(),
        version,
        schema: 1,
        state: json!({"written": version}),
        inbox: Vec::new(),
        outbox: Vec::new(),
        expires_at: None,
        attributes: BTreeMap::new(),
    }
}

/// A record that is a counter with this value.
pub fn counter(key: &str, version: u64, available: i64) -> Record {
    let attributes = BTreeMap::from([(AVAILABLE.to_owned(), Value::from(available))]);
    Record { attributes, ..record(key, version) }
}

/// The reply that the command took effect.
pub fn succeeded() -> Payload {
    CommandSucceeded::default().into()
}

/// The reply that a business rule forbids the command.
pub fn refused(reason: &str, message: &str) -> Payload {
    CommandRefused { reason: reason.to_owned(), message: message.to_owned(), ..Default::default() }.into()
}

/// What the sent messages say.
pub fn payloads(sent: &[Sent]) -> Vec<Payload> {
    sent.iter().map(|sent| sent.message.payload.clone()).collect()
}

/// What a message's body says.
pub fn unpack<M: WireMessage>(body: &str) -> M {
    Envelope::parse(body).expect("a message").unpack().expect("its payload")
}
