//! The payload of an envelope: a message of a known type, written as ProtoJSON with its `@type`.

use std::sync::Once;

use buffa::type_registry::{TypeRegistry, set_type_registry};
use buffa_types::google::protobuf::Any;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use thiserror::Error;

use crate::generated;

const TYPE_URL_PREFIX: &str = "type.googleapis.com/";

/// A generated message.
pub trait WireMessage: buffa::Message + buffa::MessageName + Serialize + DeserializeOwned {}
impl<M: buffa::Message + buffa::MessageName + Serialize + DeserializeOwned> WireMessage for M {}

/// A command, reply or event of a type this system knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Payload(Any);

/// Why a payload cannot be read.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PayloadError {
    /// Nobody here knows such a message.
    #[error("unknown payload type {0:?}")]
    UnknownType(String),
    /// The type is known, but the content does not fit it.
    #[error("the payload is not a valid {type_name}: {reason}")]
    Malformed {
        /// The type it claims to be.
        type_name: String,
        /// What is wrong.
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
    /// Reads ProtoJSON with an `@type`.
    ///
    /// # Errors
    /// A type nobody knows, or content that does not fit it; fields nobody knows are ignored.
    pub fn from_json(json: Value) -> Result<Self, PayloadError> {
        let url = json.get("@type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let type_name = url.strip_prefix(TYPE_URL_PREFIX).unwrap_or(&url).to_owned();
        // buffa accepts an unknown `@type` silently, so it is looked up here.
        if !is_known(&url) {
            return Err(PayloadError::UnknownType(type_name));
        }
        let malformed = |reason: serde_json::Error| PayloadError::Malformed { type_name, reason: reason.to_string() };
        serde_json::from_value(json).map(Self).map_err(malformed)
    }

    /// Such as `kitchen.v1.CreateTicket`.
    pub fn type_name(&self) -> &str {
        self.0.type_url.strip_prefix(TYPE_URL_PREFIX).unwrap_or(&self.0.type_url)
    }

    /// Whether this is an `M`.
    pub fn is<M: WireMessage>(&self) -> bool {
        self.0.is_type(M::TYPE_URL)
    }

    /// The message itself.
    ///
    /// # Errors
    /// The payload is not an `M`.
    pub fn unpack<M: WireMessage>(&self) -> Result<M, PayloadError> {
        let malformed = |reason: String| PayloadError::Malformed { type_name: M::FULL_NAME.to_owned(), reason };
        let unpacked = self.0.unpack_if::<M>(M::TYPE_URL).map_err(|error| malformed(error.to_string()))?;
        unpacked.ok_or_else(|| PayloadError::Unexpected { expected: M::FULL_NAME, found: self.type_name().to_owned() })
    }
}

impl<M: WireMessage> From<M> for Payload {
    fn from(message: M) -> Self {
        register_types();
        Self(Any::pack(&message, M::TYPE_URL))
    }
}

impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_json(Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

fn is_known(type_url: &str) -> bool {
    register_types();
    buffa::any_registry::with_any_registry(|registry| {
        registry.is_some_and(|registry| registry.lookup(type_url).is_some())
    })
}

/// Makes the payload types known to buffa's JSON, once.
fn register_types() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let mut registry = TypeRegistry::new();
        generated::billing::v1::register_types(&mut registry);
        generated::kitchen::v1::register_types(&mut registry);
        generated::message::v1::register_types(&mut registry);
        generated::order::v1::register_types(&mut registry);
        generated::saga::v1::register_types(&mut registry);
        set_type_registry(registry);
    });
}

#[cfg(test)]
mod tests;
