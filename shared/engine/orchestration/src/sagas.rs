//! What both lanes know of sagas: the registry, how far a run has come, and what a refusing reply says.

mod catalog;
mod cursor;
mod entry;
mod fingerprint;
mod lane;
mod progress;
mod refusal;
mod registry;

pub use catalog::{Catalog, Listed, Number, Wanted};
pub(crate) use cursor::{Cursor, Place};
pub use entry::{Entry, EntryState};
pub use fingerprint::fingerprint;
pub use lane::Lane;
pub use progress::{ProgressState, SagaProgress, Sagas};
pub(crate) use progress::{in_order, in_time, log_unknown};
pub(crate) use refusal::refusal;
pub(crate) use registry::AnySaga;
pub use registry::Registry;
