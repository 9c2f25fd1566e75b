//! What follows from the catalogues of reasons: the page for client developers, the lists in the contracts' comments, and the
//! table of the TypeScript client.

mod comments;
mod page;
mod status;
mod table;

pub(crate) use comments::{PROTOS, refresh};
pub(crate) use page::refused_order;
pub use status::http_statuses;

/// The files: their paths below the root, and their contents.
pub(crate) fn files() -> Vec<(&'static str, String)> {
    vec![(page::PATH, page::page()), (table::PATH, table::table())]
}

#[cfg(test)]
mod tests;
