//! The HTTP statuses of a refusal.

use rpc::{EdgeReason, Entry, Reason as _};

/// The reasons whose HTTP status is not that of their code alone, since HTTP has a closer word.
const OTHER_STATUS: [(EdgeReason, &[u16]); 6] = [
    (EdgeReason::UnknownRpc, &[404]),
    (EdgeReason::MethodNotAllowed, &[405]),
    (EdgeReason::RequestTooLarge, &[413]),
    (EdgeReason::UnsupportedMediaType, &[415]),
    (EdgeReason::UnsupportedEncoding, &[415]),
    // Whose time is over: the caller's or the function's.
    (EdgeReason::DeadlineExceeded, &[499, 504]),
];

/// The HTTP statuses of the answers that refuse with this reason; a reason that only a step gives has no status.
pub fn http_statuses(reason: &Entry) -> Vec<u16> {
    let other = OTHER_STATUS.iter().find(|(other, _)| other.entry() == reason);
    let of_code = || reason.code.map(|code| code.http_status().as_u16()).into_iter().collect();
    other.map_or_else(of_code, |(_, statuses)| statuses.to_vec())
}
