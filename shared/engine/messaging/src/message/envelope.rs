//! The envelope of a message, parsed once from its ProtoJSON.

use buffa_types::google::protobuf::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use uuid::Uuid;
use wire::{Payload, WireMessage, fault};

use crate::Failure;

/// The longest message that is read or written: SQS and SNS take 256 KiB, and attributes need some of it.
pub const MAX_MESSAGE_BYTES: usize = 250 * 1024;

/// One command, reply or event with its description.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// The id by which receivers recognise a repeated message.
    pub message_id: Uuid,
    /// The function that wrote the message.
    pub source: String,
    /// The message that this message answers or follows from.
    pub causation_id: Option<Uuid>,
    /// Present on commands and replies of a saga.
    pub correlation: Option<Correlation>,
    /// When the message was first written.
    pub occurred_at: OffsetDateTime,
    /// W3C trace context; may be empty.
    pub trace_parent: String,
    /// The command, reply or event itself.
    pub payload: Payload,
}

/// What a participant copies from a command into its reply, without understanding it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correlation {
    /// The saga that sent the command.
    pub saga_id: Uuid,
    /// The step the command carries out.
    pub step: String,
    /// The URL of the queue that expects the reply.
    pub reply_to: String,
    /// An opaque token, echoed in the reply.
    pub reply_token: String,
}

impl Envelope {
    /// Reads a message from the body of a queue's message.
    ///
    /// # Errors
    /// [`Failure::SetAside`], which says what is wrong: a repeat would bring the same body.
    pub fn parse(body: &str) -> Result<Self, Failure> {
        if body.len() > MAX_MESSAGE_BYTES {
            return Err(Failure::set_aside(format!("the message is longer than {MAX_MESSAGE_BYTES} bytes")));
        }
        let mut message: Map<String, Value> = serde_json::from_str(body)
            .map_err(|error| Failure::set_aside(format!("the message is not a JSON object: {}", fault(&error))))?;
        let payload = message.remove("payload").ok_or_else(|| Failure::set_aside("the message has no payload"))?;
        let payload = Payload::from_json(payload).map_err(Failure::set_aside)?;
        let subject = message.remove("subject").ok_or_else(|| Failure::set_aside("the message has no subject"))?;
        let subject: wire::message::v1::Subject = serde_json::from_value(subject)
            .map_err(|error| Failure::set_aside(format!("the subject is malformed: {}", fault(&error))))?;
        Self::assemble(subject, payload)
    }

    fn assemble(subject: wire::message::v1::Subject, payload: Payload) -> Result<Self, Failure> {
        if subject.r#type != payload.type_name() {
            let reason = format!("the subject does not say that the payload is a {:?}", payload.type_name());
            return Err(Failure::set_aside(reason));
        }
        let causation_id =
            if subject.causation_id.is_empty() { None } else { Some(uuid("causation_id", &subject.causation_id)?) };
        let correlation = match subject.correlation.as_option() {
            None => None,
            Some(correlation) => Some(Correlation {
                saga_id: uuid("saga_id", &correlation.saga_id)?,
                step: correlation.step.clone(),
                reply_to: correlation.reply_to.clone(),
                reply_token: correlation.reply_token.clone(),
            }),
        };
        let occurred_at =
            subject.occurred_at.as_option().ok_or_else(|| Failure::set_aside("occurred_at is missing"))?;
        let nanos = i128::from(occurred_at.seconds) * 1_000_000_000 + i128::from(occurred_at.nanos);
        let occurred_at = OffsetDateTime::from_unix_timestamp_nanos(nanos)
            .map_err(|error| Failure::set_aside(format!("occurred_at is out of range: {error}")))?;
        Ok(Self {
            message_id: uuid("message_id", &subject.message_id)?,
            source: subject.source,
            causation_id,
            correlation,
            occurred_at,
            trace_parent: subject.trace_parent,
            payload,
        })
    }

    /// Writes the message as ProtoJSON.
    ///
    /// # Errors
    /// [`Failure::SetAside`] when the message is too long to be sent.
    pub fn to_json(&self) -> Result<String, Failure> {
        let mut subject = Map::new();
        let mut say = |name: &str, value: Value| subject.insert(name.to_owned(), value);
        say("type", json!(self.payload.type_name()));
        say("source", json!(self.source));
        say("messageId", json!(self.message_id));
        say("occurredAt", serde_json::to_value(timestamp(self.occurred_at)).map_err(Failure::set_aside)?);
        if let Some(causation_id) = self.causation_id {
            say("causationId", json!(causation_id));
        }
        if let Some(correlation) = &self.correlation {
            let correlation = json!({
                "sagaId": correlation.saga_id,
                "step": correlation.step,
                "replyTo": correlation.reply_to,
                "replyToken": correlation.reply_token,
            });
            say("correlation", correlation);
        }
        if !self.trace_parent.is_empty() {
            say("traceParent", json!(self.trace_parent));
        }
        let payload = serde_json::to_value(&self.payload).map_err(Failure::set_aside)?;
        let body = json!({"subject": subject, "payload": payload}).to_string();
        if body.len() > MAX_MESSAGE_BYTES {
            return Err(Failure::set_aside(format!("the message would be longer than {MAX_MESSAGE_BYTES} bytes")));
        }
        Ok(body)
    }

    /// The payload as an `M`.
    ///
    /// # Errors
    /// [`Failure::SetAside`] when the payload is of another type.
    pub fn unpack<M: WireMessage>(&self) -> Result<M, Failure> {
        self.payload.unpack().map_err(Failure::set_aside)
    }
}

/// ProtoJSON writes a time with 0, 3, 6 or 9 digits of a second's fraction.
fn timestamp(time: OffsetDateTime) -> Timestamp {
    // Nanoseconds within a second fit.
    let nanos = i32::try_from(time.nanosecond()).unwrap_or_default();
    Timestamp { seconds: time.unix_timestamp(), nanos, ..Default::default() }
}

fn uuid(field: &str, text: &str) -> Result<Uuid, Failure> {
    Uuid::parse_str(text).map_err(|error| Failure::set_aside(format!("{field} is not a UUID: {error}")))
}

#[cfg(test)]
mod tests;
