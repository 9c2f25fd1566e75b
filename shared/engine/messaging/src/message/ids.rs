//! Identities are derived, never drawn: whoever repeats a piece of work arrives at the same identities.

use uuid::Uuid;

const NAMESPACE: Uuid = Uuid::from_u128(0x6f72_6465_722d_7361_6761_0000_0000_0001);

/// The event number `index` of the write that gives the item `key` its `version`.
pub fn event(key: &str, version: u64, index: usize) -> Uuid {
    derive(&["event", key, &version.to_string(), &index.to_string()])
}

/// The saga that an event starts.
pub fn saga(event: Uuid) -> Uuid {
    derive(&["saga", &event.to_string()])
}

/// The command that a saga sends to `handler`, however often it is repeated.
pub fn command(saga: Uuid, handler: &str) -> Uuid {
    derive(&["command", &saga.to_string(), handler])
}

/// The watchdog number `number` of a saga.
pub fn watchdog(saga: Uuid, number: u32) -> Uuid {
    derive(&["watchdog", &saga.to_string(), &number.to_string()])
}

/// The reply to a message.
pub fn reply(message: Uuid) -> Uuid {
    derive(&["reply", &message.to_string()])
}

/// The call of `rpc` by `subject` under an idempotency key.
pub fn request(subject: &str, rpc: &str, key: &str) -> Uuid {
    derive(&["request", subject, rpc, key])
}

/// The fingerprint of this content; it changes with any change to the content.
pub fn fingerprint(content: &[u8]) -> Uuid {
    Uuid::new_v5(&NAMESPACE, content)
}

/// A UUID derived from the parts; their lengths keep ("ab", "c") apart from ("a", "bc").
fn derive(parts: &[&str]) -> Uuid {
    let mut name = Vec::new();
    for part in parts {
        name.extend_from_slice(&(part.len() as u64).to_be_bytes());
        name.extend_from_slice(part.as_bytes());
    }
    Uuid::new_v5(&NAMESPACE, &name)
}

#[cfg(test)]
mod tests;
