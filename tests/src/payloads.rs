//! Payloads as whoever handles them reads them.

use std::sync::Once;

use anyhow::{Context, Result};
use buffa::type_registry::{TypeRegistry, set_type_registry};
use buffa_types::google::protobuf::Any;
use messaging::Payload;
use serde_json::Value;

/// The payload as any protobuf library reads it that knows the contracts: without the fields that its type does not have.
///
/// # Errors
/// A type that the contracts do not have, or content that does not fit it.
pub fn as_it_is_read(payload: &Payload) -> Result<Value> {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let mut types = TypeRegistry::new();
        contracts::billing::v1::register_types(&mut types);
        contracts::kitchen::v1::register_types(&mut types);
        contracts::order::v1::register_types(&mut types);
        set_type_registry(types);
    });
    let any: Any = serde_json::from_value(serde_json::to_value(payload)?)?;
    let read = serde_json::to_value(any)?;
    // What is not known is written as bytes.
    read.get("value").is_none().then_some(read).with_context(|| format!("{} is not known", payload.type_name()))
}
