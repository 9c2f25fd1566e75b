//! The HTTP status of a refusal.

use rpc::{EdgeReason, Entry, Reason as _};

/// The reasons whose HTTP status is not that of their code, since HTTP has a closer word.
const OTHER_STATUS: [(EdgeReason, u16); 5] = [
    (EdgeReason::UnknownRpc, 404),
    (EdgeReason::MethodNotAllowed, 405),
    (EdgeReason::RequestTooLarge, 413),
    (EdgeReason::UnsupportedMediaType, 415),
    (EdgeReason::UnsupportedEncoding, 415),
];

/// The HTTP status of an answer that refuses with this reason; a reason that only a step gives has no status.
pub fn http_status(reason: &Entry) -> Option<u16> {
    let other = OTHER_STATUS.iter().find(|(other, _)| other.entry() == reason);
    other.map(|(_, status)| *status).or_else(|| reason.code.map(|code| code.http_status().as_u16()))
}
