//! What the operators' console calls, one RPC per file.

mod get_saga;
mod list_sagas;
mod shown;

pub use get_saga::GetSaga;
pub use list_sagas::ListSagas;

#[cfg(test)]
mod fixture;
