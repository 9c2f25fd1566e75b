//! A request's bytes become a message that is what the contract says, or all of its faults are told.

use buffa::DecodeOptions;
use bytes::Bytes;
use connectrpc::CodecFormat;
use rpc::{EdgeReason, RpcError};
use serde_json::Value;
use wire::WireMessage;
use wire::shape::{Shape, Shaped, faults};

/// The memory of the elements of a Protobuf request's lists. A few bytes on the wire become an element of a hundred in memory, so
/// that 1 MiB of them would need more than a function has; the shape, which bounds the lists, is looked at only after that.
const MAX_ELEMENT_BYTES: usize = 256 * 1024;

/// Reads a request. JSON is checked before it is decoded, so that its faults are told in the contract's words; Protobuf is
/// checked by its ProtoJSON.
///
/// # Errors
/// Bytes that are no such message, or a message beyond its limits.
pub(crate) fn decode<M: WireMessage + Shaped>(bytes: &Bytes, format: CodecFormat) -> Result<M, RpcError> {
    decode_as(bytes, format, M::SHAPE)
}

fn decode_as<M: WireMessage>(bytes: &Bytes, format: CodecFormat, shape: &Shape) -> Result<M, RpcError> {
    let no_json = |error| unreadable(&wire::fault(&error));
    if format == CodecFormat::Json {
        must_fit(&serde_json::from_slice(bytes).map_err(no_json)?, shape)?;
        return serde_json::from_slice(bytes).map_err(no_json);
    }
    let options = DecodeOptions::new().with_element_memory_limit(MAX_ELEMENT_BYTES);
    let message: M = options
        .decode_from_slice(bytes)
        .map_err(|_| unreadable("it is no Protobuf of this message, or has too much in it"))?;
    must_fit(&serde_json::to_value(&message).map_err(no_json)?, shape)?;
    Ok(message)
}

fn must_fit(request: &Value, shape: &Shape) -> Result<(), RpcError> {
    let faults = faults(request, shape);
    if faults.is_empty() { Ok(()) } else { Err(RpcError::Invalid(faults)) }
}

fn unreadable(why: &str) -> RpcError {
    RpcError::refused(EdgeReason::UnreadableRequest, format!("the request cannot be read: {why}"))
}

#[cfg(test)]
mod tests;
