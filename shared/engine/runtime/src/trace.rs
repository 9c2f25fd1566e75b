//! The W3C trace context of a call, which the messages of its saga carry on.

use http::HeaderMap;

/// The call's `traceparent`, or what X-Ray's header says in that form; empty when there is neither.
pub(crate) fn trace_parent(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(parent) = text("traceparent").filter(|parent| is_trace_parent(parent)) {
        return parent.to_owned();
    }
    text("x-amzn-trace-id").and_then(from_xray).unwrap_or_default()
}

/// `00-<32 hex>-<16 hex>-<2 hex>`.
fn is_trace_parent(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let hex = |part: &str, length: usize| {
        part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    matches!(parts.as_slice(), ["00", trace, parent, flags] if hex(trace, 32) && hex(parent, 16) && hex(flags, 2))
}

/// `Root=1-<8 hex>-<24 hex>;Parent=<16 hex>;Sampled=1`, where Parent may be missing.
fn from_xray(header: &str) -> Option<String> {
    let field = |name: &str| header.split(';').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
    let (time, unique) = field("Root")?.strip_prefix("1-")?.split_once('-')?;
    // Without a parent the trace's own identity stands in, as W3C wants a parent that is not zero.
    let parent = field("Parent").or_else(|| unique.get(..16))?;
    let flags = if field("Sampled") == Some("1") { "01" } else { "00" };
    Some(format!("00-{time}{unique}-{parent}-{flags}")).filter(|parent| is_trace_parent(parent))
}

#[cfg(test)]
mod tests;
