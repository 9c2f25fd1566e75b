//! What follows from the catalogues of reasons: the page for client developers, the lists in the contracts' comments, and the
//! table of the TypeScript client.

mod comments;
mod page;
mod table;

use std::time::Duration;

use rpc::{EdgeReason, Entry, Reason as _, Retry};

pub(crate) use comments::{PROTOS, refresh};

/// The reasons whose HTTP status is not that of their code, since HTTP has a closer word.
pub const OTHER_STATUS: [(EdgeReason, u16); 5] = [
    (EdgeReason::UnknownRpc, 404),
    (EdgeReason::MethodNotAllowed, 405),
    (EdgeReason::RequestTooLarge, 413),
    (EdgeReason::UnsupportedMediaType, 415),
    (EdgeReason::UnsupportedEncoding, 415),
];

/// The files: their paths below the root, and their contents.
pub(crate) fn files() -> Vec<(&'static str, String)> {
    vec![(page::PATH, page::page()), (table::PATH, table::table())]
}

/// The HTTP status of an answer that refuses with this reason; a reason that only a step gives has no status.
pub fn http_status(reason: &Entry) -> Option<u16> {
    let other = OTHER_STATUS.iter().find(|(other, _)| other.entry() == reason);
    other.map(|(_, status)| *status).or_else(|| reason.code.map(|code| code.http_status().as_u16()))
}

/// A delay that is told in whole milliseconds.
fn milliseconds(retry: Retry) -> Option<u128> {
    match retry {
        Retry::After(delay) => Some(Duration::as_millis(&delay)),
        Retry::Never | Retry::WithNewToken => None,
    }
}

#[cfg(test)]
mod tests;
