//! The payload of an envelope: the name of a message's type and its ProtoJSON.

use std::fmt;

use serde::de::{DeserializeOwned, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use thiserror::Error;

use crate::fault;

const TYPE_URL_PREFIX: &str = "type.googleapis.com/";
const TYPE: &str = "@type";
/// Longer names are in no contract; errors and logs tell the name.
const MAX_TYPE_NAME_BYTES: usize = 255;

/// A generated message.
pub trait WireMessage: buffa::Message + buffa::MessageName + Serialize + DeserializeOwned {}
impl<M: buffa::Message + buffa::MessageName + Serialize + DeserializeOwned> WireMessage for M {}

/// A command, reply or event: on the wire a `google.protobuf.Any` in ProtoJSON.
///
/// The content is read by [`Payload::unpack`] only, so code that passes a payload on needs to know no type.
///
/// ```
/// use serde_json::json;
/// use wire::Payload;
/// use wire::message::v1::CommandRefused;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let refused = CommandRefused { reason: "SOLD_OUT".to_owned(), ..Default::default() };
/// let written = serde_json::to_value(Payload::from(refused))?;
/// assert_eq!(written, json!({"@type": "type.googleapis.com/message.v1.CommandRefused", "reason": "SOLD_OUT"}));
///
/// let payload = Payload::from_json(written)?;
/// assert_eq!(payload.type_name(), "message.v1.CommandRefused");
/// assert_eq!(payload.unpack::<CommandRefused>()?.reason, "SOLD_OUT");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq)]
pub struct Payload {
    type_name: String,
    /// The message's fields, or why it cannot be written as JSON.
    fields: Result<Map<String, Value>, String>,
}

/// Why a payload cannot be read.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PayloadError {
    /// The payload does not say what it is.
    #[error(
        "the payload is no JSON object whose {TYPE} is {TYPE_URL_PREFIX} and a name of at most {MAX_TYPE_NAME_BYTES} bytes"
    )]
    Untyped,
    /// The content does not fit the type.
    #[error("the payload is not a valid {type_name}: {reason}")]
    Malformed {
        /// The type it claims to be.
        type_name: String,
        /// What is wrong; no value of the payload.
        reason: String,
    },
    /// The payload is of another type than its reader expects.
    #[error("expected a payload of type {expected}, found {found}")]
    Unexpected {
        /// The type the reader wants.
        expected: &'static str,
        /// The type it is.
        found: String,
    },
}

impl Payload {
    /// Reads ProtoJSON with an `@type`; the content is looked at where it is unpacked.
    ///
    /// # Errors
    /// [`PayloadError::Untyped`].
    pub fn from_json(json: Value) -> Result<Self, PayloadError> {
        let Value::Object(mut fields) = json else { return Err(PayloadError::Untyped) };
        let url = fields.remove(TYPE).ok_or(PayloadError::Untyped)?;
        let is_bounded = |name: &&str| (1..=MAX_TYPE_NAME_BYTES).contains(&name.len());
        let name = url.as_str().and_then(|url| url.strip_prefix(TYPE_URL_PREFIX)).filter(is_bounded);
        let type_name = name.ok_or(PayloadError::Untyped)?.to_owned();
        Ok(Self { type_name, fields: Ok(fields) })
    }

    /// The full name of the message's type, such as `warehouse.v1.ReserveGoods`.
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// Whether this is an `M`.
    pub fn is<M: WireMessage>(&self) -> bool {
        self.type_name == M::FULL_NAME
    }

    /// The message itself; fields that `M` does not have are ignored.
    ///
    /// # Errors
    /// The payload is not an `M`, or its content does not fit `M`.
    pub fn unpack<M: WireMessage>(&self) -> Result<M, PayloadError> {
        if !self.is::<M>() {
            return Err(PayloadError::Unexpected { expected: M::FULL_NAME, found: self.type_name.clone() });
        }
        let malformed = |reason: String| PayloadError::Malformed { type_name: self.type_name.clone(), reason };
        let fields = self.fields.clone().map_err(malformed)?;
        serde_json::from_value(Value::Object(fields)).map_err(|error| malformed(fault(&error)))
    }
}

/// Shows the type alone: the content may hold what belongs into no log.
impl fmt::Debug for Payload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Payload({})", self.type_name)
    }
}

impl<M: WireMessage> From<M> for Payload {
    fn from(message: M) -> Self {
        let fields = match serde_json::to_value(&message) {
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(_) => Err("it is not written as a JSON object".to_owned()),
            Err(_) => Err("JSON cannot express it".to_owned()),
        };
        Self { type_name: M::FULL_NAME.to_owned(), fields }
    }
}

impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = self.fields.clone().map_err(S::Error::custom)?;
        fields.insert(TYPE.to_owned(), format!("{TYPE_URL_PREFIX}{}", self.type_name).into());
        fields.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
