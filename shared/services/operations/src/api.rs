//! What the operators' console calls, one RPC per file.

mod describe_saga;
mod get_saga;
mod list_sagas;
mod shown;

pub use describe_saga::DescribeSaga;
pub use get_saga::GetSaga;
pub use list_sagas::ListSagas;

#[cfg(test)]
mod fixture;
